"""A pretend Instagram."""
