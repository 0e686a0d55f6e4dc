"""A map of one's own: read, joined to its votes, and mended where that was asked for."""
