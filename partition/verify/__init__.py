"""Verify a run: recount its plan, check its certificate, and say what is proven.

This is code to be read by somebody who does not believe the solver. It shares no routine with the
rest of the program, rests on no floating point, and takes nothing of a certificate
for granted. In order:

1. :mod:`partition.verify.instance`: the plan meets every constraint, its objective is added up
   anew, and units that must stay together are contracted.
2. :mod:`partition.verify.rows`: every row is one that its family allows; its coefficients are
   derived from what it claims.
3. :mod:`partition.verify.tree`: every bound is added up in whole numbers, the leaves of each tree
   cover all plans.
4. :mod:`partition.verify.data`: votes and edges are those of the data that come with the program,
   or of the files of a map of one's own, where these are at hand; :mod:`partition.verify.question`
   states the scenario's problem from them anew.
5. :mod:`partition.verify.answer` and :mod:`partition.verify.figures`: every field of ``run.json``
   and every figure of ``report.json`` is counted again from the plan and the data.

The solver's part is to find multipliers: non-negative numbers by which valid rows are added up.
Their sum ``sum(rest * x) <= total`` holds for every plan, whoever chose them; so no plan in a node
is worth more than ``total`` plus what the units may still add. Rows called leaf hold for optimal
plans only, which is enough to bound the optimum.
"""

from partition.verify.bundle import verify
from partition.verify.checking import check
from partition.verify.confirmation import Confirmation, Verdict

__all__ = ["Confirmation", "Verdict", "check", "verify"]
