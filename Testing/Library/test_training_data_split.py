"""The split: by patient, the same at each run, never with a leak."""

import random

import pytest

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.training.config.data import SplitConfig
from GANEnhanceLib.training.data.split import LeakGuard, Member, split_patients

PATIENTS = [f"p{number:02}" for number in range(40)]


def test_the_draw_does_not_depend_on_the_order_of_files():
    config = SplitConfig(validation=0.2, test=0.1)
    shuffled = PATIENTS * 2
    random.Random(0).shuffle(shuffled)
    split = split_patients(PATIENTS, config)
    assert split == split_patients(shuffled, config)
    assert (len(split.training), len(split.validation), len(split.test)) == (28, 8, 4)
    assert sorted(split.training + split.validation + split.test) == PATIENTS


def test_another_seed_draws_others():
    one, other = (split_patients(PATIENTS, SplitConfig(seed=seed)) for seed in (0, 1))
    assert one.validation != other.validation


def test_one_more_patient_moves_few():
    """Ranks are hashes, so the others keep their order: only the ends of the parts can move."""
    before = split_patients(PATIENTS, SplitConfig(validation=0.2))
    after = split_patients([*PATIENTS, "new"], SplitConfig(validation=0.2))
    assert len(set(before.validation) - set(after.validation)) <= 1


def test_two_patients_are_enough_for_a_validation():
    split = split_patients(["a", "b"], SplitConfig(validation=0.01))
    assert len(split.validation) == len(split.training) == 1


def test_one_patient_is_refused_and_what_to_do_is_said():
    with pytest.raises(InputError, match="only one patient, 'a', so none is left") as told:
        split_patients(["a"], SplitConfig())
    assert "data.split.validation=0" in told.value.hint
    assert split_patients(["a"], SplitConfig(validation=0)).training == ("a",)


def test_too_few_patients_for_three_parts_are_refused():
    with pytest.raises(InputError, match="2 patients to share out, but 1 for validation and 1 for test"):
        split_patients(["a", "b"], SplitConfig(test=0.1))


def test_named_patients_are_taken_instead_of_a_draw():
    split = split_patients(PATIENTS, SplitConfig(validation_patients=["p03"], test_patients=["p05"]))
    assert (split.validation, split.test, len(split.training)) == (("p03",), ("p05",), 38)


def test_an_unknown_named_patient_is_refused():
    with pytest.raises(OptionError, match="names 'c', but the patients are 'a', 'b'"):
        split_patients(["a", "b"], SplitConfig(test_patients=["c"]))


def test_held_out_patients_judge_even_with_a_share_of_0():
    split = split_patients(["a", "b"], SplitConfig(validation=0), held_out={"b"})
    assert (split.training, split.validation) == (("a",), ("b",))


def test_shares_that_leave_nothing_are_refused():
    with pytest.raises(ValueError, match="leaves no patient to learn from"):
        SplitConfig(validation=0.6, test=0.4)


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (Member("test", "p1", "b", "2"), "Patient 'p1' is in two parts: 'a' in training, 'b' in test"),
        (Member("test", "p2", "a", "2"), r"'a' is in training \(patient 'p1'\) and in test"),
        (Member("test", "p2", "b", "1"), "'a' in training and 'b' in test hold the same voxels"),
    ],
)
def test_a_leak_names_both(other, sentence):
    guard = LeakGuard()
    guard.add(Member("training", "p1", "a", "1"))
    with pytest.raises(InputError, match=sentence):
        guard.add(other)
