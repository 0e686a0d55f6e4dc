"""How far a plan that somebody draws, or that comes about, is from the best one of a question."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

from partition.answer import wording
from partition.question.question import Question
from partition.runs.run import Run
from partition.studies.table import in_votes
from solvers.plan import Plan


class Distance(NamedTuple):
    """A plan against the best line of the same question.

    All votes are of the objective; where nothing but self-determination is weighed these are
    voters who live in the nation of their vote.
    """

    scenario: str
    quality: str
    """How good the best line is known to be."""
    folder: str | None
    """Where its run is."""
    is_plain: bool
    """Whether the objective counts voters at home and nothing else."""
    plan_votes: float
    best_votes: float
    bound_votes: float | None
    """What no plan within the rules exceeds; None where nothing is proven."""
    plan_stranded_voters: int
    best_stranded_voters: int
    breaks: str | None
    """The rule of the question that the plan breaks, or None."""

    @classmethod
    def between(cls, plan: Plan, best: Run) -> Self:
        """Hold a plan against a run of the question that it may answer as well."""
        question, result = best.question.asking(best.scenario), best.result
        objective = in_votes(question.objective(plan), question.scale)
        known = in_votes(question.objective(best.plan), question.scale)
        return cls(
            question.scenario.name,
            wording.quality(result),
            None if best.folder is None else str(best.folder),
            question.scenario.weights.is_plain,
            0 if objective is None else objective,
            0 if known is None else known,
            in_votes(result.bound, question.scale),
            _stranded(question, plan),
            best.report.whole.both.stranded,
            question.broken_constraint(plan),
        )

    @property
    def least_votes(self) -> float:
        """What the plan gives up against the best line known; below 0 where it has more."""
        return self.best_votes - self.plan_votes

    @property
    def most_votes(self) -> float | None:
        """What it gives up at most against the best there can be; None where nothing is proven."""
        return None if self.bound_votes is None else self.bound_votes - self.plan_votes

    @property
    def stranded_more(self) -> int:
        """Voters that the plan strands beyond those that the best line known does."""
        return self.plan_stranded_voters - self.best_stranded_voters

    def to_dict(self) -> dict[str, Any]:
        """State everything as plain values."""
        return self._asdict() | {
            "least_votes": self.least_votes,
            "most_votes": self.most_votes,
            "stranded_more_voters": self.stranded_more,
        }

    @property
    def sentence(self) -> str:
        """Say it in words."""
        breaks = (
            "" if self.breaks is None else f" It breaks a rule of {self.scenario}: {self.breaks}."
        )
        if not self.is_plain:
            return self._objective_sentence() + breaks
        how = "more" if self.stranded_more >= 0 else "fewer"
        said = (
            f"It strands {self.plan_stranded_voters:,} voters, {abs(self.stranded_more):,} {how} "
            f"than the best line known of {self.scenario} ({self.best_stranded_voters:,})"
        )
        if self.most_votes is None:
            return f"{said}; nothing is proven of that.{breaks}"
        least = self.plan_stranded_voters - self.most_votes
        return f"{said}; no line within its rules strands fewer than {least:,}, proven.{breaks}"

    def _objective_sentence(self) -> str:
        how = "less" if self.least_votes >= 0 else "more"
        said = (
            f"Its objective is {self.plan_votes:,} votes, {abs(self.least_votes):,} {how} than "
            f"that of the best line known of {self.scenario} ({self.best_votes:,})"
        )
        if self.bound_votes is None:
            return f"{said}; nothing is proven of that."
        return f"{said}; no line within its rules has more than {self.bound_votes:,}, proven."


def _stranded(question: Question, plan: Plan) -> int:
    return question.measure(plan).whole.both.stranded
