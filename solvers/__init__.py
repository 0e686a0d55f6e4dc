"""Mathematics: the best partition of a graph into two parts, and a bound on all of them.

A :class:`~solvers.problem.Problem` states in whole numbers what each unit gains in either part,
what cut edges cost, and what every :class:`~solvers.plan.Plan` must meet;
:func:`solvers.solve.solve` hands back a :class:`~solvers.result.Result`: the best plan found, how
good it is, and how good any plan could be. Nothing here knows a county or a party.

- :mod:`solvers.graphs`: graphs as arrays, walks around faces, flows, and compiled loops.
- :mod:`solvers.rows`: families of inequalities, when each of them is valid, and how violated ones
  are found.
- :mod:`solvers.exact`: bounds that fall: the relaxation, cuts, nodes, and certificates.
- :mod:`solvers.primal`: plans that rise: ruin and recreate, windows, exact balls.
- :mod:`solvers.parametric` finds every best plan along a weight, and :mod:`solvers.robustness` what
  all good plans have in common.
- :mod:`solvers.switching` finds the groups of units that would gain in the other part.
"""
