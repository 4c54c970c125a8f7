"""The catalogue: one file per subject, every query and every write."""
