"""Proofs that a run writes: whole or not at all, the same twice, and refused where touched."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import partition
import solvers.solve
from partition.errors import CertificateError
from partition.land.dataset import Dataset
from partition.runs.bundle import CERTIFICATE
from partition.scenario import Scenario
from partition.verify import verify
from shapefiles.units import Units
from solvers.result import Result, Status
from tests.partition.conftest import CODE, Invoke


@pytest.fixture(scope="module")
def proven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the country, divided for two rounds of the search, with its certificate."""
    run = partition.solve("counties", iterations=2, certify=True)
    assert run.result.status is Status.TIME_LIMIT
    return run.write(tmp_path_factory.mktemp("proven") / "run")


def test_the_bound_of_the_country_is_confirmed_from_its_files_alone(proven: Path) -> None:
    document = json.loads((proven / "run.json").read_text(encoding="utf-8"))
    confirmation = verify(proven)
    assert confirmation.is_recounted
    assert confirmation.objective == document["objective"]
    assert confirmation.bound == document["bound"]
    assert confirmation.n_units == 3113


def test_two_runs_of_as_many_rounds_write_the_same_plan_and_the_same_proof(
    proven: Path, tmp_path: Path
) -> None:
    again = partition.solve("counties", iterations=2, certify=True).write(tmp_path / "again")
    for name in ("plan.csv", CERTIFICATE, "report.json"):
        assert (again / name).read_bytes() == (proven / name).read_bytes(), name


def test_the_command_verifies_a_bundle_and_names_what_was_touched(
    proven: Path, invoke: Invoke, tmp_path: Path
) -> None:
    code, stdout, stderr = invoke("verify", str(proven))
    assert code == 0, stderr
    assert "3,113 units" in stdout
    assert json.loads(invoke("verify", str(proven), "--json")[1])["is_recounted"] is True
    touched = tmp_path / "touched"
    touched.mkdir()
    for file in proven.iterdir():
        (touched / file.name).write_bytes(file.read_bytes())
    with gzip.open(proven / CERTIFICATE) as stream:
        certificate = json.load(stream)
    certificate["bound"] -= 1
    (touched / CERTIFICATE).write_bytes(gzip.compress(json.dumps(certificate).encode()))
    code, _, stderr = invoke("verify", str(touched))
    assert code == 1
    assert "bound: " in stderr
    assert invoke("verify", str(tmp_path / "nothing"))[0] == 2


def test_an_optimum_is_called_one_only_when_its_proof_holds(
    squares: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = partition.solve(data=squares)
    assert run.result.status is Status.OPTIMAL
    assert run.result.certificate is not None
    assert run.result.certificate["instance"]["ids"] == squares.ids.tolist()

    def forged(*arguments: object) -> dict[str, object]:
        certificate = dict(run.result.certificate or {})
        certificate["searches"] = []
        return certificate

    monkeypatch.setattr("solvers.solve.certificate", forged)
    with pytest.raises(CertificateError, match="searches"):
        partition.solve(data=squares)


def test_a_run_killed_at_any_moment_leaves_a_whole_bundle_or_none(tmp_path: Path) -> None:
    """Kill the process later and later, until it gets to its end."""
    units = Dataset.embedded().units
    rng = np.random.default_rng(0)
    n_whole = 0
    for attempt, seconds in enumerate([0.8, *rng.uniform(1.0, 6.0, 2), 60.0]):
        target = tmp_path / f"run{attempt}"
        command = [sys.executable, "-c", "from partition.cli import main; main()"]
        process = subprocess.Popen(
            [*command, "solve", "archipelago", "--quiet", "--out", str(target)],
            cwd=tmp_path,
            env={"PYTHONPATH": str(CODE), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
            stdout=subprocess.DEVNULL,
        )
        started = time.monotonic()
        while process.poll() is None and time.monotonic() - started < seconds:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if target.exists():
            n_whole += 1
            plan = partition.read(target).plan
            votes = units.votes["2016"]
            assert (plan.assignment == (votes[:, 0] > votes[:, 1])).mean() > 0.99
            assert verify(target).status == "OPTIMAL"
    assert n_whole, "the last attempt had a minute"


def test_iterations_alone_stop_the_clock() -> None:
    scenario = Scenario.shipped("counties")
    assert scenario.override(iterations=5).limits.for_solver().time_limit == 604_800
    both = scenario.override(iterations=5, time_limit=9).limits.for_solver()
    assert (both.rounds, both.time_limit) == (5, 9)


@pytest.mark.usefixtures("scenarios")
def test_a_certificate_that_was_asked_for_is_missed(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = solvers.solve.solve

    def too_soon(*given: Any, **options: Any) -> Result:
        return replace(whole(*given, **options), certificate=None)

    with monkeypatch.context() as patch:
        patch.setattr("solvers.solve.solve", too_soon)
        code, _, stderr = invoke("solve", "s0.toml", "--out", "run", "--certificate")
        assert code == 0
        assert "There is no certificate" in stderr
        assert "--time-limit" in stderr
    code, _, stderr = invoke(
        "solve", "s0.toml", "--out", "run", "--certificate", "--time-limit", "60", "--force"
    )
    assert (code, "There is no certificate" in stderr) == (0, False)
    assert invoke("verify", "run")[0] == 0
