"""One file, one requirement: each module holds a ``REQUIREMENT`` that the catalogue finds."""
