"""The search for good plans."""
