"""The tables of the worker's methods: each method of the protocol has exactly one place."""

from GANEnhanceLib import protocol
from GANEnhanceLib.methods import JOBS, PROMPT


def test_every_method_of_the_protocol_has_one_place():
    # `cancel` and `shutdown` are the worker's own.
    assert sorted([*PROMPT, *JOBS, "cancel", "shutdown"]) == sorted(protocol.METHODS)


def test_every_method_is_specified():
    for method in protocol.METHODS:
        assert f"Method `{method}`" in protocol.__doc__, method
