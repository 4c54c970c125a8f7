"""What is kept: WARC segments, ledger, catalogue. Knows no platform."""
