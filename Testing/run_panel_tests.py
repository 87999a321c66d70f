"""Runs the tests of Testing/Panel, one process a file; ends with the line 'N passed, N failed'.

Usage: python Testing/run_panel_tests.py [arguments of pytest, for example -k cancel]
"""

import sys
from pathlib import Path

import pytest


class Counter:
    """Counts the outcomes that pytest reports."""

    def __init__(self):
        self.passed = self.failed = 0

    def pytest_runtest_logreport(self, report):
        """Count a test once, or a set-up or tear-down that fails."""
        self.passed += report.when == "call" and report.passed
        self.failed += report.failed

    def pytest_collectreport(self, report):
        """Count a file that cannot be collected."""
        self.failed += report.failed


def main():
    """Run pytest on the folder; returns its exit code."""
    counter = Counter()
    code = pytest.main([str(Path(__file__).parent / "Panel"), *sys.argv[1:]], plugins=[counter])
    print(f"{counter.passed} passed, {counter.failed} failed")
    return code


if __name__ == "__main__":
    sys.exit(main())
