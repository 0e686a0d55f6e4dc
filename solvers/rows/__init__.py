"""The families of rows that hold for every plan, and when each of them is valid.

Every row reads ``sum(coefficients * variables) <= limit`` and states a claim from which anybody
can derive it anew; the claims are what a certificate holds. Below, *z* is a unit's share in the
part that the row speaks of: ``x`` for part 1 and ``1 - x`` for part 0; *k* is the most pieces that
the part may have, and *r* marks the founders of further pieces where *k* is 2 or more.

separator
    ``z[a] <= sum(z[S]) + sum(r[W])`` where the units *S* separate *a*, and all units *W* on its
    side, from every root of the part: needs *k* >= 1 and at least one of the roots in the part. A
    piece that reaches *a* crosses *S*, or has its founder in *W*. For *k* = 1 this is the
    node-separator inequality of the maximum-weight connected subgraph polytope [1]_.
joint
    ``sum(z[a_i]) <= sum(u_v * z[v]) + sum(r[W_i])`` for several units *a_i* in sets *W_i* at once;
    needs the same as separators; see :mod:`solvers.rows.joint_separation`.
chain
    ``2 z[a] <= sum(z[first] + z[last] + sum(y[edges])) + 2 sum(r[W])``, summed over chains: walks
    along edges with a cost whose units together separate *a*, and all units *W* on its side, from
    every root; needs the same as separators; see :mod:`solvers.rows.chain_separation`.
face
    ``x[a1] - x[b1] + x[a2] - x[b2] + ... <= k_0 + k_1 - 1`` for units that alternate around a
    face: needs a planar graph and both parts limited. Pieces of both parts that alternate around a
    face cannot cross outside it. (Summed over the best alternation it says that the colours change
    at most ``2 (k_0 + k_1 - 1)`` times around the face.)
turn
    ``sum(y[edges]) <= 2 (k_0 + k_1 - 1)`` for the edges around a face, with ``x[i] - x[j]`` or its
    negative for an edge without a cost: what all alternations around the face say at once; needs
    the same as they.
leaf
    ``2 z[a] <= sum(z[neighbours of a])`` where *a* loses in the part: needs *a* free, tied to
    nobody and with two neighbours or more, and neither costs nor budgets. Where *a* hangs on
    its part by one neighbour only, or by none, it would better change sides, which tears nothing.
    The rows hold for every optimal plan, not for every plan.
apart
    ``sum(z[a_0], ..., z[a_k]) <= k + sum(z[S])`` for *k* + 1 units of one landmass that *S*
    separates from each other: needs *k* >= 1 and nothing else.
cut
    ``x[i] - x[j] <= y[i, j]`` and its mirror, ``y[i, j] <= x[i] + x[j]`` and its mirror define the
    variable of an edge or link with a cost: 1 where it is cut, otherwise 0.
tie
    ``x[i] <= x[j]`` and its mirror hold for two units of one group.
budget
    ``sum(amounts * x) - s <= upper`` and ``-sum(amounts * x) - s <= -lower``.
seeds
    ``sum(r) <= k - 1``: needs a root in the part, whose own piece has no founder.
seed, peak
    ``r[u] <= z[u]``, and ``r[u] + z[v] <= 1`` for neighbours where *v* ranks above *u*: the founder
    of a piece is the unit that gains most in it.

References
----------
.. [1] E. Alvarez-Miranda, I. Ljubic, P. Mutzel, "The maximum weight connected subgraph problem",
   Facets of Combinatorial Optimization, Springer 2013, doi:10.1007/978-3-642-38189-8_11
"""
