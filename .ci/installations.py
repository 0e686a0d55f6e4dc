"""Install the wheel with each Python, and with the lowest versions of what it needs, and try it.

Each is a fresh environment, outside the checkout, with tests from the source distribution.

Run with uv installed, from the folder of the checkout or of an unpacked source distribution::

    python -m build --outdir dist . && python .ci/installations.py dist

Tried are the newest versions of all dependencies with each Python that pyproject.toml names and
that is here, and with the oldest Python the lowest versions that pyproject.toml allows (what they
need in turn is the newest that they allow). Pythons are looked for under their names, python3.12
say, in PATH and among those of pyenv and uv; what is not here is named, and not tried.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGES = ("partition", "maps", "shapefiles", "solvers")
QUICK_TESTS = (
    "tests/shapefiles/test_polygons.py",
    "tests/shapefiles/test_tables.py",
    "tests/shapefiles/test_coverage.py",
    "tests/maps/test_static.py::test_a_plan_of_one_nation_and_a_single_unit_can_be_drawn",
)
UNWANTED = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "VIRTUAL_ENV"}
# Old versions meet newer ones of what they need, which tell them of names that will go.
LENIENT = ("-W", "ignore::DeprecationWarning", "-W", "ignore::PendingDeprecationWarning")


class Trial(NamedTuple):
    """An environment to try."""

    name: str
    python: Path
    resolution: str
    """Which versions uv takes."""

    @property
    def options(self) -> tuple[str, ...]:
        """What pytest is told of warnings."""
        return LENIENT if self.resolution == "lowest-direct" else ()


class Outcome(NamedTuple):
    """How it went."""

    trial: Trial
    seconds: float
    failed: str
    """What a failed command wrote; empty where none failed."""


def claimed() -> list[str]:
    """List the Pythons that pyproject.toml names, the oldest first."""
    names = [one.rpartition(" ")[2] for one in PROJECT["classifiers"]]
    return sorted(filter(re.compile(r"3\.\d+").fullmatch, names), key=lambda one: int(one[2:]))


def candidates(name: str) -> Iterator[Path]:
    """List where a Python may be."""
    for folder in os.get_exec_path():
        yield Path(folder) / name
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    uv = Path.home() / ".local" / "share" / "uv" / "python"
    for versions in (pyenv / "versions", uv):
        yield from sorted(versions.glob(f"*/bin/{name}"))


def find(version: str) -> Path | None:
    """Find a Python that runs and is of this version; a name alone may be that of a shim."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"
    for path in candidates(f"python{version}"):
        if path.is_file():
            told = subprocess.run([path, "-c", ask], capture_output=True, text=True, check=False)
            if told.returncode == 0 and told.stdout.startswith(f"{version} "):
                return Path(told.stdout.split(" ", 1)[1].strip())
    return None


def run(*command: object, cwd: Path) -> str:
    """Run a command to its end and return what it printed."""
    done = subprocess.run(
        [str(one) for one in command],
        cwd=cwd,
        # The first process keeps the bytecode of what it imports, for those that follow.
        env={name: value for name, value in os.environ.items() if name not in UNWANTED},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    return done.stdout


def try_out(trial: Trial, wheel: Path, tests: Path, work: Path) -> None:
    """Install, ask for the version, solve, verify, and run the quick tests."""
    work.mkdir()
    python, program = work / "env" / "bin" / "python", work / "env" / "bin" / "partition"
    run("uv", "venv", "--quiet", "--no-python-downloads", "--python", trial.python, "env", cwd=work)
    given = ("--no-build", "--resolution", trial.resolution)
    run("uv", "pip", "install", "--python", python, *given, f"{wheel}[test]", cwd=work)
    version = run(program, "--version", cwd=work).strip()
    if version != f"partition ({PROJECT['name']}) {PROJECT['version']}":
        raise ValueError(f"partition --version says: {version}")
    run(program, "solve", "archipelago", "--iterations", "3", "--certificate", cwd=work)
    told = run(program, "verify", "runs/archipelago-2016", cwd=work)
    if "Recounted: every vote" not in told:
        raise ValueError(f"partition verify says: {told}")
    run(
        python,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *trial.options,
        *QUICK_TESTS,
        cwd=tests,
    )


def report(trial: Trial, wheel: Path, tests: Path, work: Path) -> Outcome:
    """Try an environment, take it away again, and say how it went."""
    started, failed = time.monotonic(), ""
    try:
        try_out(trial, wheel, tests, work)
    except subprocess.CalledProcessError as error:
        failed = f"{' '.join(error.cmd)}\n{error.output}"
    except ValueError as error:
        failed = str(error)
    shutil.rmtree(work)
    return Outcome(trial, time.monotonic() - started, failed)


def trials() -> Iterator[Trial]:
    """List what is to be tried, and say which Pythons are not here."""
    found = {version: find(version) for version in claimed()}
    for number, (version, python) in enumerate(found.items()):
        if python is None:
            print(f"Python {version}: not here, so that nothing is tried with it")
            continue
        if number == 0:
            yield Trial(f"Python {version}, lowest versions", python, "lowest-direct")
        yield Trial(f"Python {version}, newest versions", python, "highest")


def unpack_tests(sdist: Path, folder: Path) -> Path:
    """Unpack a source distribution without its packages, so that only what is installed is."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (top,) = folder.iterdir()
    for package in PACKAGES:
        shutil.rmtree(top / package)
    return top


def main() -> None:
    """Try all, two at a time; end with 1 where one failed."""
    parser = argparse.ArgumentParser(description="Try the wheel with each Python that is here.")
    parser.add_argument("dist", type=Path, help="folder with one wheel and one source distribution")
    parser.add_argument("--without", default="", help="a Python whose newest versions were tried")
    options = parser.parse_args()
    (wheel,), (sdist,) = options.dist.glob("*.whl"), options.dist.glob("*.tar.gz")
    left_out = f"Python {options.without}, newest versions"
    found = list(trials())
    chosen = [trial for trial in found if trial.name != left_out]
    if not found:
        sys.exit("There is none of these Pythons here, so that nothing was tried.")
    if not chosen:
        print(f"{left_out}: tried elsewhere, and no other Python is here")
        return
    with (
        tempfile.TemporaryDirectory(prefix="installations-") as folder,
        ThreadPoolExecutor(2) as pool,
    ):
        work = Path(folder)
        tests = unpack_tests(sdist.resolve(), work / "sdist")
        waiting = [
            pool.submit(report, trial, wheel.resolve(), tests, work / str(number))
            for number, trial in enumerate(chosen)
        ]
        outcomes = [one.result() for one in waiting]
    for trial, seconds, failed in outcomes:
        print(f"{trial.name}: {'FAILED' if failed else 'passed'} in {seconds:.0f} s", failed)
    if any(one.failed for one in outcomes):
        sys.exit(1)


if __name__ == "__main__":
    main()
