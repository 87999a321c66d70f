"""Runs the quality benchmark: `python Testing/bench/quality`, also where the library is not installed."""

import sys
from pathlib import Path

_BENCH = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_BENCH), str(_BENCH.parents[1])]

from quality.command import run  # noqa: E402

if __name__ == "__main__":
    sys.exit(run())
