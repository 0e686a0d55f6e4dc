"""Formats of files: polygons, tables of votes, archives, graphs, and how they are written."""
