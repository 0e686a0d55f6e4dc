"""The scenarios that come with the package, as a table to read and a mapping to take them from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from partition.scenario.page import Scenario, shipped_names


class Catalogue(Mapping[str, Scenario]):
    """The shipped scenarios by name, the default one first.

    Examples
    --------
    >>> catalogue = scenarios()
    >>> catalogue["calexit"].description
    'California leaves as a whole, and everybody else stays together.'
    >>> len(catalogue), "counties" in catalogue
    (11, True)
    """

    def __getitem__(self, name: str) -> Scenario:
        if name not in shipped_names():
            raise KeyError(name)
        return Scenario.shipped(name)

    def __iter__(self) -> Iterator[str]:
        return iter(shipped_names())

    def __len__(self) -> int:
        return len(shipped_names())

    def lines(self) -> Iterator[str]:
        """Write a line a scenario: its name and what it asks."""
        width = max(map(len, self))
        for name, scenario in self.items():
            yield f"{name:<{width}}  {scenario.description}"

    def __repr__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        left = 'style="text-align: left"'
        rows = (
            f"<tr><th {left}>{escape(name)}</th><td {left}>{escape(one.description)}</td></tr>"
            for name, one in self.items()
        )
        return f"<table><tbody>{''.join(rows)}</tbody></table>"


def scenarios() -> Catalogue:
    """List the scenarios that come with the package.

    Returns
    -------
    Catalogue
        A mapping of names to scenarios, which shows itself as a table.

    Examples
    --------
    >>> print(scenarios())  # doctest: +ELLIPSIS
    counties           Every county joins a blue or a red nation...
    """
    return Catalogue()
