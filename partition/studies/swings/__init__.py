"""Swings: the best plans of votes that swing, and which units decide.

- :mod:`~partition.studies.swings.swing`: solves a scenario for many swings.
- :mod:`~partition.studies.swings.swings`: what comes of it;
  :mod:`~partition.studies.swings.swing_page`: its page.
"""
