"""Exits: who follows a nation that leaves, round by round.

- :mod:`~partition.studies.exits.cascade`: asks; :mod:`~partition.studies.exits.cascaded` is the
  answer, with its tables, words and page beside it, and
  :mod:`~partition.studies.exits.distance` holds any plan against the best line.
- :mod:`~partition.studies.exits.rules`: when a unit follows.
- :mod:`~partition.studies.exits.ground`: the land, and what of it moves as a whole.
- :mod:`~partition.studies.exits.obstacles`: what a move would tear or shut in.
- :mod:`~partition.studies.exits.course`: the rounds.
- :mod:`~partition.studies.exits.endings`: how the end depends on the threshold, exactly.
"""
