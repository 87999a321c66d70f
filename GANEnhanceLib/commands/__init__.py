"""The commands of `ganenhance`, one file each: `add_parser` describes the arguments, `run` does the work.

Nothing heavy is imported here or at file scope there, so that usage errors and lists come at once.
"""
