"""The one file to read confirms what the verifier confirms, and is fooled no more easily."""

from __future__ import annotations

import copy
import gzip
import importlib.util
import json
import pickle
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from partition import verify
from partition.errors import CertificateError
from solvers.params import DEFAULT, CutParams, SearchParams
from solvers.problem import Problem
from solvers.result import Limits
from solvers.solve import Domain, solve
from tests.partition.certificates import all_plans, draw_instance, worth, write_certificate
from tests.solvers.conftest import PLAIN, Census, draw_problem, problems

FILE = Path(__file__).parents[2] / "examples" / "check_certificate.py"
SPEC = importlib.util.spec_from_file_location("check_certificate", FILE)
check_certificate = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(check_certificate)

SEEDS = st.integers(0, 2**32 - 1)
IN_ONE_PIECE = [(1, 1)]
PLAIN_ROWS = {"separator", "joint", "face", "leaf", "apart"}  # what a search without costs writes


def certified(
    problem: Problem, rounds: int | None = None, violation: float | None = None
) -> tuple[dict[str, Any] | None, dict[str, int]]:
    """Search without a walker, so that trees get larger; return the certificate and the parts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Domain, "exchange", lambda self: None)
        patch.setattr(Domain, "_improve", lambda self, *given: None)
        limits = Limits() if rounds is None else Limits(rounds=rounds)
        # Where rows are found late, more of the tree is searched.
        params = DEFAULT if violation is None else SearchParams(cuts=CutParams(violation))
        result = solve(problem, limits, certify=True, params=params)
    if result.certificate is None:  # no plan was found
        return None, {}
    certificate = json.loads(json.dumps(result.certificate))
    parts = result.plan.assignment.tolist()
    return certificate, dict(zip(certificate["instance"]["ids"], parts, strict=True))


@given(
    problem=problems(pieces_of_both=IN_ONE_PIECE, max_units=12, max_fixed=0, extras=PLAIN),
    rounds=st.sampled_from([1, 2, None]),
    violation=st.sampled_from([None, 0.3]),
)
@settings(max_examples=250)
def test_it_confirms_the_bound_that_the_verifier_confirms(problem, rounds, violation) -> None:
    certificate, part_of = certified(problem, rounds, violation)
    assume(certificate is not None)
    confirmation = verify.check(certificate, list(part_of.values()))
    worth, proven = check_certificate.check(certificate, part_of)
    assert worth == confirmation.objective
    assert proven == confirmation.bound >= Census(problem).optimum


def test_it_knows_every_row_and_split_of_searches_of_dozens_of_units() -> None:
    kinds, splits = set(), set()
    for seed, family in enumerate(["planar", "holed", "grid", "crossed"] * 6):
        problem = draw_problem(seed, 30, family, "millions")
        certificate, part_of = certified(problem)
        confirmation = verify.check(certificate, list(part_of.values()))
        found = check_certificate.check(certificate, part_of)
        assert found == (confirmation.objective, confirmation.bound)
        for search in certificate["searches"]:
            kinds |= {row[0] for row in search["rows"]}
            splits |= {node["split"][0] for node in search["nodes"] if node["split"]}
    assert kinds == PLAIN_ROWS
    assert splits == {"roots", "unit"}


def drawn(seed: int) -> tuple[dict[str, Any], dict[str, int], random.Random]:
    """Draw a certificate whose proofs are found by enumeration, with rows of every kind."""
    rng = random.Random(seed)
    while True:
        instance = draw_instance(rng, 7, plain=True)
        instance["pieces"] = [1, 1]
        plans = all_plans(instance)
        values = [worth(instance, plan) for plan in plans]
        if sum(map(max, instance["gains"])) > max(values):
            break
    plan = plans[values.index(max(values))] if rng.random() < 0.5 else rng.choice(plans)
    certificate = write_certificate(rng, instance, plan, kinds=PLAIN_ROWS)
    return certificate, dict(zip(instance["ids"], plan, strict=True)), rng


def answer(
    check: Callable[..., tuple[int, int] | verify.Confirmation],
    error: type[Exception],
    *given: object,
) -> tuple[int, int] | verify.Confirmation | str:
    """Return the value and the bound that are confirmed, or why nothing is."""
    try:
        return check(*given)
    except error as reason:
        return str(reason)


def compare(certificate: dict[str, Any], part_of: dict[str, int]) -> bool:
    """Let both check a certificate; whatever the one file confirms, the verifier confirms."""
    short = answer(check_certificate.check, check_certificate.RefusedError, certificate, part_of)
    long = answer(verify.check, CertificateError, certificate, list(part_of.values()))
    if isinstance(short, tuple):
        if isinstance(long, str):  # the verifier insists on the form as well
            assert "is given twice" in long, long
        else:
            assert short == (long.objective, long.bound)
    elif not isinstance(long, str):
        assert short in {
            "a search that is not connected",
            "tie is no row that this file knows",
        }, short
    return isinstance(short, tuple)


def forge(certificate: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Change a number, leave something out, or give something of another place."""
    forged = pickle.loads(pickle.dumps(certificate))  # several times as fast as a deep copy
    places = list(everything(forged["searches"]))
    holder, key = rng.choice(places)
    way = rng.random()
    if way < 0.2 and isinstance(holder, list):
        del holder[key]
    elif way < 0.4:
        others = [h[k] for h, k in places if type(h[k]) is type(holder[key])]
        holder[key] = copy.deepcopy(rng.choice(others))
    elif type(holder[key]) is bool:
        holder[key] = not holder[key]
    elif type(holder[key]) is int:
        holder[key] += rng.choice([-2, -1, 1, 2])
    return forged


def everything(
    value: list[Any] | dict[str, Any],
) -> Iterator[tuple[list[Any] | dict[str, Any], int | str]]:
    """List where everything in nested lists and dictionaries is."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in pairs:
        yield value, key
        if isinstance(one, (list, dict)):
            yield from everything(one)


@given(SEEDS)
@settings(max_examples=80)
def test_what_it_confirms_of_anything_forged_the_verifier_confirms_too(seed) -> None:
    certificate, part_of, rng = drawn(seed)
    compare(certificate, part_of)
    for _ in range(60):
        try:
            compare(forge(certificate, rng), part_of)
        except (LookupError, TypeError, ValueError):  # of other types altogether: confirms nothing
            continue


def test_most_of_what_is_drawn_is_confirmed() -> None:
    assert sum(compare(*drawn(seed)[:2]) for seed in range(40)) >= 20


def a_cycle() -> tuple[dict[str, Any], dict[str, int]]:
    """Four units around a square, each of whose sides may be anything: written by hand."""
    instance = {
        "ids": ["north", "east", "south", "west"],
        "gains": [[9, 0], [0, 4], [3, 0], [0, 5]],
        "edges": [[0, 1], [1, 2], [2, 3], [0, 3]],
        "fixed": [-1] * 4,
        "groups": [-1] * 4,
        "pieces": [1, 1],
    }
    instance |= {"edge_costs": [], "links": [], "link_costs": [], "budgets": []}
    step = {"rows": [0], "multipliers": [3], "scale": 1, "excludes": False, "zero": [], "one": []}
    search = {
        "members": [0, 1, 2, 3],
        "rotation": [[1, 3], [2, 0], [3, 1], [0, 2]],
        "rows": [["face", [0, 1], [1, 2, 3, 0]]],
        "nodes": [{"parent": -1, "branch": None, "steps": [step], "split": None}],
    }
    return {
        "format": "two-nations certificate",
        "version": 1,
        "instance": instance,
        "objective": 18,
        "bound": 18,
        "searches": [search],
    }, dict(zip(instance["ids"], [0, 1, 1, 1], strict=True))


def test_a_square_by_hand() -> None:
    """Taking turns around the square would be worth 21 voters; the row forbids that."""
    certificate, part_of = a_cycle()
    assert check_certificate.check(certificate, part_of) == (18, 18)
    assert verify.check(certificate, list(part_of.values())).bound == 18


def test_spans_are_a_constraint_that_this_file_does_not_know() -> None:
    certificate, part_of = a_cycle()
    certificate["instance"]["spans"] = [[0, 1, 2]]
    with pytest.raises(check_certificate.RefusedError, match="no other constraint"):
        check_certificate.check(certificate, part_of)


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("instance", "pieces"), [2, 1], "no other constraint"),
        (("instance", "fixed"), [0, -1, -1, -1], "no other constraint"),
        (("instance", "edge_costs"), [1, 1, 1, 1], "no other constraint"),
        (("instance", "gains", 0), [10, 0], "the plan is worth 19, not 18"),
        (("instance", "edges", 3), [1, 3], "all neighbours"),
        (("bound",), 17, "only 18 is proven, not 17"),
        (("bound",), 18.0, "only 18 is proven"),
        (("searches", 0, "members"), [0, 1, 2], "whole|other units"),
        (("searches", 0, "rotation"), None, "in order around a face"),
        (("searches", 0, "rows", 0), ["face", [0, 1], [1, 3, 2, 0]], "in order around a face"),
        (("searches", 0, "rows", 0), ["face", [0, 2], [1, 2, 3, 0]], "in order around a face"),
        (("searches", 0, "rows", 0), ["separator", 1, 1, [0, 2]], "the roots of its node"),
        (("searches", 0, "rows", 0), ["separator", 1, 1, [0, 1]], "own separator"),
        (("searches", 0, "rows", 0), ["joint", 1, [1], [[0, 2]]], "outside of its zone"),
        (("searches", 0, "rows", 0), ["apart", 1, [1, 2], []], "not kept apart"),
        (("searches", 0, "rows", 0), ["apart", 1, [1, 3], [0]], "not kept apart"),
        (("searches", 0, "rows", 0), ["apart", 1, [1, 3], [0, 1, 2]], "not kept apart"),
        (("searches", 0, "rows", 0), ["leaf", 1, 1], "may well stay"),
        (("searches", 0, "rows", 0), ["budget", 0, 1], "no row that this file knows"),
        (("searches", 0, "nodes", 0, "steps", 0, "multipliers"), [-3], "whole numbers"),
        (("searches", 0, "nodes", 0, "steps", 0, "multipliers"), [2], "only 19 is proven"),
        (("searches", 0, "nodes", 0, "steps", 0, "excludes"), True, "may have plans"),
        (("searches", 0, "nodes", 0, "steps", 0, "one"), [2], "may be on either side"),
        (("searches", 0, "nodes", 0, "split"), ["unit", 1], "without a node"),
        (("searches", 0, "nodes", 0, "split"), ["roots", 1, []], "a split on roots"),
        (("searches", 0, "nodes"), [], "without a node"),
        (("searches",), [], "in no search"),
    ],
)
def test_a_square_that_is_wrong_is_refused(
    path: tuple[str | int, ...], value: Any, reason: str
) -> None:
    certificate, part_of = a_cycle()
    *way, last = path
    holder = certificate
    for key in way:
        holder = holder[key]
    assert holder[last] != value or type(holder[last]) is not type(value)
    holder[last] = value
    with pytest.raises(check_certificate.RefusedError, match=reason):
        check_certificate.check(certificate, part_of)


def run_alone(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the file as a sceptic would, where no library can be imported."""
    command = [sys.executable, "-I", "-S", str(FILE), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_runs_without_any_library_on_a_folder(tmp_path: Path) -> None:
    certificate, part_of = a_cycle()
    lines = [f"{unit},{('red', 'blue')[part]}\n" for unit, part in part_of.items()]
    (tmp_path / "plan.csv").write_text("".join(["GEOID,nation\n", *lines]))
    with gzip.open(tmp_path / "certificate.json.gz", "wt") as stream:
        json.dump(certificate, stream)
    done = run_alone(tmp_path)
    assert done.stdout == "The plan is worth 18; no plan is worth more than 18.\n", done.stderr
    (tmp_path / "plan.csv").write_text("".join(["GEOID,nation\n", *lines, lines[0]]))
    done = run_alone(tmp_path)
    assert done.returncode == 1
    assert done.stderr == "REFUSED: plan.csv has a unit twice.\n"
    (tmp_path / "plan.csv").write_text("GEOID,nation\nnorth,green\n")
    assert run_alone(tmp_path).stderr == "REFUSED: 'green'.\n"
    certificate["searches"][0]["nodes"] = 7
    with gzip.open(tmp_path / "certificate.json.gz", "wt") as stream:
        json.dump(certificate, stream)
    (tmp_path / "plan.csv").write_text("".join(["GEOID,nation\n", *lines]))
    assert run_alone(tmp_path).stderr == "REFUSED: 'int' object is not iterable.\n"
    (tmp_path / "plan.csv").unlink()
    assert re.match(
        r"Cannot read .*plan.csv: No such file or directory\.\n", run_alone(tmp_path).stderr
    )
