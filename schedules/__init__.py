"""When things are asked. Nothing here knows the rest of the house."""
