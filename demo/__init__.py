"""Two pretend platforms on loopback, for the demo, tests and benchmarks."""
