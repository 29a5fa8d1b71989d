"""What all tests share."""

from hypothesis import settings

# The same examples in every run, and no verdict by the wall clock of a busy machine.
settings.register_profile("ours", deadline=None, derandomize=True, database=None)
settings.load_profile("ours")
