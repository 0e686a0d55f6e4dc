"""Sweeping: what becomes of the best plan as a weight or a limit changes.

- :mod:`~partition.studies.sweeping.sweep`: asks, and is the answer.
- :mod:`~partition.studies.sweeping.axis`, :mod:`~partition.studies.sweeping.grid`: given values;
  :mod:`~partition.studies.sweeping.adaptive`: where the best plan may change;
  :mod:`~partition.studies.sweeping.breakpoints`: where it does, exactly.
- :mod:`~partition.studies.sweeping.lines`, :mod:`~partition.studies.sweeping.region`,
  :mod:`~partition.studies.sweeping.proofs`: what is proven of all weights.
- :mod:`~partition.studies.sweeping.sides`: the frontier between the two sides.
"""
