"""Nearby: what is proven of the plans around one.

- :mod:`~partition.studies.nearby.robust`: which units all good plans give to the same nation;
  :mod:`~partition.studies.nearby.robustness` is the answer.
- :mod:`~partition.studies.nearby.alternative`: plans near the best that differ from each other;
  :mod:`~partition.studies.nearby.alternatives` is the answer.
- :mod:`~partition.studies.nearby.stable`: which groups of units would gain in the other nation;
  :mod:`~partition.studies.nearby.stability` is the answer.
"""
