"""A run from question to answer: made, written to a folder, read back and exported."""
