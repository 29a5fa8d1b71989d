"""One listener per button or menu."""
