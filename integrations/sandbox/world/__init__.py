"""Worlds: what the stand-ins hold, read from a file, changed while they run."""
