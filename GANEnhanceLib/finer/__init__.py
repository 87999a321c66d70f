"""Finer grids: where their voxels lie, how a coarse image is brought onto them, and what a scanner would have
measured of a fine one. Needed by training and engine alike, so that both mean the same by a thick slice.
"""
