"""Swings: the best plans of votes that swing, or of several elections, and which units decide.

- :mod:`~partition.studies.swings.swing`: solves a scenario for many electorates
  (:mod:`~partition.studies.swings.electorate`).
- :mod:`~partition.studies.swings.swings`: what comes of it;
  :mod:`~partition.studies.swings.swing_page`: its page,
  :mod:`~partition.studies.swings.swing_words`: its sentences.
- :mod:`~partition.studies.swings.ageing`: what a plan for one election gives up under another.
"""
