"""Judges a generator, while it trains and before it is exported, on patients that it did not learn from."""
