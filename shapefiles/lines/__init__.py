"""Boundaries as vertices and segments: which coincide, and how near is near."""
