"""A failure that a command typed into a terminal repairs."""

from GANEnhanceLib.errors import GANEnhanceError


class RepairableError(GANEnhanceError):
    """Says in `hint` what the `command` is good for; the panel offers to copy it."""

    def __init__(self, sentence, hint, command):
        """Make the failure of one sentence, one hint and one command."""
        super().__init__(sentence, hint)
        self.command = command
