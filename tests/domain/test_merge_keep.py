"""Which record of a group is kept where Procore leaves no choice (rule P2)."""

import itertools

from bot.domain.matching.duplicates import find_duplicates
from integrations.procore.rows import vendor

NAMES = ("Kowalski Plumbing Pty Ltd", "Kowalski Plumbing P/L", "KOWALSKI PLUMBING")
LINKS = ({"is_connected": True}, {"synced_to_erp": True, "project_ids": list(range(9))}, {})


def test_a_connected_record_is_kept_before_a_synced_one_and_that_before_any_other():
    for links in itertools.permutations(LINKS):
        rows = [{"id": n, "name": NAMES[n], **link} for n, link in enumerate(links)]
        (group,) = find_duplicates([vendor(row) for row in rows]).groups
        assert group.keep == str(links.index(LINKS[0]))
        rest = [vendor(row) for row in rows if str(row["id"]) != group.keep]
        (group,) = find_duplicates(rest).groups
        assert group.keep == str(links.index(LINKS[1]))
