"""Backends: what runs a network on one batch of blocks."""
