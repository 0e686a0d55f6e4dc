"""Studies: many runs for one question, a room each.

- :mod:`~partition.studies.comparing`: plans side by side, and how each ages.
- :mod:`~partition.studies.sweeping`: what becomes of the best plan as a weight or a limit changes.
- :mod:`~partition.studies.nearby`: what is proven of the plans around one: which units all good
  plans agree on, other plans as good, who would want to switch.
- :mod:`~partition.studies.exits`: who follows a nation that leaves, round by round.
- :mod:`~partition.studies.swings`: the best plans of votes that swing, and which units decide.

:mod:`~partition.studies.running` finds and makes the runs of all of them. What their tables and
pages have in common stands beside the rooms.
"""
