"""Memory of processes that belong together: a library counts once, all else for each."""

from collections import Counter

from benchmarks.load.memory import added_up, resident_kb

MAPS = """\
55e0-55f0 r-xp 00000000 08:01 42                 /usr/bin/python3.11
Rss:                 300 kB
Anonymous:             0 kB
55f0-5600 rw-p 00010000 08:01 42                 /usr/bin/python3.11
Rss:                  50 kB
Anonymous:            40 kB
7f00-7f10 rw-p 00000000 00:00 0                  [heap]
Rss:                 700 kB
Anonymous:           700 kB
7f10-7f20 rw-s 00000000 00:00 0
Rss:                   8 kB
Anonymous:             0 kB
"""


def test_of_a_file_what_was_not_changed_is_the_files() -> None:
    assert added_up(MAPS) == (40 + 700 + 8, Counter({"/usr/bin/python3.11": 310}))


def test_a_process_that_has_gone_has_nothing() -> None:
    assert resident_kb([2**31 - 1]) == 0
