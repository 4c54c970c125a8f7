"""A pretend TikTok."""
