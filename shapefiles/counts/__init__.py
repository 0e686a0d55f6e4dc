"""Votes as whole numbers, and everything that can be wrong with them."""
