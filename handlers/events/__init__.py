"""One listener per event that brings no words."""
