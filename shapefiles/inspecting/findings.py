"""What an inspection found, as data, as JSON and as one page of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any

from shapefiles.errors import DataError, counted, shown
from shapefiles.mapfiles import MapFiles
from shapefiles.own.drawn import Drawn
from shapefiles.own.repair import BORDER_KINDS

SCHEMA_VERSION = 1
"""Version of the layout of the JSON; raised when a reader of the old one would go wrong."""

MAX_EXAMPLES = 20
"""Examples of a finding that the JSON lists."""

_MARKS = {"error": "✗", "warning": "!", "note": "·"}
_LINE = 100


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """One thing worth knowing before a solve.

    Parameters
    ----------
    severity
        ``error``: reading refuses it as it is; ``warning``: look at it; ``note``: good to know.
    kind
        Short name for programs, such as ``overlap``.
    count
        How many units, rows or pairs it concerns.
    text
        One sentence.
    examples
        The first :data:`MAX_EXAMPLES` at most; of borders that a repair changes all of them.
    remedy
        What to do, if anything is known.
    """

    severity: str
    kind: str
    count: int
    text: str
    examples: tuple[str, ...] = ()
    remedy: str = ""

    def __repr__(self) -> str:
        return f"<Finding: {self.severity} {self.kind!r}, {self.count:,}: {shown(self.text, 300)}>"

    def to_dict(self) -> dict[str, Any]:
        """State the finding as plain values."""
        most = None if self.is_whole else MAX_EXAMPLES
        return {**asdict(self), "examples": list(self.examples[:most])}

    @property
    def is_whole(self) -> bool:
        """Whether every example is told, for each changes what the best plan may be."""
        return self.kind.removeprefix("settled: ") in BORDER_KINDS


@dataclass(frozen=True, slots=True, repr=False)
class Inspection:
    """Everything that can be told about the files of a map before a solve.

    Parameters
    ----------
    files
        For each file its path, format, rows, columns and so on.
    figures
        Sums and counts by name, plain values.
    findings
        What was found, errors first.
    crossings
        The shortest crossings that would make one landmass of the units: two ids and the metres
        between them. None where ids or polygons cannot be used as they are.
    asked
        Files and columns that were inspected, those that were guessed as well.
    command
        What solves the map, ready to paste; empty where something stands in the way.
    drawn
        The polygons of the units as they are measured, where there are any.
    """

    files: tuple[Mapping[str, Any], ...]
    figures: Mapping[str, Any]
    findings: tuple[Finding, ...]
    crossings: tuple[tuple[str, str, float], ...] | None = None
    asked: MapFiles | None = field(default=None, compare=False)
    command: str = ""
    drawn: Drawn | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        rank = list(_MARKS)
        ordered = sorted(self.findings, key=lambda one: rank.index(one.severity))
        object.__setattr__(self, "findings", tuple(ordered))
        object.__setattr__(self, "figures", MappingProxyType(dict(self.figures)))

    def __repr__(self) -> str:
        names = " and ".join(shown(Path(one["path"]).name, 80) for one in self.files)
        numbers = (
            counted(sum(one.severity == severity for one in self.findings), severity)
            for severity in _MARKS
        )
        return f"<Inspection of {names}: {', '.join(numbers)}; print it to read them>"

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.text())}</pre>"

    @property
    def has_errors(self) -> bool:
        """Whether reading would refuse the files as they are."""
        return any(one.severity == "error" for one in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """State everything as plain values, ready for JSON."""
        return {
            "schema_version": SCHEMA_VERSION,
            "ok": not self.has_errors,
            "files": [dict(one) for one in self.files],
            "figures": dict(self.figures),
            "findings": [one.to_dict() for one in self.findings],
            "solve": self.command or None,
        }

    def text(self) -> str:
        """Write one page for a person: files, figures, findings."""
        lines = []
        for one in self.files:
            facts = ", ".join(
                _cut(str(one[key])) for key in ("format", "layer", "crs") if one.get(key)
            )
            lines.append(f"{one['path']}: {one['rows']:,} rows, {facts}")
            lines += _wrapped("  columns: ", [str(name) for name in one["columns"]])
        lines.append("")
        width = max((len(name) for name in self.figures), default=0)
        for name, value in self.figures.items():
            lines.append(f"{name.replace('_', ' '):<{width}}  {_said(value)}")
        lines.append("")
        for finding in self.findings:
            lines += _paragraph(finding)
        n_errors = sum(one.severity == "error" for one in self.findings)
        lines.append(
            f"{n_errors} {'thing' if n_errors == 1 else 'things'} to mend before these can be read."
            if n_errors
            else "Nothing stands in the way of reading these."
        )
        if self.command:
            lines += ["", "To solve it:", f"  {self.command}"]
        printable = ("".join(c if c.isprintable() else "?" for c in line) for line in lines)
        return "\n".join(printable) + "\n"


@contextmanager
def refusals(findings: list[Finding], kind: str) -> Iterator[None]:
    """Report what a step of reading refuses, and go on after it.

    Examples
    --------
    >>> found = []
    >>> with refusals(found, "column"):
    ...     raise DataError("There is no such column.")
    >>> found[0].severity, found[0].kind, found[0].text
    ('error', 'column', 'There is no such column.')
    """
    try:
        yield
    except DataError as error:
        findings.append(Finding("error", kind, 1, str(error)))


def _cut(text: str) -> str:
    """Keep the beginning of a name, of a reference system say, that would fill the page."""
    return text if len(text) <= _LINE else f"{text[: _LINE - 1]}…"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "not known"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.1f}"
    if isinstance(value, list | tuple):
        return ", ".join(_said(one) for one in value[:8]) + (" ..." if len(value) > 8 else "")
    return str(value)


def _paragraph(finding: Finding) -> list[str]:
    lines = _wrapped(f"{_MARKS[finding.severity]} ", finding.text.split(), joint=" ")
    if finding.examples:
        shown = list(finding.examples[: None if finding.is_whole else 3])
        more = finding.count - len(shown)
        lines += [f"    {one[: _LINE - 4]}" for one in shown]
        lines += [f"    and {more:,} more"] if more > 0 else []
    if finding.remedy:
        lines += _wrapped("    → ", finding.remedy.split(), joint=" ")
    return lines


def _wrapped(start: str, parts: list[str], joint: str = ", ") -> list[str]:
    """Break a list of words into at most three lines."""
    lines = [start]
    for number, part in enumerate(parts):
        text = part if len(part) <= _LINE else f"{part[: _LINE - 1]}…"
        piece = text + (joint if number < len(parts) - 1 else "")
        if len(lines[-1]) + len(piece) > _LINE and lines[-1].strip():
            if len(lines) == 3:
                lines[-1] += "..."
                break
            lines.append(" " * len(start))
        lines[-1] += piece
    return [line.rstrip() for line in lines]
