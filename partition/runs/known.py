"""Plans that are known already: each is offered to every question about the same units.

A plan says which unit is in which nation, and nothing else; whatever it was found for, it may be a
good answer to another question, or the best one. None of what its run says about it is believed:
the question counts its objective and checks its constraints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from partition.errors import InputError
from partition.question.question import Question
from partition.runs.bundle_files import PLAN
from partition.runs.reading import plan_in
from shapefiles.units import Units
from solvers.plan import Plan

GIVEN = "given"
"""What the source of a plan is called that a caller hands over."""

MOST_READ = 500
"""Folders whose plans are read, the newest first. To read and to check a plan of 3,113 units takes
some 15 ms on a busy machine."""


class KnownPlan(NamedTuple):
    """A plan, and where it is from."""

    plan: Plan
    source: str
    """Name of the folder of its run, or what it is called in a study."""


class KnownPlans:
    """Plans of the same units, each once.

    Parameters
    ----------
    plans
        The first ones; others are added as they are found.
    """

    def __init__(self, plans: Iterable[KnownPlan] = ()) -> None:
        self._plans: dict[bytes, KnownPlan] = {}
        for one in plans:
            self.add(one.plan, one.source)

    @classmethod
    def of_runs(cls, units: Units, *folders: Path) -> KnownPlans:
        """Read the plans of all runs in some folders that divide the same units.

        Parameters
        ----------
        units
            The units: a plan of others, or of some of them, has other ids.
        folders
            Folders of bundles; what is in them and is no plan of these units is passed over.
        """
        return cls(chain.from_iterable(_plans_in(one, units) for one in folders))

    def __len__(self) -> int:
        return len(self._plans)

    def __iter__(self) -> Iterator[KnownPlan]:
        return iter(self._plans.values())

    def add(self, plan: Plan, source: str) -> None:
        """Note a plan; of two alike the first one stays."""
        self._plans.setdefault(plan.assignment.tobytes(), KnownPlan(plan, source))

    def best(self, question: Question, above: int | None = None) -> KnownPlan | None:
        """Find the plan that answers a question best.

        Parameters
        ----------
        question
            What is asked.
        above
            Objective that the plan must exceed, in steps of a vote.

        Returns
        -------
        KnownPlan or None
            Of the plans that meet every constraint, the one with the largest objective; the first
            of those that were noted where several have it. None where no plan will do.
        """
        valued = [(question.objective(one.plan), one) for one in self]
        for value, known in sorted(valued, key=lambda pair: -pair[0]):
            if above is not None and value <= above:
                return None
            if question.broken_constraint(known.plan) is None:
                return known
        return None


def newest(files: Iterable[Path]) -> list[Path]:
    """Order files of runs by when they were written, the newest first, without unfinished runs.

    A run that is still being written lies in a hidden folder.
    """
    return sorted((one for one in files if not one.parent.name.startswith(".")), key=_age)


def _plans_in(runs: Path, units: Units) -> Iterator[KnownPlan]:
    for file in newest(runs.glob(f"*/{PLAN}"))[:MOST_READ]:
        try:
            yield KnownPlan(plan_in(file.parent, units), file.parent.name)
        except InputError:
            continue  # a plan of other units, or no plan


def _age(file: Path) -> tuple[float, str]:
    try:
        return -file.stat().st_mtime, file.parent.name
    except OSError:
        return 0.0, file.parent.name
