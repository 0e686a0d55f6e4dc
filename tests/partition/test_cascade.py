"""Who follows a nation that leaves: replayed by networkx, threshold by threshold."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import partition
from partition.errors import InputError
from partition.studies.exits.cascade_page import explored_cascade
from partition.studies.exits.course import Course, follow
from partition.studies.exits.endings import Ending, endings
from partition.studies.exits.ground import NEVER, Ground
from partition.studies.exits.obstacles import SHUTS_IN, TEARS
from partition.studies.exits.rules import ExitRules, read_share
from shapefiles.units import Units
from tests.partition.conftest import Invoke

SWITCHES = ("in_one_piece", "no_enclaves", "both_sides")
ALL_RULES = [
    ExitRules(Fraction(1, 2), **dict(zip(SWITCHES, switches, strict=True)))
    for switches in itertools.product([False, True], repeat=3)
]


def ground_of(seed: int) -> Ground:
    """Draw a small land: a grid with holes, diagonals and pairs of units that move as one."""
    rng = np.random.default_rng(seed)
    width, height = rng.integers(2, 5, 2)
    grid = nx.grid_2d_graph(int(width), int(height))
    for column, row in itertools.product(range(width - 1), range(height - 1)):
        if rng.random() < 0.4:
            grid.add_edge((column, row), (column + 1, row + 1))
    graph = nx.convert_node_labels_to_integers(grid)
    graph.remove_edges_from([edge for edge in graph.edges if rng.random() < 0.08])
    n_rows = len(graph)
    rows = rng.permutation(n_rows).tolist()
    members = []
    while rows:
        size = 2 if rng.random() < 0.15 and len(rows) > 1 else 1
        members.append(tuple(sorted(rows.pop() for _ in range(size))))
    members.sort()
    votes = rng.integers(0, 6, (len(members), 2)) * rng.integers(1, 4, (len(members), 1))
    starts = np.zeros(n_rows, np.bool_)
    for mover in rng.choice(len(members), rng.integers(1, 3), replace=False):
        starts[list(members[mover])] = True
    shares = [
        Fraction(int(own), int(own + other)) if own + other and rng.random() < 0.95 else None
        for own, other in votes
    ]
    distinct = sorted({share for share in shares if share is not None})
    return Ground(
        pairs=np.array(sorted(map(sorted, graph.edges)), np.int64).reshape(-1, 2),
        members=tuple(members),
        names=tuple(f"{int(one):03}" for one in rng.permutation(len(members))),
        starts=starts,
        shares=tuple(distinct),
        level=np.array([NEVER if one is None else distinct.index(one) for one in shares]),
        is_open=tuple((rng.random(n_rows) < 0.4).tolist()),
    )


class Replay:
    """The same rules once more, on sets and graphs, share by share."""

    def __init__(self, ground: Ground, rules: ExitRules, threshold: Fraction) -> None:
        self.ground, self.rules, self.threshold = ground, rules, threshold
        self.graph = nx.Graph(ground.pairs.tolist())
        self.graph.add_nodes_from(range(len(ground.starts)))
        self.out = set(np.flatnonzero(ground.starts).tolist())
        self.share = {
            mover: ground.shares[level]
            for mover, level in enumerate(ground.level.tolist())
            if level != NEVER
        }

    def nation(self, mover: int) -> set[int]:
        is_out = self.ground.members[mover][0] in self.out
        return self.out if is_out else set(self.graph) - self.out

    def touches_the_other(self, mover: int) -> bool:
        rows = self.ground.members[mover]
        return bool(nx.node_boundary(self.graph, rows) - self.nation(mover))

    def wishes(self) -> tuple[list[int], list[int]]:
        """Who wants to join and who to return at this moment, in order."""
        joining, returning = [], []
        for mover, share in self.share.items():
            is_out = self.ground.members[mover][0] in self.out
            if not self.touches_the_other(mover):
                continue
            if not is_out and share >= self.threshold:
                joining.append(mover)
            if is_out and share < self.threshold and self.rules.both_sides:
                returning.append(mover)
        names = self.ground.names
        joining.sort(key=lambda one: (-self.share[one], names[one]))
        returning.sort(key=lambda one: (self.share[one], names[one]))
        return joining, returning

    def obstacle(self, mover: int) -> str:
        before = self.graph.subgraph(self.nation(mover))
        after = nx.Graph(before)
        after.remove_nodes_from(self.ground.members[mover])
        pieces = list(nx.connected_components(after))
        parts = [
            (whole, [one for one in pieces if one <= whole])
            for whole in nx.connected_components(before)
        ]
        if self.rules.in_one_piece and any(len(rest) > 1 for _, rest in parts):
            return TEARS
        for whole, rest in parts:
            was_open = any(self.ground.is_open[row] for row in whole)
            shut = [one for one in rest if not any(self.ground.is_open[row] for row in one)]
            if self.rules.no_enclaves and was_open and shut:
                return SHUTS_IN
        return ""

    def step(self) -> tuple[tuple[int, ...], tuple[int, ...], dict[int, str]]:
        joining, returning = self.wishes()
        moved: tuple[list[int], list[int]] = ([], [])
        waiting: dict[int, str] = {}
        for kind, movers in enumerate((joining, returning)):
            for mover in movers:
                if not self.touches_the_other(mover):
                    continue
                why = self.obstacle(mover)
                if why:
                    waiting[mover] = why
                    continue
                moved[kind].append(mover)
                self.out ^= set(self.ground.members[mover])
        return tuple(moved[0]), tuple(moved[1]), waiting

    def run(self) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], dict[int, str]]]:
        while True:
            done = self.step()
            yield done
            if not (done[0] or done[1]):
                return


def course_at(ground: Ground, rules: ExitRules, threshold: Fraction) -> Course:
    return follow(ground, rules, ground.cut(threshold))


@pytest.mark.parametrize("rules", ALL_RULES, ids=lambda one: "-".join(one.clauses) or "free")
def test_a_cascade_is_what_a_replay_on_another_graph_makes_of_it(rules: ExitRules) -> None:
    waited = 0
    for seed in (*range(60), 1602):  # where the reason to wait becomes another one
        ground = ground_of(seed)
        threshold = Fraction(int(np.random.default_rng(seed).integers(0, 11)), 10)
        course = course_at(ground, rules, threshold)
        replay = Replay(ground, rules, threshold)
        for one in (*course.rounds, course.last):
            assert replay.step() == (one.joined, one.returned, dict(one.waiting)), seed
            waited += len(one.waiting)
        assert replay.out == set(np.flatnonzero(course.end).tolist())
        assert len(course.rounds) <= len(ground.members)
        moves = [mover for one in course.rounds for mover in (*one.joined, *one.returned)]
        assert len(moves) == len(set(moves)), "nothing moves twice"
        # At the end nobody is left who would go and could.
        joining, returning = replay.wishes()
        assert all(replay.obstacle(one) for one in (*joining, *returning))
    assert bool(waited) == (rules.in_one_piece or rules.no_enclaves)


def ends_by_brute_force(
    ground: Ground, rules: ExitRules, low: Fraction, high: Fraction
) -> list[tuple[Fraction | None, Fraction, set[int]]]:
    """Replay the cascade for every share that there is, and put equal ends together."""
    stops = sorted({*(one for one in ground.shares if low <= one < high), high})
    found: list[tuple[Fraction | None, Fraction, set[int]]] = []
    above = None
    for stop in stops:
        replay = Replay(ground, rules, stop)
        list(replay.run())
        if found and found[-1][2] == replay.out:
            found[-1] = (found[-1][0], stop, replay.out)
        else:
            found.append((above, stop, replay.out))
        above = stop
    return found


def plain(one: Ending) -> tuple[Fraction | None, Fraction, set[int]]:
    return one.above, one.up_to, set(np.flatnonzero(one.leaves).tolist())


@pytest.mark.parametrize("rules", ALL_RULES, ids=lambda one: "-".join(one.clauses) or "free")
def test_the_thresholds_at_which_the_end_changes_are_all_there_are(rules: ExitRules) -> None:
    for seed in range(100, 125):
        ground = ground_of(seed)
        low, high = (Fraction(0), Fraction(1)) if seed % 3 else (Fraction(1, 5), Fraction(2, 3))
        found = list(map(plain, endings(ground, rules, (low, high))))
        assert found == ends_by_brute_force(ground, rules, low, high), seed
        for above, up_to, leaves in found:
            # Within a stretch, and not at the shares alone.
            middle = ((low if above is None else above) + up_to) / 2
            assert set(np.flatnonzero(course_at(ground, rules, middle).end).tolist()) == leaves


@pytest.fixture(scope="module")
def country(grid) -> Units:
    rng = np.random.default_rng(11)
    return grid(4, 3, blue=rng.integers(20, 90, 12).tolist(), red=rng.integers(20, 90, 12).tolist())


@pytest.fixture(scope="module")
def found(country: Units, tmp_path_factory: pytest.TempPathFactory) -> partition.Cascade:
    runs = tmp_path_factory.mktemp("runs")
    return partition.cascade(
        "counties", "00000", threshold="0.45", data=country, runs=runs, gap=0, time_limit=20
    )


def test_its_files_say_the_same_as_a_recount_with_pandas(
    found: partition.Cascade, country: Units, tmp_path: Path
) -> None:
    files = found.write(tmp_path)
    assert [one.name for one in files] == [
        *("cascade.csv", "moves.csv", "thresholds.csv", "cascade.json", "cascade.md"),
        "cascade.html",
    ]
    votes = pd.DataFrame(country.votes["2016"], columns=["blue", "red"], index=country.ids)
    graph = nx.Graph(country.ids[country.edges.pairs].tolist())
    rounds = pd.read_csv(tmp_path / "cascade.csv")
    moves = pd.read_csv(tmp_path / "moves.csv", dtype={"place": str, "side_share_exact": str})
    out = {"00000"}
    for at, row in rounds.iterrows():
        joined = moves[moves["round"] == at]
        for place, exact in zip(joined["place"], joined["side_share_exact"], strict=True):
            share = Fraction(int(votes.blue[place]), int(votes.loc[place].sum()))
            assert Fraction(exact) == share >= Fraction(45, 100)
            assert set(graph[place]) & out
        out |= set(joined["place"])
        is_out = votes.index.isin(out)
        at_home = votes.blue[is_out].sum() + votes.red[~is_out].sum()
        assert row["stranded_voters"] == votes.to_numpy().sum() - at_home
        assert row["joined"] == len(joined)
    document = json.loads((tmp_path / "cascade.json").read_text())
    assert set(document["leaving_units"]) == out
    thresholds = pd.read_csv(tmp_path / "thresholds.csv", dtype=str)
    assert Fraction(thresholds["up_to_exact"].iloc[-1]) == 1
    assert found.units["round"].gt(0).sum() == len(moves) > 0
    assert found.table["stranded_voters"].tolist() == rounds["stranded_voters"].tolist()
    assert found.moves["place"].tolist() == moves["place"].tolist()
    assert len(found.thresholds) == len(thresholds) == len(found.endings)


def test_the_end_is_held_against_the_best_line_there_is(
    found: partition.Cascade, country: Units
) -> None:
    votes, graph = country.votes["2016"], nx.Graph(country.edges.pairs.tolist())
    best = 0
    for parts in itertools.product([0, 1], repeat=country.n_units):
        plan = np.array(parts)
        nations = [np.flatnonzero(plan == part) for part in (0, 1)]
        at_home = int(votes[nations[1], 0].sum() + votes[nations[0], 1].sum())
        if at_home > best and all(
            not len(one) or nx.is_connected(graph.subgraph(one.tolist())) for one in nations
        ):
            best = at_home
    distance = found.distance
    assert distance is not None
    assert distance.best_votes == distance.bound_votes == best
    at_home = int(found.rows[-1]["self_determined_voters"])
    assert (distance.plan_votes, distance.least_votes) == (at_home, best - at_home)
    assert distance.stranded_more == best - at_home
    assert (
        f"no line within its rules strands fewer than {votes.sum() - best:,}" in distance.sentence
    )


def test_whole_states_follow_as_one_and_the_best_line_keeps_them_whole(
    country: Units, tmp_path: Path
) -> None:
    found = partition.cascade(
        "archipelago", "A", by="state", threshold=0, data=country, runs=tmp_path
    )
    assert [found.ground.names[one] for one in found.course.rounds[0].joined] == ["B"]
    assert found.best is not None
    assert found.best.scenario.units.whole == ("states",)
    with pytest.raises(InputError, match=r"a part of A, which stays whole: name all of it \(A\)"):
        partition.cascade("archipelago", "00000", by="state", data=country, runs=tmp_path)


def test_the_red_side_may_leave_and_fixed_units_never_move(country: Units, tmp_path: Path) -> None:
    found = partition.cascade(
        "counties",
        side="red",
        threshold=0,
        data=country,
        runs=tmp_path,
        with_best=False,
        units_red=["00011"],
        units_blue=["00010", "00007"],
    )
    # Its two neighbours stay, and so nobody is beside it who may follow.
    assert found.plans[-1].assignment.tolist() == [1] * 11 + [0]
    assert not found.course.rounds
    assert "Nobody follows" in " ".join(found.summary)


def test_a_quorum_keeps_those_back_of_whom_few_have_voted(country: Units, tmp_path: Path) -> None:
    options = {"data": country, "runs": tmp_path, "with_best": False, "threshold": 0}
    people = country.attributes["population"]
    turnout = country.votes["2016"].sum(axis=1) / people
    found = partition.cascade("counties", "00000", quorum=0.3, **options)
    assert (turnout[1:] < 0.3).any()
    joined = found.plans[-1].assignment[1:] == 1
    assert joined.any()
    assert (turnout[1:][joined] >= 0.3).all()


def test_the_page_goes_from_round_to_round(found: partition.Cascade) -> None:
    explored = explored_cascade(found)
    (dial,) = explored.dials
    assert dial.values == tuple(range(len(found.rows)))
    assert [one.figures["stranded_voters"] for one in explored.plans] == [
        row["stranded_voters"] for row in found.rows
    ]
    assert "The best line known" in {one.title for one in explored.references}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("nan", "threshold = nan: give a share from 0 to 1"),
        ("1.1", "threshold = 1.1: give a share from 0 to 1; 1.1 % is 0.011."),
        ("-0.1", "threshold = -0.1: give a share from 0 to 1"),
        ("50", "threshold = 50: give a share from 0 to 1; 50 % is 0.5."),
        ("50 %", "threshold = 50 %: give a share from 0 to 1; 50 % is 0.5."),
        ("1/0", "threshold = 1/0: give a share from 0 to 1"),
        ("1e999999999", "threshold = 1e999999999: give a share from 0 to 1"),
        ("half", "threshold = half: give a share from 0 to 1; 0.5, for instance, or 1/3."),
    ],
)
def test_what_is_no_share_is_told_in_a_line_with_what_would_be(
    invoke: Invoke, given: str, message: str
) -> None:
    code, _, stderr = invoke("cascade", "--from", "CA", "--threshold", given)
    assert (code, stderr.count("\n")) == (2, 1)
    assert message in stderr


@pytest.mark.parametrize("given", [float("nan"), float("inf"), True, 2, Fraction(3, 2)])
def test_no_number_beyond_0_to_1_is_a_share(given: float) -> None:
    with pytest.raises(InputError, match="give a share from 0 to 1"):
        read_share(given, "threshold")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--from", "Californa"], "Did you mean CA (California)?"),
        ([], "Say who leaves first"),
        (["--from", "CA", "--side", "bleu"], "side = 'bleu': did you mean blue?"),
        (["--from", "CA", "--by", "states"], "by = 'states': did you mean state?"),
        (["--from", "CA", "--between", "0.5"], "between = 0.5: give two thresholds"),
        (["--from", "CA", "--between", "0.7:0.3"], "give the lower threshold first"),
        (["calexit", "--from", "NV"], "the scenario fixes unit 32001 to the red nation"),
    ],
)
def test_a_wrong_place_or_word_is_told_in_a_line(
    invoke: Invoke, arguments: list[str], message: str
) -> None:
    code, _, stderr = invoke("cascade", *arguments, "--without-best")
    assert (code, stderr.count("\n")) == (2, 1)
    assert message in stderr


def test_enclaves_need_outlines_and_the_remedy_that_is_named_works(
    country: Units, tmp_path: Path
) -> None:
    options = {"data": country, "runs": tmp_path, "with_best": False}
    with pytest.raises(InputError, match="in_one_piece"):
        partition.cascade("counties", "00000", no_enclaves=True, **options)
    assert partition.cascade("counties", "00000", in_one_piece=True, **options).rows


def test_california_alone_is_followed_by_two_counties(invoke: Invoke, tmp_path: Path) -> None:
    """The figures that the documents give, from the command that they name."""
    code, stdout, stderr = invoke("cascade", "--from", "CA", "--without-best", "--json")
    assert code == 0, stderr
    document = json.loads(stdout)
    assert [one["name"] for one in document["moves"]] == ["Clark (NV)", "Washoe (NV)"]
    assert [one["round"] for one in document["rounds"]] == [0, 1]
    folder = tmp_path / "studies" / "cascade-counties-2016-CA-0.5"
    assert {Path(one).name for one in document["files"]} == {one.name for one in folder.iterdir()}
    with (folder / "thresholds.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(document["thresholds"]) == 867
