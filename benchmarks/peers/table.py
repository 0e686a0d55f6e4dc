"""Keep the results in a CSV file, and print them as Markdown."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from peers.referee import Row

Key = tuple[str, str, float]


def key(row: Row) -> Key:
    """Name what a row is about: instance, peer, seconds."""
    return row.instance, row.peer, row.seconds


def read_rows(path: Path) -> dict[Key, Row]:
    """Read what earlier runs wrote; nothing where there is no file.

    Raises
    ------
    ValueError
        When the file has other columns.
    """
    if not path.exists():
        return {}
    with path.open(newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != Row._fields:
            raise ValueError(
                f"{path} has the columns {', '.join(reader.fieldnames or ())}; expected "
                f"{', '.join(Row._fields)}. Name another file, or move this one away."
            )
        rows = [_read_row(record) for record in reader]
    return {key(row): row for row in rows}


def _read_row(record: dict[str, str]) -> Row:
    def number(name: str) -> int | None:
        return int(record[name]) if record[name] else None

    return Row(
        record["instance"],
        int(record["units"]),
        int(record["edges"]),
        record["peer"],
        float(record["seconds"]),
        number("objective"),
        number("bound"),
        float(record["gap"]) if record["gap"] else None,
        record["status"],
        float(record["ended"]),
        int(record["megabytes"]),
        record["note"],
    )


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write all rows; the file appears whole, so that an interrupted run loses nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with draft.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(Row._fields)
        writer.writerows(
            [f"{value:g}" if name == "seconds" else value for name, value in row._asdict().items()]
            for row in rows
        )
    draft.replace(path)


def markdown(rows: list[Row]) -> str:
    """Show one instance: a line a peer; the best objective and bound of a column are bold."""
    marks = sorted({row.seconds for row in rows})
    heads = [f"{what} {mark:g} s" for what in ("objective", "bound", "gap") for mark in marks]
    lines = [
        f"| peer | {' | '.join(heads)} | memory | how it ended |",
        f"|---|{'--:|' * (len(heads) + 1)}---|",
    ]
    at = {(row.peer, row.seconds): row for row in rows}
    best = {mark: _best([row for row in rows if row.seconds == mark]) for mark in marks}
    known = max((row.objective for row in rows if row.objective is not None), default=None)
    for peer in dict.fromkeys(row.peer for row in rows):
        found = [at.get((peer, mark)) for mark in marks]
        cells = [
            _bold(row and row.objective, best[m][0]) for row, m in zip(found, marks, strict=True)
        ]
        cells += [_bold(row and row.bound, best[m][1]) for row, m in zip(found, marks, strict=True)]
        cells += ["" if row is None or row.gap is None else f"{row.gap:.3%}" for row in found]
        last = [row for row in found if row is not None][-1]
        cells.append(f"{max(row.megabytes for row in found if row is not None):,} MB")
        lines.append(f"| {peer} | {' | '.join(cells)} | {_ending(last, known)} |")
    return "\n".join(lines)


def is_refuted(row: Row, known: int | None) -> bool:
    """Whether a plan is known that is better than the row's bound."""
    return row.bound is not None and known is not None and row.bound < known


def _best(rows: list[Row]) -> tuple[int | None, int | None]:
    """Largest objective, and least bound that none of the rows refutes."""
    objective = max((row.objective for row in rows if row.objective is not None), default=None)
    bounds = [row.bound for row in rows if row.bound is not None]
    return objective, min((bound for bound in bounds if bound >= (objective or 0)), default=None)


def _bold(value: int | None, best: int | None) -> str:
    if value is None:
        return ""
    return f"**{value:,}**" if value == best else f"{value:,}"


def _ending(row: Row, known: int | None) -> str:
    parts = [row.status]
    if row.status in {"optimal", "finished"}:
        parts[0] += f" after {row.ended:g} s"
    if row.note:
        parts.append(row.note)
    if is_refuted(row, known):
        parts.append("its bound is refuted by a better plan")
    return ", ".join(parts).replace("|", "/")
