"""A sweep as a page of Markdown to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from partition.studies.sweeping.axis import plain
from partition.studies.sweeping.sides import sentences
from partition.studies.table import Column, Row, known, markdown_rows, plan_columns, share
from shapefiles.table_writing import markdown_text

if TYPE_CHECKING:
    from partition.studies.sweeping.sweep import Sweep

ALL = "Every best plan of the range, {:,} of them; all are proven."
"""What is said where nothing was sampled."""


def sweep_markdown(sweep: Sweep) -> str:
    """Write the points of a sweep, and what is proven between them, as a page to read."""
    blocks = [f"# {markdown_text(sweep.scenario.title)}: a sweep\n"]
    blocks += [f"**{markdown_text(sweep.missing)}**\n"] if sweep.missing else []
    said = [sweep.scenario.description]
    said += [ALL.format(len(sweep.rows))] if sweep.is_exact else []
    said += [] if sweep.region is None else [sweep.region.text]
    said += sentences(sweep.fair, sweep.rows)
    blocks += [f"{markdown_text(one)}\n" for one in said if one]
    *figures, (quality, _) = plan_columns(sweep.ballot, sweep.rows)
    columns = (
        *((axis.short, _stretch(axis.key)) for axis in sweep.axes),
        *known(figures, sweep.rows),
        *known([(quality, lambda one: str(one.get("quality", "-")))], sweep.rows),
        *(_sides(sweep) if sweep.fair else ()),
    )
    blocks += [markdown_rows(columns, sweep.rows)]
    blocks += [f"{markdown_text(f'{one.label}: {one.message}')}\n" for one in sweep.failures]
    return "\n".join(blocks)


def _sides(sweep: Sweep) -> tuple[Column, ...]:
    """Say what each side has, where the sides are what changes."""
    names = zip(sweep.ballot.sides, ("blue", "red"), strict=True)
    return tuple((f"{side} at home", share(f"{name}_at_home_share", 2)) for side, name in names)


def _stretch(key: str) -> Callable[[Row], str]:
    """Write a value, or the stretch of values over which a plan is the best one."""

    def write(one: Row) -> str:
        until = one.get(f"{key}_until")
        value = plain(one[key])
        return value if until is None or until == one[key] else f"{value} to {plain(until)}"

    return write
