"""The report: every metric of one plan, measured from the plan itself.

- :func:`measure` makes a :class:`Report`, of the figures in :mod:`~partition.report.figures`.
- :mod:`~partition.report.text` writes it as a page to read, :mod:`~partition.report.document` as
  exact values.
"""

from partition.report.figures import Division, Report, Tally
from partition.report.measuring import measure

__all__ = ["Division", "Report", "Tally", "measure"]
