"""A script that ctest starts: it gets its arguments, and the application is there."""

import sys

import slicer

assert sys.argv[1:] == ["one", "two"], sys.argv
assert slicer.app.testingEnabled() and slicer.modules.demo.title == "Demo"
