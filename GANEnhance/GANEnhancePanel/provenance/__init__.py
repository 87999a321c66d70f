"""Where a result comes from, said wherever it is seen.

`annotation` marks slice views that show an enhanced volume; `describe` puts the node's attributes into plain
words; `again` sets the panel as it was for a result; `section` has the widgets. `startup` begins what does
not wait for the panel: the marks, and the entries that `GANEnhanceSubjectHierarchyPlugin` adds to the menu
of a volume in the Data module.
"""
