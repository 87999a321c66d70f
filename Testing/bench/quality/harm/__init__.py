"""What a model must not do: lose or invent structures, change what it was not made for, or clean images.

Each test gives bars as `quality.bars` does, with rows of figures beside them.
"""
