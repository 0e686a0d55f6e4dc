"""Verify a run: recount its plan, check its certificate, and say what is proven.

This is code to be read by somebody who does not believe the solver. It shares no routine with the
rest of the program, uses neither OR-Tools nor floating point, and takes nothing of a certificate
for granted. In order:

1. :mod:`partition.verify_instance`: the plan meets every constraint, its objective is added up
   anew, and units that must stay together are contracted.
2. :mod:`partition.verify_rows`: every row is one that its family allows; its coefficients are
   derived from what it claims.
3. :mod:`partition.verify_tree`: every bound is added up in whole numbers, the leaves of each tree
   cover all plans.
4. :mod:`partition.verify_data`: votes and edges are those of the data that come with the program,
   or of the files of a map of one's own, where these are at hand.

The solver's part is to find multipliers: non-negative numbers by which valid rows are added up.
Their sum ``sum(rest * x) <= total`` holds for every plan, whoever chose them; so no plan in a node
is worth more than ``total`` plus what the units may still add. Rows called leaf hold for optimal
plans only, which is enough to bound the optimum.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import time
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from partition.errors import BundleError, CertificateError
from partition.verify_data import recount
from partition.verify_fields import distinct, entries, fail, fields, show, text, whole, wholes
from partition.verify_instance import Blocks, Instance, contract, read_instance
from partition.verify_rows import Search
from partition.verify_tree import Tree

PLAN, DOCUMENT, CERTIFICATE = "plan.csv", "run.json", "certificate.json.gz"
"""Files of a bundle that are read here."""

MAX_BYTES = 2**28
"""Largest content of a file, decompressed: 256 MiB."""

MAX_LISTS = 5_000_000
"""Largest number of lists and objects in a file: each of them takes much more than its bytes."""

ENDINGS = ("OPTIMAL", "GAP_REACHED", "TIME_LIMIT", "INTERRUPTED")
"""Statuses of a search that ended with a plan."""

NATIONS = {"red": 0, "blue": 1}
"""Part of each nation."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What has been confirmed of a run.

    Parameters
    ----------
    objective
        Of the plan, added up anew.
    bound
        What no plan exceeds, as far as the certificate proves it.
    n_units, n_searches, n_rows, n_nodes, n_steps
        Size of the certificate: units, searches, rows checked, nodes of the trees, and sums of
        rows.
    n_open
        Leaves of the trees that may hold a better plan.
    seconds
        How long the verification took.
    is_recounted
        Whether gains and edges were compared with the data that come with the program.
    source
        Where gains and edges come from, in a sentence.
    """

    objective: int
    bound: int
    n_units: int
    n_searches: int
    n_rows: int
    n_nodes: int
    n_steps: int
    n_open: int
    seconds: float
    is_recounted: bool = False
    source: str = "Gains and edges are those that the certificate states."

    @property
    def gap(self) -> float:
        """Share of the objective by which the bound is above it, as in ``run.json``."""
        if self.bound == self.objective:
            return 0.0
        return (
            (self.bound - self.objective) / abs(self.objective) if self.objective else float("inf")
        )

    @property
    def status(self) -> str:
        """``OPTIMAL`` where no plan is better, else ``BOUNDED``."""
        return "OPTIMAL" if self.bound == self.objective else "BOUNDED"

    @property
    def text(self) -> str:
        """One paragraph for people."""
        leaves = "1 leaf is" if self.n_open == 1 else f"{self.n_open:,} leaves are"
        proven = (
            "no plan is better: it is OPTIMAL"
            if self.status == "OPTIMAL"
            else f"no plan is worth more than {self.bound:,}, a gap of {self.gap:.4%}; "
            f"{leaves} open"
        )
        return (
            f"The plan divides {self.n_units:,} units, meets every constraint and is worth "
            f"{self.objective:,}; {proven}. {self.source} Checked in {self.seconds:.1f} s: "
            f"{self.n_rows:,} rows, {self.n_steps:,} sums of rows, {self.n_nodes:,} nodes."
        )


def verify(folder: str | Path) -> Confirmation:
    """Verify a bundle with a certificate.

    Parameters
    ----------
    folder
        What ``partition solve --certificate`` wrote.

    Returns
    -------
    Confirmation
        What is proven, at least what ``run.json`` claims.

    Raises
    ------
    BundleError
        When a file is missing or cannot be read.
    CertificateError
        When anything is not as claimed; the message names the file and the place.
    """
    started = time.perf_counter()
    folder = Path(folder)
    document = parse(read(folder / DOCUMENT), DOCUMENT)
    certificate = parse(read(folder / CERTIFICATE), CERTIFICATE)
    instance = read_instance(field(certificate, "instance", CERTIFICATE))
    plan, n_units = read_plan(read(folder / PLAN), instance)
    confirmation = check(certificate, plan)
    for name in ("objective", "bound"):
        if whole(field(document, name, DOCUMENT), f"{DOCUMENT}: {name}") != certificate[name]:
            fail(
                f"{DOCUMENT}: {name}",
                f"{document[name]}, the certificate says {certificate[name]}.",
            )
    status = text(field(document, "status", DOCUMENT), f"{DOCUMENT}: status")
    is_optimal = certificate["bound"] == confirmation.objective
    if status not in ENDINGS or (status == ENDINGS[0] and not is_optimal):
        fail(f"{DOCUMENT}: status", f"{show(status)} is not what the certificate proves.")
    is_recounted, source = recount(document, instance)
    seconds = time.perf_counter() - started
    return replace(
        confirmation, n_units=n_units, seconds=seconds, is_recounted=is_recounted, source=source
    )


def check(certificate: dict[str, Any], assignment: list[int]) -> Confirmation:
    """Check a certificate against a plan.

    Parameters
    ----------
    certificate
        The content of ``certificate.json.gz``, as JSON gives it.
    assignment
        Part of each unit, 0 or 1, in the order of the certificate's units.

    Returns
    -------
    Confirmation
        What is proven, at least what the certificate claims.

    Raises
    ------
    CertificateError
        When anything is not as claimed; the message names the place.
    """
    started = time.perf_counter()
    names = ("format", "version", "instance", "objective", "bound", "searches")
    kind, version, given, objective, bound, searches = fields(certificate, "certificate", names)
    if text(kind, "format") != "two-nations certificate" or whole(version, "version") != 1:
        fail("format", f"{show(kind)}, version {show(version)}; this program reads version 1.")
    instance = read_instance(given)
    plan = wholes(assignment, "plan", 0, 1, length=len(instance.ids))
    instance.check_plan(plan)
    worth = instance.objective(plan)
    if whole(objective, "objective") != worth:
        fail("objective", f"{objective}, but the plan is worth {worth}.")
    blocks = contract(instance)
    part_of = dict(zip(blocks.block_of, plan, strict=True))
    base = sum(gain[0] for gain in instance.gains)
    proven, value = base, base
    n_rows = n_nodes = n_steps = n_open = 0
    for number, (members, rest) in enumerate(divide(searches, blocks)):
        place = f"searches[{number}]"
        rotation, rows, nodes = rest
        search = Search(members, blocks, instance.pieces)
        search.read_rotation(rotation, f"{place}.rotation")
        local = [part_of[block] for block in members]
        tree = Tree(search, search.read_rows(rows, f"{place}.rows"), local)
        tree.read(nodes, f"{place}.nodes")
        value, proven = value + tree.value, proven + tree.bound
        n_rows, n_nodes = n_rows + len(tree.rows), n_nodes + len(tree.nodes)
        n_steps, n_open = n_steps + tree.n_steps, n_open + len(tree.open_leaves)
    assert value == worth, "contraction changed the value of a plan"
    if whole(bound, "bound") < proven:
        fail("bound", f"{bound}, but the searches only prove {proven}.")
    return Confirmation(
        worth,
        proven,
        len(plan),
        len(searches),
        n_rows,
        n_nodes,
        n_steps,
        n_open,
        time.perf_counter() - started,
    )


def divide(searches: Any, blocks: Blocks) -> list[tuple[list[int], list[Any]]]:
    """Read which blocks each search is about, and that no constraint reaches over two of them."""
    divided = []
    home: dict[int, int] = {}
    for number, given in enumerate(entries(searches, "searches")):
        place = f"searches[{number}]"
        members, *rest = fields(given, place, ("members", "rotation", "rows", "nodes"))
        if not distinct(members, f"{place}.members", blocks.n_blocks) or members != sorted(members):
            fail(f"{place}.members", "expected blocks in ascending order, at least one.")
        for position, block in enumerate(members):
            if home.setdefault(block, number) != number:
                fail(f"{place}.members[{position}]", f"block {block} is in two searches.")
        divided.append((members, rest))
    for block in range(blocks.n_blocks):
        if block not in home:
            fail("searches", f"block {block} is in none of them.")
    for a, b in (*blocks.edges, *blocks.ties, *blocks.links):
        if home[a] != home[b]:
            fail("searches", f"blocks {a} and {b} belong together but are in two searches.")
    if blocks.budgets and len(divided) > 1:
        fail("searches", "a budget reaches over all units; expected one search.")
    return divided


def read(path: Path) -> bytes:
    """Read a file, decompressed, unless it is too large."""
    opened = gzip.open if path.suffix == ".gz" else Path.open
    try:
        with opened(path, "rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise CertificateError(f"{path.name}: not a whole gzip file ({error}).") from None
    except OSError as error:
        raise BundleError(f"Cannot read {path}: {error.strerror}.") from None
    if len(content) > MAX_BYTES:
        raise CertificateError(f"{path.name}: more than {MAX_BYTES} bytes.")
    return bytes(content)


def parse(content: bytes, name: str) -> Any:
    """Read JSON in which no key of an object is given twice."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) < len(pairs):
            repeated = next(key for key, _ in pairs if sum(key == one for one, _ in pairs) > 1)
            raise CertificateError(f"{name}: the key {show(repeated)} is given twice.")
        return table

    if content.count(b"[") + content.count(b"{") > MAX_LISTS:
        raise CertificateError(f"{name}: more than {MAX_LISTS} lists and objects.")
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=unique)
    except RecursionError:
        raise CertificateError(f"{name}: nested too deeply.") from None
    except ValueError as error:
        raise CertificateError(f"{name}: not JSON: {error}.") from None


def field(table: Any, name: str, place: str) -> Any:
    """Read one field of an object that may have others."""
    if type(table) is not dict or name not in table:
        fail(f"{place}: {name}", "is missing.")
    return table[name]


def read_plan(content: bytes, instance: Instance) -> tuple[list[int], int]:
    """Read the part of each unit, completed, and the number of lines ``GEOID,nation``."""
    ids = instance.ids
    try:
        stream = io.StringIO(content.decode("utf-8"), newline="")
        lines = list(csv.reader(stream, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise CertificateError(f"{PLAN}: not a table: {error}.") from None
    if not lines or lines[0] != ["GEOID", "nation"]:
        fail(f"{PLAN}, line 1", "expected the header GEOID,nation.")
    unit_of = {name: unit for unit, name in enumerate(ids)}
    plan = [-1] * len(ids)
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != 2 or line[0] not in unit_of or line[1] not in NATIONS:
            fail(f"{PLAN}, line {number}", "expected a unit of the certificate with blue or red.")
        if plan[unit_of[line[0]]] >= 0:
            fail(f"{PLAN}, line {number}", f"unit {line[0]} is assigned twice.")
        plan[unit_of[line[0]]] = NATIONS[line[1]]
    complete(plan, instance)
    if -1 in plan:
        fail(PLAN, f"unit {show(ids[plan.index(-1)])} is left out.")
    return plan, len(lines) - 1


def complete(plan: list[int], instance: Instance) -> None:
    """Give a part to what is left out and no unit of land: fixed, or held by links alone."""
    pulls = [[0, 0] for _ in plan]
    for (a, b), cost in zip(instance.links, instance.link_costs, strict=True):
        for unit, other in ((a, b), (b, a)):
            if plan[other] >= 0:
                pulls[unit][plan[other]] += cost
    touching = {unit for edge in instance.edges for unit in edge}
    linked = {unit for link in instance.links for unit in link} - touching
    for unit, part in enumerate(plan):
        if part < 0 and instance.fixed[unit] >= 0:
            plan[unit] = instance.fixed[unit]
        elif part < 0 and unit in linked:
            plan[unit] = int(pulls[unit][1] > pulls[unit][0])
