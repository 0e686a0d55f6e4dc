"""The verifier shares no routine with the program."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import partition


def test_the_verifier_shares_no_routine_with_the_program() -> None:
    folder = Path(partition.__file__).parent / "verify"
    modules = [path.relative_to(folder.parent).with_suffix("") for path in folder.rglob("*.py")]
    own = {".".join(("partition", *path.parts)).removesuffix(".__init__") for path in modules}
    verifier = {"partition.errors"} | own
    # Maps of one's own are read by those who can read them, who know nothing of the search.
    contracts = tomllib.loads((folder.parents[1] / "pyproject.toml").read_text())
    ignored = next(
        one["ignore_imports"]
        for one in contracts["tool"]["importlinter"]["contracts"]
        if one.get("source_modules") == ["partition.verify"]
    )
    readers = {one.split(" -> ")[1] for one in ignored if one.startswith("partition.verify.own")}
    assert all(one.startswith("shapefiles.") for one in readers)
    for path in folder.rglob("*.py"):
        allowed = verifier | (readers if path.stem == "own" else set())
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                names = {node.module}
            elif isinstance(node, ast.Import):
                names = {alias.name for alias in node.names}
            else:
                continue
            assert all(
                name in allowed
                or name.split(".")[0] in sys.stdlib_module_names
                or name == "pyarrow.parquet"
                or (name in {"numpy", "shapely"} and path.stem == "touching")
                for name in names
            ), (path, names)


def test_the_verifier_runs_without_the_solver_in_memory() -> None:
    code = (
        "import sys, partition.verify; "
        "print(*(m for m in ('ortools', 'networkx', 'solvers', 'shapefiles') if m in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not ran.stdout.strip()
