"""A pretend Instagram: www.instagram.com and i.instagram.com."""
