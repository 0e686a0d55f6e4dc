"""The report: every metric of one plan, measured from the plan itself.

- :func:`measure` makes a :class:`Report`, of the figures in :mod:`~partition.answer.figures`.
- :mod:`~partition.pages.text` writes it as a page to read, :mod:`~partition.answer.document` as
  exact values.
"""

from partition.answer.figures import Division, Report, Tally
from partition.answer.measuring import measure

__all__ = ["Division", "Report", "Tally", "measure"]
