"""Every figure of a report, recounted from the plan and the data.

Formulas are those of the docstrings in :mod:`partition.metrics`, written anew: whole numbers and
fractions as far as they go, and sums whose rounding is bounded
(:mod:`partition.verify.agreement`).
"""

from partition.verify.figures.ground import Ground
from partition.verify.figures.report import main_figures, report_figures

__all__ = ["Ground", "main_figures", "report_figures"]
