"""What changed in a post: when it is a new version, and how it differs."""
