"""The matching kernels measured on data made here: see README.md beside this file."""
