"""Trees of cases, cut down to the bytes that there is room for.

All cases below one bound are left as they were before they were split: of as many bytes, no other
cut has a lower one. Of each case the last proof is left, whose bound stands without what those
before it had fixed: 43 cases of 2016 came to the same bound with 39 proofs as with 128.
"""

from __future__ import annotations

import json
from dataclasses import replace

from partition.runs.run import Run
from solvers.exact.node import whole_of
from solvers.exact.record import Case, Record
from solvers.exact.regrowth import regrown
from solvers.exact.tree import Tree
from solvers.knowledge import Knowledge
from solvers.lessons import graph_hash
from solvers.model import Model
from solvers.reduction import find_domains, reduce

SCALE = 2**4
"""What multipliers of a tree are whole parts of a vote of: 2 ** 20 as they are found. The bound of
2016 was 20 votes higher with these, and the file half as large."""

TRIES = 8
"""How often the room for a tree is halved between too little and too much."""


def with_tree(kept: Knowledge, known: Knowledge, run: Run, room: int) -> Knowledge:
    """Add what is known case by case, down to the lowest bound that fits into so many bytes."""
    reduction = reduce(run.question.formulation.problem)
    plan = run.question.formulation.expand(run.plan).assignment
    if reduction is None:
        return kept
    members = max(find_domains(reduction.problem), key=len)
    model = Model(reduction.problem.subproblem(members))
    tree = known.tree(model)
    if tree is None:
        return kept
    value = model.value(reduction.restrict(plan)[members])
    record = regrown(model, whole_of(model), tree, value, known.rows(model)).record
    low, high, best = value, max(map(bound_of, record.cases)), kept
    for _ in range(TRIES):
        bound = (low + high) // 2
        cut = coarser(Tree.of(model.problem, cut_at(record, bound)))
        graph = graph_hash(model.n_units, model.edges)
        lessons = tuple(
            replace(one, trees=(cut,)) if one.graph == graph else one for one in kept.lessons
        )
        fuller = replace(kept, lessons=lessons)
        if len(fuller.packed(densely=True)) <= room:
            best, high = fuller, bound
        else:
            low = bound
    return best


def bound_of(case: Case) -> int:
    """State the least that is proven of a case alone; 0 where nothing is."""
    return min((step.bound for step in case.steps if not step.is_exclusion), default=0)


def cut_at(record: Record, bound: int) -> Record:
    """Leave the last proof of each case, and of cases with no larger bound what they split into."""
    cut, numbers = Record(cases=[], rows=record.rows), {-1: -1}
    for number, case in enumerate(record.cases):
        if case.parent in numbers:
            numbers[number] = len(cut.cases)
            is_low = bool(case.steps) and bound_of(case) <= bound
            left = replace(case, parent=numbers[case.parent], steps=case.steps[-1:])
            cut.cases.append(replace(left, split=None) if is_low else left)
            if cut.cases[-1].split is None:
                del numbers[number]
    return cut


def coarser(tree: Tree) -> Tree:
    """Round the multipliers of a tree, which costs some sharpness and nothing else."""
    document = json.loads(tree.text)
    for step in (step for node in document["nodes"] for step in node["steps"]):
        if step["scale"] > SCALE and not step["excludes"]:
            rounded = [round(one * SCALE / step["scale"]) for one in step["multipliers"]]
            used = [(row, one) for row, one in zip(step["rows"], rounded, strict=True) if one]
            rows, multipliers = zip(*used, strict=True) if used else ((), ())
            step |= {"rows": list(rows), "multipliers": list(multipliers), "scale": SCALE}
    return replace(tree, text=json.dumps(document, separators=(",", ":")))
