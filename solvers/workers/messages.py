"""Messages between the search that has the tree and its workers: cases, and what became of them.

A case travels as what is decided in it, a bit for each unit and side, its roots, and claims of the
rows that its bound rests on; what comes back is a record of proofs, which uses claims as well.
Either side reads claims by their family (:func:`solvers.rows.families.read_row`), so that a row is
checked wherever it arrives. Claims are told once in a message, and numbered.
"""

from __future__ import annotations

import hashlib
import pickle
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.exact.node import Node, Roots, Units
from solvers.exact.record import Branch, Case, Record, Step
from solvers.exact.subtree import Subtree
from solvers.model import Model
from solvers.rows.families import read_row
from solvers.rows.row import Claim, Row

QUICKLY = 1
"""Level of compression: denser ones take longer than they save."""
MOST_ROWS = 100_000
"""Rows that a process remembers before it forgets them all."""


class CaseForm(NamedTuple):
    """A case on its way."""

    bound: int
    lower: bytes
    upper: bytes
    roots: tuple[bytes | None, bytes | None]
    stage: int
    depth: int
    number: int
    rows: bytes
    """Numbers of the claims of its rows."""


class ProvenForm(NamedTuple):
    """A case of a record on its way; its steps as :class:`solvers.exact.record.Step`, in bytes."""

    parent: int
    branch: Branch
    steps: list[tuple[bytes, bytes, int, bool, int, bytes, bytes]]
    split: tuple[str, int] | tuple[str, int, tuple[int, ...]] | None


class Task(NamedTuple):
    """What a worker is to do.

    Parameters
    ----------
    key
        Name of the problem.
    problem
        The problem, as :func:`pack_problem` has it; None for those who are thought to have it.
    case, claims
        The case to work on, and what its rows claim; None where there is nothing to do yet.
    value
        Value that plans must exceed; None where every plan is sought.
    effort
        When to hand back what is left (:mod:`solvers.effort`).
    """

    key: str
    problem: bytes | None
    case: CaseForm | None = None
    claims: tuple[Claim, ...] = ()
    value: int | None = None
    effort: float = 0.0


class SubtreeForm(NamedTuple):
    """A :class:`solvers.exact.subtree.Subtree` on its way."""

    cases: list[ProvenForm]
    open: list[CaseForm]
    claims: tuple[Claim, ...]
    plan: bytes | None
    value: int | None
    counts: tuple[int, int, int]
    effort: float


class Reply(NamedTuple):
    """What a worker says.

    Parameters
    ----------
    subtree
        What became of its case; None where it had none, or did not work on it.
    lacks_problem
        Whether it does not know the problem, and has done nothing.
    failure
        What went wrong that must not: a traceback; empty where nothing has.
    """

    subtree: SubtreeForm | None = None
    lacks_problem: bool = False
    failure: str = ""


def packed(value: tuple[Any, ...]) -> bytes:
    """Pack a message."""
    return zlib.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), QUICKLY)


def unpacked(message: bytes) -> Any:
    """Unpack a message; only of one's own workers, since a pickle may run anything."""
    return pickle.loads(zlib.decompress(message))


def pack_problem(model: Model) -> tuple[str, bytes]:
    """Pack what a search is about, and name it by its hash."""
    problem = packed((model.problem, model.params))
    return hashlib.sha256(problem).hexdigest(), problem


@dataclass(slots=True, eq=False)
class Reader:
    """Reads claims for a model, each once.

    Parameters
    ----------
    model
        What they are about.
    """

    model: Model
    _rows: dict[Claim, Row] = field(default_factory=dict)

    def remember(self, rows: Sequence[Row]) -> None:
        """Take note of rows of the model."""
        if len(self._rows) > MOST_ROWS:
            self._rows.clear()
        self._rows.update((row.claim, row) for row in rows)

    def read(self, claims: Sequence[Claim]) -> list[Row]:
        """Write the rows that claims state.

        Raises
        ------
        ClaimError
            When a claim does not hold for the model.
        Halted
            When the search is to end.
        """
        rows = [self._rows.get(claim) or read_row(self.model, claim) for claim in claims]
        self.remember(rows)
        return rows


class Numbers:
    """Numbers of the claims of a message, as they come."""

    def __init__(self) -> None:
        self._rows: dict[Row, int] = {}

    def of(self, rows: Sequence[Row]) -> bytes:
        """Give rows their numbers, in bytes."""
        numbers = [self._rows.setdefault(row, len(self._rows)) for row in rows]
        return np.array(numbers, np.int32).tobytes()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What the rows claim, in the order of their numbers."""
        return tuple(row.claim for row in self._rows)


def pack_case(node: Node, numbers: Numbers) -> CaseForm:
    """State a case; its rows are numbered."""
    first, second = (None if one is None else one.tobytes() for one in node.roots)
    return CaseForm(
        node.bound,
        np.packbits(node.lower).tobytes(),
        np.packbits(node.upper).tobytes(),
        (first, second),
        node.stage,
        node.depth,
        node.case,
        numbers.of(node.rows),
    )


def unpack_case(form: CaseForm, n_units: int, rows: Sequence[Row]) -> Node:
    """Read a case back, with the rows of the message."""
    roots: Roots = _units(form.roots[0]), _units(form.roots[1])
    return Node(
        form.bound,
        _sides(form.lower, n_units),
        _sides(form.upper, n_units),
        roots,
        form.stage,
        form.depth,
        case=form.number,
        rows=tuple(rows[number] for number in np.frombuffer(form.rows, np.int32).tolist()),
    )


def _units(given: bytes | None) -> Units | None:
    return None if given is None else np.frombuffer(given, np.int32).copy()


def _sides(given: bytes, n_units: int) -> npt.NDArray[np.int8]:
    return np.unpackbits(np.frombuffer(given, np.uint8), count=n_units).astype(np.int8)


def pack_subtree(subtree: Subtree) -> SubtreeForm:
    """State what a search of one case has come to."""
    numbers, rows = Numbers(), list(subtree.record.rows)
    cases = [
        ProvenForm(
            case.parent,
            case.branch,
            [_pack_step(step, numbers.of([rows[row] for row in step.rows])) for step in case.steps],
            case.split,
        )
        for case in subtree.record.cases
    ]
    return SubtreeForm(
        cases,
        [pack_case(node, numbers) for node in subtree.open],
        numbers.claims,
        None if subtree.plan is None else np.packbits(subtree.plan).tobytes(),
        subtree.value,
        (subtree.n_nodes, subtree.n_rows, subtree.n_splits),
        subtree.effort,
    )


def _pack_step(step: Step, rows: bytes) -> tuple[bytes, bytes, int, bool, int, bytes, bytes]:
    return (
        rows,
        step.multipliers.tobytes(),
        step.scale,
        step.is_exclusion,
        step.bound,
        step.zero.astype(np.int32).tobytes(),
        step.one.astype(np.int32).tobytes(),
    )


def unpack_subtree(form: SubtreeForm, reader: Reader) -> Subtree:
    """Read back what a search of one case has come to; its rows are checked.

    Raises
    ------
    ClaimError
        When a row does not hold for the model.
    Halted
        When the search is to end.
    """
    n_units, rows = reader.model.n_units, reader.read(form.claims)
    cases = [
        Case(one.parent, one.branch, [_unpack_step(*step) for step in one.steps], one.split)
        for one in form.cases
    ]
    return Subtree(
        Record(cases, {row: number for number, row in enumerate(rows)}),
        tuple(unpack_case(one, n_units, rows) for one in form.open),
        None if form.plan is None else _sides(form.plan, n_units),
        form.value,
        *form.counts,
        form.effort,
    )


def _unpack_step(
    rows: bytes, multipliers: bytes, scale: int, excludes: bool, bound: int, zero: bytes, one: bytes
) -> Step:
    return Step(
        np.frombuffer(rows, np.int32),
        np.frombuffer(multipliers, np.int64),
        scale,
        excludes,
        bound,
        np.frombuffer(zero, np.int32).astype(np.intp),
        np.frombuffer(one, np.int32).astype(np.intp),
    )
