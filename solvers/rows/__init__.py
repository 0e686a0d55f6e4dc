"""The families of rows that hold for every plan, and when each of them is valid.

Every row reads ``sum(coefficients * variables) <= limit`` and states a claim from which anybody
can derive it anew; the claims are what a certificate holds. In the families' modules, *z* is a
unit's share in the part that the row speaks of: ``x`` for part 1 and ``1 - x`` for part 0; *k* is
the most pieces that the part may have, and *r* marks the founders of further pieces where *k* is 2
or more.

A family is one module, with a subclass of :class:`solvers.rows.family.Family`, and an entry in
:data:`solvers.rows.families.FAMILIES`; ``docs/families.md`` shows how to add one.

========== ============================================ ====================================
kind       module                                       what it says
========== ============================================ ====================================
separator  :mod:`~solvers.rows.separators`              who is behind a wall holds a unit of it
joint      :mod:`~solvers.rows.joints`                  several separators, no unit counted twice
potential  :mod:`~solvers.rows.potentials`              what many units owe for being connected
chain      :mod:`~solvers.rows.chains`                  who passes a wall cuts it in two places
face       :mod:`~solvers.rows.alternations`            parts cannot alternate around a face
zone       :mod:`~solvers.rows.zones`                   ... nor around many of them behind a wall
turn       :mod:`~solvers.rows.turns`                   the same, edge by edge
circuit    :mod:`~solvers.rows.circuits`                what a frontier of balanced parts costs
leaf       :mod:`~solvers.rows.leaves`                  none hangs on a part that it loses in
apart      :mod:`~solvers.rows.apart`                   too many units, kept from each other
cut        :mod:`~solvers.rows.cut_edges`               what it means that an edge is cut
tie        :mod:`~solvers.rows.ties`                    units of a group lie together
span       :mod:`~solvers.rows.spans`                   a unit lies between two others
budget     :mod:`~solvers.rows.budgets`                 limits on what part 1 holds
seeds      :mod:`~solvers.rows.seeds`                   how many further pieces there are
seed       :mod:`~solvers.rows.founders`                a founder is in its part
peak       :mod:`~solvers.rows.peaks`                   ... and gains most in its piece
========== ============================================ ====================================
"""
