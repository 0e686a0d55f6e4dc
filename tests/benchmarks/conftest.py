"""Find the benchmarks, which are no installed package."""

from __future__ import annotations

import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

# A source distribution comes without them.
collect_ignore = [] if BENCHMARKS.is_dir() else ["test_peers.py", "test_slack.py"]
sys.path.append(str(BENCHMARKS))
