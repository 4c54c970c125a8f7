"""Measures jejak against its goals, as ratios in one run."""
