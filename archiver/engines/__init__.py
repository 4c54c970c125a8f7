"""Engines: the client libraries, renewed beside the program and taken back."""
