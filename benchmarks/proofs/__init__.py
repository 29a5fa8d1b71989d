"""Trials against clients and servers that we did not write; docs/proofs.md says what was seen."""
