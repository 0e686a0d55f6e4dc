"""Studies: many runs for one question.

- :mod:`~partition.studies.compare`: plans side by side, and how each ages under other elections.
- :mod:`~partition.studies.sweep`: what becomes of the best plan as one weight or limit changes.
- :mod:`~partition.studies.robust`: which units all good plans give to the same nation.
- :mod:`~partition.studies.alternative`: plans near the best that differ from each other.
- :mod:`~partition.studies.stable`: which groups of units would gain in the other nation.
- :mod:`~partition.studies.cascade`: who follows a nation that leaves, round by round.
- :mod:`~partition.studies.swing`: the best plans of votes that swing, and which units decide.

The runs of a study are independent: :mod:`~partition.studies.spread` spreads them over processes or
a cluster, and :mod:`~partition.studies.finished` recognises those that are finished and whole.
"""
