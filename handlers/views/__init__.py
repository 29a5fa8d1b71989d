"""One listener per submitted modal."""
