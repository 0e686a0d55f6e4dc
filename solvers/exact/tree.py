"""A tree of cases, packed, as one search hands it to the next.

It is packed apart from all else that a search has learned: an hour of the United States has proofs
of hundreds of thousands of multipliers, which only a search that asks the same need look at.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.exact.record import Case, Record, Step
from solvers.exact.stated import state_problem, state_tree
from solvers.problem import Problem
from solvers.rows.family import nested
from solvers.rows.row import Claim

MOST_BYTES = 2**28
"""Bytes that a tree may have, unpacked."""


class TreeError(ValueError):
    """A tree is damaged, or is none."""


@dataclass(frozen=True, slots=True, repr=False)
class Tree:
    """What a search has proven, case by case, packed.

    Parameters
    ----------
    asked
        Hash of the problem; see :func:`problem_hash`.
    data
        Claims and cases.
    """

    asked: str
    data: bytes

    @classmethod
    def of(cls, problem: Problem, record: Record) -> Tree:
        """Pack what has been proven of a problem."""
        text = json.dumps(state_tree(record), separators=(",", ":")).encode("ascii")
        return cls(problem_hash(problem), zlib.compress(text))

    def opened(self) -> tuple[list[Claim], list[Case]]:
        """Unpack the claims and the cases, parents before children; none of it is checked yet.

        Raises
        ------
        TreeError
            When it is damaged, or is none.
        """
        try:
            return _read(json.loads(_inflated(self.data)))
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError, zlib.error) as one:
            raise TreeError(f"It is damaged: {type(one).__name__}.") from None

    def __repr__(self) -> str:
        return f"<Tree of {len(self.data):,} bytes>"


def problem_hash(problem: Problem) -> str:
    """Name a problem by the SHA-256 of all that it states."""
    text = json.dumps(state_problem(problem), separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _inflated(data: bytes) -> bytes:
    """Unpack, no more than a tree may have."""
    inflater = zlib.decompressobj()
    text = inflater.decompress(data, MOST_BYTES)
    if not inflater.eof:
        raise ValueError(len(text))
    return text


def _read(document: Any) -> tuple[list[Claim], list[Case]]:
    claims = [nested(one) for one in document["rows"]]
    cases = list[Case]()
    for number, node in enumerate(document["nodes"]):
        parent = node["parent"]
        if type(parent) is not int or not (-1 <= parent < number) or (parent < 0) != (number == 0):
            raise ValueError(parent)
        steps = [_step(one, len(claims)) for one in node["steps"]]
        branch = node["branch"]
        if branch not in (None, 0, 1, "with", "without") or isinstance(branch, bool):
            raise ValueError(branch)
        cases.append(Case(parent, branch, steps, _split(nested(node["split"]))))
    if not cases:
        raise ValueError("no case")
    return claims, cases


def _step(value: Any, n_claims: int) -> Step:
    rows, multipliers, scale = _numbers(value["rows"]), value["multipliers"], value["scale"]
    is_exclusion = value["excludes"]
    _numbers(multipliers)
    if (
        len(rows) != len(multipliers)
        or (len(rows) and int(rows.max()) >= n_claims)
        or type(scale) is not int
        or scale < 1
        or type(is_exclusion) is not bool
    ):
        raise ValueError(value)
    zero, one = (_numbers(value[side]).astype(np.intp) for side in ("zero", "one"))
    multiplied = np.array(multipliers, np.int64)
    return Step(rows.astype(np.int32), multiplied, scale, is_exclusion, 0, zero, one)


def _numbers(value: Any) -> npt.NDArray[np.int64]:
    """Read whole numbers of at least 0."""
    if not isinstance(value, list) or not all(type(one) is int and one >= 0 for one in value):
        raise TypeError(value)
    return np.array(value, np.int64)


def _split(value: Any) -> tuple[str, int] | tuple[str, int, tuple[int, ...]] | None:
    match value:
        case None:
            return None
        case ("unit", int() as unit) if unit >= 0:
            return "unit", unit
        case ("roots", (0 | 1) as part, tuple() as units) if all(
            type(one) is int and one >= 0 for one in units
        ):
            return "roots", int(part), units
    raise ValueError(value)
