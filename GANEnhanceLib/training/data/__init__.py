"""Volumes of a training: found, split by patient, held in memory, and cut into patches."""
