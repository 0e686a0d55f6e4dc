"""The commands of ``partition``, one module for each; :mod:`partition.cli` puts them together."""
