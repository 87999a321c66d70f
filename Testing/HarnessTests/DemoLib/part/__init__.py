"""A part of the library."""

TWO = 2
