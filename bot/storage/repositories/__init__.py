"""One repository for each part of ``ports.Transaction``; they share one connection."""
