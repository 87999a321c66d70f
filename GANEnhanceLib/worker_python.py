"""Whether this Python can run the worker at all; needs nothing but an old Python itself.

The user may have chosen the interpreter, so what it lacks is said in a message instead of a traceback.
"""

import importlib.util
import json
import sys

OLDEST = (3, 10)
NEEDED = ("numpy",)


def python_fault(version=sys.version_info, find=importlib.util.find_spec):
    """Return (sentence, hint) if the worker cannot run in this Python, else None."""
    shown = ".".join(str(number) for number in version[:3])
    if tuple(version[:2]) < OLDEST:
        oldest = ".".join(str(number) for number in OLDEST)
        return (
            f"The Python at {sys.executable} is version {shown}, but GANEnhance needs {oldest} or newer.",
            "Choose a newer Python.",
        )
    missing = [name for name in NEEDED if find(name) is None]
    if missing:
        return (
            f"The Python at {sys.executable} has no {' and no '.join(missing)}.",
            f"Install it ({sys.executable} -m pip install {' '.join(missing)}), or choose another Python.",
        )
    return None


def broken_package(error):
    """Return (sentence, hint) for a package that is there but cannot be imported."""
    reason = str(error).strip().split("\n")[0].rstrip(".")
    return (
        f"The Python at {sys.executable} cannot run the worker: {reason}.",
        "Install the packages of this Python again, or choose another one.",
    )


def refuse(stream, fault):
    """Tell the client on the protocol's stream why there is no worker."""
    sentence, hint = fault
    message = {"id": 0, "event": "error", "code": "worker", "sentence": sentence, "hint": hint}
    stream.write(json.dumps(message).encode("utf-8") + b"\n")
    stream.flush()
