"""What texts are made of: every character but halves of surrogate pairs.

`st.text()` means the same by default, and works out for seconds, in each process of a fresh clone,
which characters UTF-8 can write.
"""

from hypothesis import strategies as st

CHARACTERS = st.characters(exclude_categories=["Cs"])
