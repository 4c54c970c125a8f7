"""Instagram, read through instaloader."""
