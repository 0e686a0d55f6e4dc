"""Rules and goals for each of the two sides, held against every plan of small countries."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import partition
from fuzz import fairness
from partition.errors import CertificateError, ClashError, ScenarioError
from partition.land.dataset import Dataset
from partition.question.formulate import formulate
from partition.scenario import Scenario
from partition.studies.explore import explored_sweep
from partition.studies.sweeping.axis import parse_axis
from partition.studies.sweeping.breakpoints import is_traceable
from partition.studies.sweeping.sweep import sweep
from partition.verify import verify
from shapefiles.units import Units

Invoke = Callable[..., tuple[int, str, str]]

FAIR = "counties@self_determination=0,worse_off=1"


def test_the_plan_is_the_best_of_all_that_keep_the_rules_of_both_sides() -> None:
    """Limits on the stranded, goals of one side and of the worse-off one, on planar graphs."""
    wrong = {seed: fairness.check(seed) for seed in range(24)}
    assert {seed: one for seed, one in wrong.items() if one} == {}


def test_a_limit_on_the_stranded_is_a_sum_over_the_units_of_the_blue_nation(
    squares: Units,
) -> None:
    """Of 290 blue voters 87 may be outside, so 203 are inside; of 310 red ones 62 may be inside."""
    asked = Scenario.load("counties@blue.stranded_most=0.3,red.stranded_most=0.2")
    blue, red = formulate(squares, asked).problem.budgets
    assert blue.amounts.tolist() == squares.votes["2016"][:, 0].tolist()
    assert (blue.lower, blue.upper) == (290 - 87, None)
    assert red.amounts.tolist() == squares.votes["2016"][:, 1].tolist()
    assert (red.lower, red.upper) == (None, 62)
    by_state = Scenario.load("counties@red.stranded_most_by_state=0.5")
    for budget, state in zip(formulate(squares, by_state).problem.budgets, "AB", strict=True):
        own = np.where(squares.states == state, squares.votes["2016"][:, 1], 0)
        assert budget.amounts.tolist() == own.tolist()
        assert budget.upper == own.sum() // 2


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (30, r"stranded_most = 30.*from 0 to 1 \(0.3 is 30 %\)"),
        (1.5, "stranded_most = 1.5"),
        (-0.1, "stranded_most = -0.1"),
        (float("nan"), "stranded_most = nan"),
        (float("inf"), "stranded_most = inf"),
        ("30 %", "stranded_most = '30 %': give a number"),
        (True, "stranded_most = True: give a number"),
    ],
)
@pytest.mark.parametrize("rule", ["", "_by_state"])
def test_what_is_no_share_is_refused_in_a_line(value: object, message: str, rule: str) -> None:
    key = f"nations.blue.stranded_most{rule}"
    with pytest.raises(ScenarioError, match=message.replace("_most", f"_most{rule}")) as caught:
        Scenario.shipped("counties").override(settings={key: value})
    assert str(caught.value).startswith(f"nations.blue.stranded_most{rule}")
    assert "\n" not in str(caught.value)


def test_short_keys_of_every_kind_mean_the_same() -> None:
    wanted = Scenario.shipped("counties").override(
        settings={"nations.blue.stranded_most": 0.3, "nations.red.stranded_most": 0.3}
    )
    loaded = Scenario.load("counties@stranded_most=0.3")
    changed = Scenario.shipped("counties").but(blue_stranded_most=0.3, red_stranded_most=0.3)
    assert loaded.nations == changed.nations == wanted.nations
    assert parse_axis("blue.stranded_most=0.2:0.6:3").key == "nations.blue.stranded_most"
    plain = Scenario.shipped("counties").to_table()
    assert "stranded_most" not in json.dumps(plain)
    assert "worse_off" not in json.dumps(plain)


def test_rules_that_cannot_hold_together_are_named_with_what_is_possible(
    dataset: Dataset,
) -> None:
    """As a fractional knapsack in floats: blue votes for so many red ones, the cheapest first."""
    units = dataset.units_of("2016")
    with pytest.raises(ClashError) as caught:
        formulate(units, Scenario.load("archipelago@stranded_most=0.3"))
    message = str(caught.value)
    keys = "nations.blue.stranded_most and nations.red.stranded_most"
    assert message.startswith(f"{keys} cannot hold together: with at most 30.00% of the red")
    blue, red = units.votes["2016"].T
    order = np.argsort(-blue / np.maximum(red, 1e-9), kind="stable")
    spent, held = np.cumsum(red[order]), np.cumsum(blue[order])
    most = np.interp(0.3 * red.sum(), spent, held)
    least = np.floor(10_000 * (1 - most / blue.sum())) / 100  # what is proven is rounded down
    assert f"at least {least:.2f}% of the blue ones" in message


def test_each_remedy_of_a_clash_leaves_plans(squares: Units) -> None:
    """Relaxed one at a time, as the message says."""
    clash = "counties@blue.stranded_most=0.2,red.stranded_most=0.2"
    with pytest.raises(ClashError, match="Relax one of them"):
        partition.solve(clash, data=squares)
    for dropped in ("blue", "red"):
        asked = Scenario.load(clash).override(settings={f"nations.{dropped}.stranded_most": None})
        assert partition.solve(asked, data=squares).result.status.value == "OPTIMAL"


def test_units_without_states_have_no_limit_within_them(squares: Units) -> None:
    without = replace(squares, states=np.array(["", *squares.states[1:]]))
    asked = Scenario.load("counties@blue.stranded_most_by_state=0.5")
    with pytest.raises(
        ScenarioError, match=r"which state unit 00000 is in; nations\.blue\.stranded"
    ):
        partition.solve(asked, data=without)


def test_nobody_is_worse_off_where_nobody_votes_for_a_side(grid: Callable[..., Units]) -> None:
    units = grid(2, 1, blue=[3, 4], red=[0, 0])
    with pytest.raises(ScenarioError, match="nobody voted red"):
        partition.solve(FAIR, data=units)


def test_the_verifier_counts_the_stranded_of_each_side_and_refuses_another_share(
    invoke: Invoke, scenarios: list[str]
) -> None:
    name = (
        f"{scenarios[0]}@self_determination=0,worse_off=1,blue.stranded_most=0.6,"
        "red.stranded_most=0.7"
    )
    code, _, stderr = invoke("solve", name, "--certificate", "--out", "run", "--quiet")
    assert code == 0, stderr
    verdict = verify("run")
    assert verdict.is_confirmed, verdict.text
    page = Path("run/report.md").read_text()
    assert "leaves at most 60 % of the voters of its side in the other one" in page
    document = json.loads(Path("run/run.json").read_text())
    for key, value in (("nations.red.stranded_most", 0.71), ("weights.worse_off", 0.5)):
        changed = json.loads(json.dumps(document))
        table, side = changed["scenario"], key.split(".")
        for step in side[:-1]:
            table = table[step]
        table[side[-1]] = value
        Path("run/run.json").write_text(json.dumps(changed))
        with pytest.raises(CertificateError):
            verify("run")


def test_the_side_that_is_worse_off_has_the_largest_share_that_can_be_proven(
    grid: Callable[..., Units],
) -> None:
    """In fractions, over every plan in one piece; the bound says which share nobody exceeds."""
    for seed in range(4):
        rng = np.random.default_rng(seed)
        units = grid(3, 3, *rng.integers(0, 1000, (2, 9)).tolist())
        run = partition.solve(FAIR, data=units)
        plans = [
            one
            for one in itertools.product((0, 1), repeat=9)
            if fairness.keeps_rules(one, units, run.scenario)
        ]
        sides = units.votes["2016"].sum(axis=0).tolist()
        best = max(
            min(Fraction(h, s) for h, s in zip(fairness.at_home(one, units), sides, strict=True))
            for one in plans
        )
        sorting = run.report.sorting
        own = 1 - max(sorting.blue_stranded_share or 0, sorting.red_stranded_share or 0)
        assert own == pytest.approx(float(best), abs=1e-12)
        proven = run.result.bound / run.question.scale / sum(sides)
        assert proven == pytest.approx(float(best), abs=9 / run.question.scale)


def test_the_frontier_between_the_sides_marks_what_is_fairest_and_proves_it(
    grid: Callable[..., Units], tmp_path: Path
) -> None:
    """Every plan of six squares lies within what is proven, and none of the hull is missing."""
    rng = np.random.default_rng(5)
    units = grid(3, 2, *rng.integers(0, 1000, (2, 6)).tolist())
    found = sweep("counties", "sides", data=units, runs=tmp_path, n_jobs=1, gap=0, points=40)
    assert found.axes[0].key == "weights.blue_at_home"
    sides = units.votes["2016"].sum(axis=0).tolist()
    shares = [
        tuple(h / s for h, s in zip(fairness.at_home(one, units), sides, strict=True))
        for one in itertools.product((0, 1), repeat=6)
        if fairness.keeps_rules(one, units, Scenario.shipped("counties"))
    ]
    nash, smaller = found.fair
    for one, measure in ((nash, lambda x, y: x * y), (smaller, min)):
        best = max(measure(*both) for both in shares)
        row = found.rows[one.number]
        assert one.known == pytest.approx(
            measure(row["blue_at_home_share"], row["red_at_home_share"])
        )
        assert one.known <= best + 1e-12
        assert best <= one.proven + 1e-9
    explored = explored_sweep(found)
    assert (explored.across, explored.up) == ("blue_at_home_share", "red_at_home_share")
    assert explored.shows_references
    for bound in explored.bounds:
        assert all(
            bound.coefficients.get("blue_at_home_share", 0) * x
            + bound.coefficients.get("red_at_home_share", 0) * y
            <= bound.most * (1 + 1e-9)
            for x, y in shares
        )
    marked = {one.title: one.figures for one in explored.references}
    (point,) = (figures for title, figures in marked.items() if "Nash point" in title)
    assert point["blue_at_home_share"] * point["red_at_home_share"] == pytest.approx(nash.known)
    assert any("argest smaller share" in title for title in marked)
    assert "Everybody stays together" in marked
    assert [one["title"] for one in found.to_dict()["fair"]] == [nash.title, smaller.title]
    hull = {
        max(shares, key=lambda both, w=w: w * both[0] * sides[0] + both[1] * sides[1])
        for w in (0.01, 0.5, 1, 2, 50)
    }
    rows = {(row["blue_at_home_share"], row["red_at_home_share"]) for row in found.rows}
    for point in hull:
        assert any(np.allclose(point, one) for one in rows)


def test_of_plans_as_good_for_the_worse_off_side_the_one_with_most_at_home_comes_second(
    grid: Callable[..., Units],
) -> None:
    """First the smaller share, then the sum, in fractions over every plan; few votes, many ties."""
    for seed in range(3):
        rng = np.random.default_rng(seed)
        units = grid(3, 3, *rng.integers(0, 4, (2, 9)).tolist())
        then = [("self_determination", 0)]  # of which nothing is said but of a plan proven the best
        run = partition.solve(FAIR, data=units, then=then, gap=0, certify=True)
        sides = units.votes["2016"].sum(axis=0).tolist()
        best = max(
            (min(Fraction(h, s) for h, s in zip(homes, sides, strict=True)), sum(homes))
            for one in itertools.product((0, 1), repeat=9)
            if fairness.keeps_rules(one, units, Scenario.shipped("counties"))
            for homes in [fairness.at_home(one, units)]
        )
        homes = fairness.at_home(tuple(run.plan.assignment.tolist()), units)
        smaller = min(Fraction(h, s) for h, s in zip(homes, sides, strict=True))
        assert (smaller, sum(homes)) == best
        assert run.result.status.value == "OPTIMAL"


@pytest.mark.parametrize(
    "limit",
    ["most.cut_edges=4", "least.worse_off=300", "at_home=100", "blue.stranded_most=0.5",
     "red.stranded_most_by_state=0.9", "blue.least.votes=0.1", "worse_off=1"],
)  # fmt: skip
def test_a_sweep_under_any_limit_is_solved_point_by_point(
    limit: str, squares: Units, tmp_path: Path
) -> None:
    """Minimum cuts know no limits, and find every best plan where there is none."""
    asked = Scenario.load(f"archipelago@{limit}")
    assert formulate(squares, asked).problem.budgets
    assert not is_traceable(asked, [parse_axis("border=0:2")])
    found = sweep(asked, "border=0:2:2", data=squares, runs=tmp_path, n_jobs=1, gap=0)
    assert not found.is_exact
    assert len(found.rows) == 2


def test_the_frontier_of_nations_in_any_pieces_is_all_there_is(
    squares: Units, tmp_path: Path
) -> None:
    found = sweep("archipelago", "sides", data=squares, runs=tmp_path)
    assert found.is_exact
    sides = squares.votes["2016"].sum(axis=0).tolist()
    shares = [
        [h / s for h, s in zip(fairness.at_home(one, squares), sides, strict=True)]
        for one in itertools.product((0, 1), repeat=6)
    ]
    nash, smaller = found.fair
    assert nash.known <= max(x * y for x, y in shares) <= nash.proven + 1e-9
    assert smaller.known <= max(map(min, shares)) <= smaller.proven + 1e-9
    assert str(nash.title) in str(found._repr_mimebundle_([], []))
