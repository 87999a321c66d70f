"""Stand-in of `slicer.packaging` (Slicer 5.11 and newer): looks, but installs nothing.

`pip_ensure` in testing mode installs nothing in Slicer either; `pip_install`, which does, is refused here.
"""

import logging
from importlib import metadata

from packaging.requirements import Requirement


def _requirements(given):
    if isinstance(given, str):
        return [Requirement(word) for word in given.split()]
    if isinstance(given, Requirement):
        return [given]
    return [Requirement(each) if isinstance(each, str) else each for each in given]


def _satisfied(requirement):
    if requirement.extras:
        raise NotImplementedError(f"the harness does not look into extras ({requirement})")
    if requirement.marker is not None and not requirement.marker.evaluate():
        return True
    try:
        return metadata.version(requirement.name) in requirement.specifier
    except metadata.PackageNotFoundError:
        return False


def load_requirements(path):
    """Requirements of a requirements.txt file, without comments and options."""
    with open(path) as lines:
        wanted = [line.strip() for line in lines]
    return [Requirement(line) for line in wanted if line and line[0] not in "#-"]


def pip_check(req):
    """Whether all requirements are installed."""
    return all(_satisfied(requirement) for requirement in _requirements(req))


def pip_ensure(
    requirements,
    constraints=None,
    skip_packages=None,
    prompt_install=True,
    prompt_restart=True,
    requester=None,
    skip_in_testing=True,
    show_progress=True,
):
    """Do nothing if all is there or `skip_in_testing`; else the same as `pip_install`."""
    missing = [requirement for requirement in _requirements(requirements) if not _satisfied(requirement)]
    if missing and skip_in_testing:
        logging.info("Testing mode: not installed: %s", ", ".join(map(str, missing)))
    elif missing:
        pip_install([str(requirement) for requirement in missing])


def pip_install(requirements, **options):
    """RuntimeError: the harness installs nothing."""
    raise RuntimeError(f"the harness installs nothing, asked for {requirements}")


def isPipInstallInProgress():
    """False: nothing is ever installed."""
    return False
