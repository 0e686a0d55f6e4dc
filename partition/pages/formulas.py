"""The formula of a measure and where it comes from, read from the function that computes it.

So there is one place for each formula, and what a report prints cannot differ from it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_MATH = r"(?m:^)\.\. math::(?P<math>.*(?:\n(?: +.*)?)*?)(?=\n\n\S|\Z)"
"""A formula, on the line of its directive or indented below it."""


@dataclass(frozen=True, slots=True)
class Formula:
    """What a measure is.

    Parameters
    ----------
    summary
        One sentence.
    math
        The formula, in TeX.
    explanation
        What its letters mean, and what else to know; Markdown.
    sources
        Publications.
    """

    summary: str
    math: str
    explanation: str
    sources: tuple[str, ...]

    def to_markdown(self) -> str:
        """Write it down as a few paragraphs."""
        parts = [self.summary, f"```math\n{self.math}\n```", self.explanation]
        if self.sources:
            parts.append("\n".join(f"- {source}" for source in self.sources))
        return "\n\n".join(filter(None, parts))


def formula(function: Callable[..., Any], links: Mapping[str, str] | None = None) -> Formula | None:
    r"""Read the formula of a metric from its docstring.

    Parameters
    ----------
    function
        One of :mod:`partition.metrics`.
    links
        Markdown that stands for other functions, by their names.

    Returns
    -------
    Formula or None
        None for a function without a formula, and where Python runs without docstrings.

    Examples
    --------
    >>> from partition.metrics import polsby_popper
    >>> formula(polsby_popper).math
    '\\frac{4 \\pi A}{P^2}'
    """
    text = inspect.getdoc(function) or ""
    found = re.search(_MATH, text)
    if found is None:
        return None
    before, _, after = text.partition(found.group(0))
    rest, *sections = re.split(r"\n\n(?=\w[\w ]*\n-{3,}\n)", after)
    references = next((one for one in sections if one.startswith("References\n")), "")
    return Formula(
        summary=_to_markdown(before.strip().split("\n\n")[0], links or {}),
        math=" ".join(found.group("math").split()),
        explanation="\n\n".join(
            _to_markdown(paragraph, links or {})
            for paragraph in rest.strip().split("\n\n")
            if paragraph
        ),
        sources=tuple(
            " ".join(one.split()) for one in re.split(r"\n\.\. \[\d+\] ", references)[1:]
        ),
    )


def _to_markdown(text: str, links: Mapping[str, str]) -> str:
    """Turn the marks of a docstring into Markdown."""

    def name(found: re.Match[str]) -> str:
        own = found.group(1)
        return links.get(own, f"*{own.replace('_', ' ')}*")

    text = re.sub(r" ?\[\d+\]_", "", " ".join(text.split()))
    text = re.sub(r":math:`([^`]*)`", r"$\1$", text)
    return re.sub(r":\w+:`([^`]*)`", name, text)
