"""The acts of the demo, one file each."""
