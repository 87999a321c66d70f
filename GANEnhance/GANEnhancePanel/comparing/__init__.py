"""Compares a result with its source in the slice views, and gives the user's own views back afterwards.

`section` has the widgets; `comparison` decides what the views show; `views` finds them by their MRML nodes;
`sidebyside` has the layouts of our own; `userviews` remembers and restores what the views showed before;
`pair` says what can be compared; `fills` makes voxels of two volumes, block by block, and `mixture` is the
hidden volume that holds them; `colors` has the colors of a difference; `looks` keeps window and level alike.
"""
