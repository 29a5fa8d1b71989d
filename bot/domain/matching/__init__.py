"""The two matching kernels: cost codes to accounts and items, and duplicate parties."""
