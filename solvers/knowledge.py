"""Knowledge: what one search has learned that serves the next, as a value and as a file.

Plans of a graph, and claims of rows. A plan is offered to the next search like any other, and a
claim is read by its family for the problem at hand and held against its roots, as if a stranger had
made it (:meth:`solvers.rows.family.Family.read`): what does not hold there is left aside. So rows
that need no votes serve every election of a map, the others those that they fit, and a forged file
costs time and nothing else.

Rows are numbered by the units of a domain, or of one of its landmasses, which depend on the edges
and on what is fixed or kept together; they are only looked at where a domain, or a landmass of one,
has the graph that they were found on (:mod:`solvers.lessons`).
"""

from __future__ import annotations

import gzip
import json
import lzma
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.contiguity import broken_constraint
from solvers.exact.basis import Basis
from solvers.exact.branch_and_cut import BranchAndCut
from solvers.exact.tree import Tree, problem_hash
from solvers.graphs.graph import Graph
from solvers.lessons import Lesson, graph_hash, graphs_of, lessons_of, moved_to
from solvers.model import Model
from solvers.plan import Plan
from solvers.problem import Problem
from solvers.reduction import reduce
from solvers.rows.claims import ClaimError
from solvers.rows.families import read_row
from solvers.rows.family import nested, plain
from solvers.rows.row import Claim, Row

FORMAT, VERSION = "two-nations knowledge", 1
XZ = b"\xfd7zXZ\x00"
"""What a file begins with that is densely packed."""

MOST_BYTES = 2**28
"""Bytes that a file may have, unpacked: a run of the United States has 0.8 million, and with a tree
of 43 cases 3.4 million. Trees have half of it at most (:data:`solvers.exact.tree.MOST_LETTERS`)."""


DAMAGES = (ValueError, TypeError, KeyError, RecursionError)
"""What a document raises that is none."""


class KnowledgeError(ValueError):
    """A file of knowledge is damaged, is none, or is of another graph."""


@dataclass(frozen=True, slots=True, repr=False)
class Knowledge:
    """What searches on one graph have learned.

    Parameters
    ----------
    graph
        Hash of the graph of the whole problem; see :func:`graph_hash`.
    plans
        Plans that were found.
    lessons
        Claims of rows, domain by domain.

    Examples
    --------
    >>> path = Problem(gains=np.array([[0, 5], [3, 0]]), edges=np.array([[0, 1]]))
    >>> known = Knowledge(graph_hash(2, path.edges), (Plan(np.array([1, 0])),))
    >>> Knowledge.unpacked(known.packed()) == known, known
    (True, <Knowledge: 1 plan, 0 rows>)
    """

    graph: str
    plans: tuple[Plan, ...] = ()
    lessons: tuple[Lesson, ...] = ()

    def __repr__(self) -> str:
        plans = f"{len(self.plans)} plan{'' if len(self.plans) == 1 else 's'}"
        return f"<Knowledge: {plans}, {self.n_rows:,} row{'' if self.n_rows == 1 else 's'}>"

    @property
    def n_rows(self) -> int:
        """Number of claims."""
        return sum(len(lesson.claims) for lesson in self.lessons)

    @property
    def has_tree(self) -> bool:
        """Whether a search had split, and what it had proven of each case is known."""
        return any(lesson.trees for lesson in self.lessons)

    @classmethod
    def of(
        cls,
        problem: Problem,
        plan: npt.NDArray[np.int8] | None,
        searches: Iterable[BranchAndCut],
    ) -> Knowledge:
        """Collect what searches have learned.

        Parameters
        ----------
        problem
            What is divided.
        plan
            Best plan, shape ``(n_units,)``, or None.
        searches
            Exact searches of its domains.
        """
        lessons = list[Lesson]()
        for exact in searches:
            claims = [row.claim for row in exact.rows_in_use()]
            handed_on = exact.basis_in_use(), exact.tree_in_use()
            lessons += lessons_of(exact.model, claims, *handed_on)
        plans = () if plan is None else (Plan(plan),)
        return cls(graph_hash(problem.n_units, problem.edges), plans, tuple(lessons))

    @classmethod
    def joined(cls, problem: Problem, several: Iterable[Knowledge]) -> Knowledge:
        """Put together what is known for a problem, from searches on whatever graphs.

        Plans of other graphs are left aside. Lessons stay: a domain of the problem may have the
        graph that one of them is of.
        """
        graph = graph_hash(problem.n_units, problem.edges)
        plans: dict[bytes, Plan] = {}
        claims: dict[str, dict[Claim, None]] = {}
        bases: dict[str, list[Basis]] = {}
        trees: dict[str, list[Tree]] = {}
        for one in several:
            if one.graph == graph:
                plans |= {plan.assignment.tobytes(): plan for plan in one.plans}
            for lesson in one.lessons:
                claims.setdefault(lesson.graph, {}).update(dict.fromkeys(lesson.claims))
                bases.setdefault(lesson.graph, []).extend(lesson.bases)
                trees.setdefault(lesson.graph, []).extend(lesson.trees)
        lessons = tuple(
            Lesson(name, tuple(those), tuple(bases[name]), tuple(trees[name]))
            for name, those in claims.items()
        )
        return cls(graph, tuple(plans.values()), lessons)

    def check(self, problem: Problem) -> None:
        """Refuse knowledge of another graph.

        Raises
        ------
        KnowledgeError
            When the units or the edges of the problem are others.
        """
        if self.graph != graph_hash(problem.n_units, problem.edges):
            raise KnowledgeError(
                f"The knowledge is of another graph than this one of {problem.n_units} units and "
                f"{len(problem.edges)} edges; begin without it."
            )

    def serves(self, problem: Problem) -> bool:
        """Whether any row is of the graph that is searched, or of one of its landmasses.

        Units that are fixed or kept together make another graph, and nothing is learned where
        no part is limited in its pieces.
        """
        reduction = reduce(problem) if any(problem.pieces) else None
        if reduction is None:
            return False
        n_units, edges = reduction.problem.n_units, reduction.problem.edges
        landmass = Graph.from_edges(n_units, edges).landmasses()
        graphs = {name for name, _ in graphs_of(n_units, edges, landmass)}
        return any(lesson.graph in graphs for lesson in self.lessons)

    def best_plan(self, problem: Problem) -> npt.NDArray[np.int8] | None:
        """Give the plan with the largest objective that meets the constraints; None without one."""
        plans = [
            plan.assignment
            for plan in self.plans
            if plan.n_units == problem.n_units
            and broken_constraint(problem, plan.assignment) is None
        ]
        return max(plans, key=problem.objective, default=None)

    def rows(self, model: Model) -> list[Row]:
        """Read the claims of a model's graph, or of its landmasses; leave aside what is none there.

        Roots are left to whoever adds the rows.

        Raises
        ------
        Halted
            When the search is to end.
        """
        if not self.lessons:
            return []
        places = dict(graphs_of(model.n_units, model.edges, model.landmass))
        rows: dict[Row, None] = {}
        for lesson in self.lessons:
            for claim in lesson.claims if lesson.graph in places else ():
                model.stop.check()
                with suppress(ClaimError):
                    rows[read_row(model, moved_to(claim, places[lesson.graph]))] = None
        return list(rows)

    def basis(self, model: Model) -> Basis | None:
        """Give the first basis of as many variables as a model has on its graph; None without."""
        if not any(lesson.bases for lesson in self.lessons):
            return None
        graph = graph_hash(model.n_units, model.edges)
        bases = chain.from_iterable(one.bases for one in self.lessons if one.graph == graph)
        return next((one for one in bases if len(one.columns) == model.n_columns), None)

    def tree(self, model: Model) -> Tree | None:
        """Give the first tree of the same problem; None without."""
        trees = list(chain.from_iterable(one.trees for one in self.lessons))
        asked = problem_hash(model.problem) if trees else ""
        return next((one for one in trees if one.asked == asked), None)

    def packed(self, *, densely: bool = False) -> bytes:
        """Write it as a file: JSON in gzip, or densely in xz; the same for the same knowledge.

        The latter takes 0.3 s of computing for the United States and saves a third of the bytes.
        """
        document = {
            "format": FORMAT,
            "version": VERSION,
            "graph": self.graph,
            "plans": ["".join(map(str, plan.assignment.tolist())) for plan in self.plans],
            "lessons": [
                {
                    "graph": lesson.graph,
                    "rows": [plain(claim) for claim in lesson.claims],
                    "bases": [
                        {
                            "columns": one.columns,
                            "tight": "".join(str(int(row in one.tight)) for row in lesson.claims),
                        }
                        for one in lesson.bases
                    ],
                    "trees": [{"asked": one.asked, "text": one.text} for one in lesson.trees],
                }
                for lesson in self.lessons
            ],
        }
        text = json.dumps(document, separators=(",", ":")).encode("ascii")
        return lzma.compress(text) if densely else gzip.compress(text, mtime=0)

    @classmethod
    def unpacked(cls, data: bytes) -> Knowledge:
        """Read a file back; its claims are checked where they are used.

        Raises
        ------
        KnowledgeError
            When the file is damaged, is none, or is larger than any that was written.
        """
        try:
            return cls._read(json.loads(_inflated(data)))
        except KnowledgeError:
            raise
        except (*DAMAGES, zlib.error, lzma.LZMAError) as error:
            raise KnowledgeError(f"It is damaged ({type(error).__name__}).") from None

    @classmethod
    def _read(cls, document: Any) -> Knowledge:
        if (document["format"], document["version"]) != (FORMAT, VERSION):
            raise KnowledgeError(f"It is no {FORMAT} of version {VERSION}.")
        lessons = [_lesson(one) for one in _list(document["lessons"])]
        plans = [_plan(one) for one in _list(document["plans"])]
        return cls(_text(document["graph"]), tuple(plans), tuple(lessons))


def _inflated(data: bytes) -> bytes:
    """Unpack gzip or xz, no more of it than a file may have."""
    if data.startswith(XZ):
        dense = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MOST_BYTES)
        text, is_whole = dense.decompress(data, MOST_BYTES), dense.eof
    else:
        inflater = zlib.decompressobj(wbits=31)
        text = inflater.decompress(data, MOST_BYTES)
        is_whole = inflater.eof and not inflater.unconsumed_tail
    if not is_whole:
        raise KnowledgeError(f"It is cut short, or unpacks to more than {MOST_BYTES:,} bytes.")
    return text


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _list(value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _lesson(value: Any) -> Lesson:
    claims = tuple(_claim(row) for row in _list(value["rows"]))
    # Files written by earlier versions have none.
    bases = tuple(_basis(one, claims) for one in _list(value.get("bases", [])))
    trees = tuple(_tree(one) for one in _list(value.get("trees", [])))
    return Lesson(_text(value["graph"]), claims, bases, trees)


def _basis(value: Any, claims: Sequence[Claim]) -> Basis:
    """Read a basis: a letter for each variable, and a digit for each row."""
    tight = _text(value["tight"])
    if len(tight) != len(claims) or not set(tight) <= {"0", "1"}:
        raise ValueError(value)
    is_tight = zip(claims, tight, strict=True)
    return Basis(_text(value["columns"]), frozenset(one for one, digit in is_tight if digit == "1"))


def _tree(value: Any) -> Tree:
    return Tree(_text(value["asked"]), _text(value["text"]))


def _claim(value: Any) -> Claim:
    """Take a claim for one, whatever it says, as long as it is a list of what JSON has."""
    return tuple(nested(one) for one in _list(value))


def _plan(value: Any) -> Plan:
    """Read a plan: a digit for each unit."""
    if not set(_text(value)) <= {"0", "1"}:
        raise ValueError(value)
    return Plan(np.array([int(part) for part in value], np.int8))
