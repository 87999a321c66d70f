"""The process that computes for the Slicer panel and for `WorkerSession`: `python -m GANEnhanceLib.worker`.

Looks first if this Python can run it: the interpreter may be one that the user chose.
"""

import sys

from GANEnhanceLib.worker_python import broken_package, python_fault, refuse


def main():
    """Run the worker; ends the process with code 0, or 1 if it cannot run or something is wrong with it."""
    fault = python_fault()
    if fault is not None:
        refuse(sys.stdout.buffer, fault)
        sys.exit(1)
    try:
        from GANEnhanceLib.worker_process import run_worker
    except ImportError as error:
        refuse(sys.stdout.buffer, broken_package(error))
        sys.exit(1)
    run_worker()


if __name__ == "__main__":
    main()
