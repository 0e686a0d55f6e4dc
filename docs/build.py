"""Build the site: ``python docs/build.py`` writes ``build/site``; warnings are errors.

It needs ``python -m pip install ".[docs]"``. ``--quick`` runs no examples, and ``--linkcheck`` asks
the servers of all links to other sites instead, which needs a network. What Sphinx itself takes is
handed on: ``-E`` builds everything anew, ``-j 1`` one page after the other.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sphinx.cmd.build import main

ROOT = Path(__file__).parents[1]


def build(arguments: list[str]) -> int:
    """Build the site, or check its links; returns the exit code."""
    builder = "linkcheck" if "--linkcheck" in arguments else "html"
    rest = [one for one in arguments if one not in {"--linkcheck", "--quick"}]
    if "--quick" in arguments:
        rest += ["-D", "run_examples=0"]
    target = ROOT / "build" / ("site" if builder == "html" else builder)
    fixed = ["-b", builder, "-c", ROOT / "docs", "-d", ROOT / "build" / "doctrees", "-W"]
    return main([*map(str, [*fixed, "--keep-going", "-j", 2, *rest, ROOT, target])])


if __name__ == "__main__":
    sys.exit(build(sys.argv[1:]))
