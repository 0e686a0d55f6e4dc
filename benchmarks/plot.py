"""Plot bound and incumbent over time from the tables that ``gap.py`` writes.

Run from a checkout with the package installed::

    python benchmarks/plot.py benchmarks/results/gap-60.csv --out benchmarks/results/gap-60.svg

One panel for each election and variant: the bound comes down, the best plan comes up, and what lies
between is not known.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections import defaultdict
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.ticker import FixedLocator, NullLocator, PercentFormatter, ScalarFormatter

TITLES = {
    "four": "up to four blue pieces",
    "border": "200 votes a km of frontier",
    "balanced": "45 % of the people each",
    "states": "whole states",
    "splits": "a tenth of a vote for each voter cut off",
} | {f"border-{price}": f"{price} votes a km of frontier" for price in (5, 10, 20, 50)}
MOST_ABREAST = 4
INK, BOUND, PLAN, BETWEEN = "#1f2328", "#8a3ffc", "#0f6b5c", "#ece9f4"


def read(paths: list[Path]) -> dict[tuple[str, str], list[tuple[float, int, int]]]:
    """Read the points of each election and variant, in order of time."""
    runs: dict[tuple[str, str], list[tuple[float, int, int]]] = defaultdict(list)
    for path in paths:
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                key = row["election"], row.get("variant", "plain")
                point = float(row["seconds"]), int(row["objective"]), int(row["bound"])
                runs[key].append(point)
    return {key: sorted(points) for key, points in runs.items()}


def draw(
    runs: dict[tuple[str, str], list[tuple[float, int, int]]], around: float = 0.01
) -> plt.Figure:
    """Draw a panel for each run, measured against its last bound, and as much around it."""
    mpl.rcParams.update({"font.size": 9, "svg.hashsalt": "two-nations", "axes.edgecolor": INK})
    n_rows = math.ceil(len(runs) / MOST_ABREAST)
    n_columns = math.ceil(len(runs) / n_rows)
    size = (3.4 * n_columns + 0.6, 3.2 * n_rows)
    figure, panels = plt.subplots(
        n_rows, n_columns, figsize=size, squeeze=False, layout="constrained"
    )
    for panel in panels.flat[len(runs) :]:
        panel.set_axis_off()
    for panel, ((election, variant), trace) in zip(panels.flat, runs.items(), strict=False):
        # What ends soon stays as it is for as long as the panel is wide.
        points = [*trace, (max(trace[-1][0], 10.0), *trace[-1][1:])]
        seconds = [max(second, 1.0) for second, _, _ in points]
        last = points[-1][2]
        plans = [plan / last for _, plan, _ in points]
        bounds = [bound / last for _, _, bound in points]
        panel.fill_between(seconds, plans, bounds, step="post", color=BETWEEN)
        panel.step(seconds, bounds, where="post", color=BOUND, linewidth=1.6, label="bound")
        panel.step(seconds, plans, where="post", color=PLAN, linewidth=1.6, label="best plan")
        panel.set_xscale("log")
        panel.xaxis.set_major_locator(
            FixedLocator([1, 2, 5, 10, 20, 60, 120, 300, 600, 1800, 3600])
        )
        panel.xaxis.set_minor_locator(NullLocator())
        panel.xaxis.set_major_formatter(ScalarFormatter())
        panel.set_xlim(seconds[0], seconds[-1])
        panel.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=1 if around > 1e-3 else 2))
        panel.set_ylim(1.0 - 1.5 * around, 1.0 + around)
        panel.set_xlabel("seconds")
        gap = (points[-1][2] - points[-1][1]) / points[-1][1]
        title = election if variant == "plain" else f"{election}, {TITLES.get(variant, variant)}"
        panel.set_title(
            f"{title}:\ngap {gap:.3%} after {trace[-1][0]:.0f} s", fontsize=9, loc="left"
        )
        panel.spines[["top", "right"]].set_visible(False)
    panels[0][0].legend(frameon=False, loc="lower right")
    for first in panels:
        first[0].set_ylabel("share of the last bound")
    return figure


def main() -> None:
    """Plot the tables named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs="+", type=Path)
    parser.add_argument("--around", type=float, default=0.01, help="share of the last bound")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    figure = draw(read(options.tables), options.around)
    figure.savefig(options.out, dpi=150, metadata={"Date": None})


if __name__ == "__main__":
    main()
