"""The company that is read: the demo world's large one, far away."""

import os

COMPANY, BUILDER = "8092", "jack@darwin.example"
REALM, BOOKKEEPER = "4620816365000000004", "mei@darwin.example"
LATENCY = float(os.environ.get("READS_LATENCY", "0.2"))
"""Seconds that every answer takes longer than it would."""
