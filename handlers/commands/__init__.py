"""One listener per word of the grammar."""
