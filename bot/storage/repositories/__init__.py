"""One repository for each part of ``ports.Transaction``; all of one transaction share a session."""
