"""A tree of cases, written down, as one search hands it to the next.

It is a text among all else that a search has learned: an hour of the United States has proofs of
hundreds of thousands of multipliers, which only a search that asks the same need read.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.exact.record import Case, Record, Step
from solvers.exact.stated import state_problem, state_tree
from solvers.problem import Problem
from solvers.rows.family import nested
from solvers.rows.row import Claim

MOST_LETTERS = 2**27
"""Characters of a tree that is handed on: 43 cases of the United States have 2.6 million."""


class TreeError(ValueError):
    """A tree is damaged, or is none."""


@dataclass(frozen=True, slots=True, repr=False)
class Tree:
    """What a search has proven, case by case.

    Parameters
    ----------
    asked
        Hash of the problem; see :func:`problem_hash`.
    text
        Claims and cases, in JSON; see :func:`solvers.exact.stated.state_tree`.
    """

    asked: str
    text: str

    @classmethod
    def of(cls, problem: Problem, record: Record) -> Tree:
        """Write down what has been proven of a problem."""
        return cls(problem_hash(problem), json.dumps(state_tree(record), separators=(",", ":")))

    def read(self) -> tuple[list[Claim], list[Case]]:
        """Read the claims and the cases, parents before children; none of it is checked yet.

        Raises
        ------
        TreeError
            When it is damaged, or is none.
        """
        try:
            return _read(json.loads(self.text))
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
            raise TreeError(f"It is damaged ({type(error).__name__}).") from None

    def __repr__(self) -> str:
        return f"<Tree of {len(self.text):,} characters>"


def problem_hash(problem: Problem) -> str:
    """Name a problem by the SHA-256 of all that it states."""
    text = json.dumps(state_problem(problem), separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _read(document: Any) -> tuple[list[Claim], list[Case]]:
    claims = [nested(one) for one in document["rows"]]
    hash(tuple(claims))  # objects of JSON are none
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
