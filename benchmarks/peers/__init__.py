"""The same problem, the same seconds: this package against other ways to solve it.

- :mod:`peers.instances` makes the problems, :mod:`peers.roots` what rooted models are given.
- :mod:`peers.roster` lists who takes part.
- :mod:`peers.entrant` is the process of one peer, :mod:`peers.race` starts it and ends it.
- :mod:`peers.referee` rechecks every plan, :mod:`peers.table` keeps and prints the results.
- :mod:`peers.own`, :mod:`peers.chains` (GerryChain) and :mod:`peers.regions` (spopt) run those
  packages; :mod:`peers.flow_models` and :mod:`peers.tree_model` state the problem as a
  :class:`peers.linear_model.LinearModel`, which :mod:`peers.cp_sat` and :mod:`peers.scip` solve.
"""
