"""Puts the quality benchmark, which lies beside the library, on the path of the tests that import it."""

import sys
from pathlib import Path

_BENCH = str(Path(__file__).resolve().parents[1] / "bench")
if _BENCH not in sys.path:
    sys.path.insert(0, _BENCH)
