"""Options of every command on many runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_type_hints

from partition.commands.gathered import Command, gathers, option
from partition.commands.options import (
    AsJson,
    Cluster,
    Cold,
    Election,
    Fresh,
    Gap,
    Iterations,
    Jobs,
    Out,
    Quiet,
    Runs,
    Seed,
    Settings,
    TimeLimit,
)

CALLED = {"jobs": "n_jobs"}
"""What functions of studies call an option, where that is another name."""

TOLD = ("settings", "out", "quiet", "as_json")
"""Options that are about the scenario and about what is shown, not about how runs are made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyOptions:
    """What is asked of a study beside what it is about: options, in this order.

    Parameters
    ----------
    lacks
        Those that the command does not have.
    """

    election: Election = None
    time_limit: TimeLimit = None
    gap: Gap = None
    seed: Seed = None
    iterations: Iterations = None
    settings: Settings = None
    out: Out = None
    runs: Runs = Path("runs")
    jobs: Jobs = None
    cluster: Cluster = None
    fresh: Fresh = False
    cold: Cold = False
    quiet: Quiet = False
    as_json: AsJson = False
    lacks: tuple[str, ...] = ()

    @property
    def set_values(self) -> dict[str, Any]:
        """What ``--set`` says, by dotted key.

        Raises
        ------
        ScenarioError
            When a key or a value is wrong, or the command has an option for the key.
        """
        from partition.scenario.settings import OPTIONS, read_settings

        lacking = {f"limits.{one}" for one in self.lacks}
        own = {key: flag for key, flag in OPTIONS.items() if key not in lacking}
        return read_settings(self.settings or (), own)

    @property
    def solving(self) -> dict[str, Any]:
        """How runs are made, as functions of studies take it."""
        return {
            CALLED.get(one.name, one.name): getattr(self, one.name)
            for one in fields(self)
            if one.name not in (*TOLD, *self.lacks, "lacks")
        }


def takes_study(*lacks: str) -> Callable[[Command], Command]:
    """Give a command the options of every study, but for those that it lacks.

    The command has a parameter ``given``: a :class:`StudyOptions`.
    """
    hints = get_type_hints(StudyOptions, include_extras=True)
    chosen = [
        option(one.name, hints[one.name], one.default)
        for one in fields(StudyOptions)
        if one.name not in (*lacks, "lacks")
    ]
    return gathers("given", chosen, lambda given: StudyOptions(**given, lacks=lacks))
