"""The family of exceptions: what each carries, and that it survives the way between processes."""

import pickle

import pytest

from GANEnhanceLib import errors

CODES = {
    "InputError": "input",
    "OptionError": "option",
    "ModelError": "model",
    "ContractError": "contract",
    "DeviceError": "device",
    "OutputError": "output",
    "WorkerError": "worker",
}


@pytest.mark.parametrize("name", CODES)
def test_each_error_tells_sentence_hint_and_code(name):
    error = getattr(errors, name)("The value is 3.", "Use 4.")
    assert isinstance(error, errors.GANEnhanceError)
    assert (error.code, error.sentence, error.hint) == (CODES[name], "The value is 3.", "Use 4.")
    assert str(error) == "The value is 3. Use 4."


def test_an_error_without_a_hint_is_its_sentence():
    assert str(errors.InputError("The value is 3.")) == "The value is 3."


def test_an_error_survives_pickling():
    error = pickle.loads(pickle.dumps(errors.OutputError("No room.", "Make some.")))
    assert (type(error), error.sentence, error.hint) == (errors.OutputError, "No room.", "Make some.")


def test_a_broken_contract_is_a_wrong_input():
    with pytest.raises(errors.InputError):
        raise errors.ContractError("It is CT.")
