"""The one family of exceptions of GANEnhanceLib.

Every failure that a person can meet is one sentence that names the wrong value, and a hint that says what to
do next. The command prints both, the worker sends `code`, `sentence` and `hint` as they are, and the panel
shows the same text.
"""


class GANEnhanceError(Exception):
    """A failure told to the user: `sentence` says what is wrong, `hint` (may be empty) what to do next."""

    code = "error"

    def __init__(self, sentence: str, hint: str = ""):
        """Make the failure of one sentence and one hint."""
        super().__init__(sentence, hint)  # both are in args, so that the error survives pickling
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        """Give the sentence and the hint, as the command prints them."""
        return f"{self.sentence} {self.hint}".strip()


class InputError(GANEnhanceError):
    """A volume or file that cannot be used."""

    code = "input"


class OptionError(GANEnhanceError):
    """An option with a value that is not allowed."""

    code = "option"


class ModelError(GANEnhanceError):
    """A model that is unknown, broken, unsafe or changed."""

    code = "model"


class ExistsError(ModelError):
    """A model of that name is there already."""

    code = "exists"


class ContractError(InputError):
    """A volume that does not suit the chosen model."""

    code = "contract"


class DeviceError(GANEnhanceError):
    """A device or backend that is not there, or that ran out of memory at its smallest step."""

    code = "device"


class OutputError(GANEnhanceError):
    """A result that cannot be written."""

    code = "output"


class WorkerError(GANEnhanceError):
    """Trouble with the worker process or with its messages."""

    code = "worker"
