"""Graphs as arrays, and the compiled loops on them."""
