"""Comparing: plans side by side, and how they age.

- :mod:`~partition.studies.comparing.compare`: asks.
- :mod:`~partition.studies.comparing.comparison`: the answer.
"""
