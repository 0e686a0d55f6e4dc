"""The exact search on many processes: one that has the tree, and workers that take its cases."""
