"""What platforms say. Knows no database and no WARC."""
