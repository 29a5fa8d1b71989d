"""What several benchmarks need: processes beside them, snapshots that are made, many customers."""
