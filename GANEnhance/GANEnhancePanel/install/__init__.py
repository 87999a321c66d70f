"""The first minute: which device runs, packages that are missing, another Python, a sample to try."""
