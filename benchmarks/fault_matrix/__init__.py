"""Does any trouble of a platform make a living post ``deleted``? See `__main__`."""
