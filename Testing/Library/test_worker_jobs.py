"""The line of jobs: order, progress, cancelling, and exactly one end for each."""

import threading
import time
from types import SimpleNamespace

import pytest

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.worker_jobs import Job, JobLine


class Answers(list):
    """What a job line sent; `wait_for_ends` waits for the last message of so many jobs."""

    def ends(self):
        return [message for message in list(self) if message["event"] != "progress"]

    def wait_for_ends(self, count, seconds=5.0):
        limit = time.monotonic() + seconds
        while len(self.ends()) < count:
            assert time.monotonic() < limit, f"only {self.ends()}"
            time.sleep(0.005)
        return self.ends()


@pytest.fixture
def answers():
    return Answers()


@pytest.fixture
def line(answers):
    line = JobLine(answers.append)
    yield line
    line.close(1.0)


def _progress(fraction, stage="enhancing", message=""):
    return SimpleNamespace(stage=stage, fraction=fraction, message=message, seconds_left=None)


def _job(number, steps, discard=lambda result: None):
    return Job(number, steps, discard)


def test_jobs_end_in_the_order_they_came(line, answers):
    def steps():
        yield _progress(0.5)
        return {"file": "y.npy"}

    for number in (1, 2, 3):
        line.add(_job(number, steps))
    ends = answers.wait_for_ends(3)
    assert [(end["id"], end["event"], end["file"]) for end in ends] == [
        (number, "result", "y.npy") for number in (1, 2, 3)
    ]


def test_progress_is_thinned_out_and_never_falls(line, answers):
    fractions = [0.1, 0.3, 0.2] + [0.4] * 1000 + [0.2]

    def steps():
        for fraction in fractions:
            yield _progress(fraction, message="step")
        for _ in range(5000):
            yield _progress(0.5)
        return {}

    line.add(_job(1, steps))
    answers.wait_for_ends(1)
    shown = [message["fraction"] for message in answers if message["event"] == "progress"]
    assert shown == sorted(shown)
    # Each with a message is shown, of the others only what a person can see.
    assert len(fractions) <= len(shown) < len(fractions) + 100


def test_a_running_job_is_cancelled_at_once_even_in_a_long_step(line, answers):
    inside, closed = threading.Event(), threading.Event()

    def steps():
        try:
            yield _progress(0.0)
            inside.set()
            time.sleep(1.0)  # a step of a filter
            yield _progress(0.5)
            return {"file": "y.npy"}
        finally:
            closed.set()

    line.add(_job(1, steps))
    assert inside.wait(5)
    begin = time.monotonic()
    line.cancel(1)
    (end,) = answers.wait_for_ends(1)
    assert time.monotonic() - begin < 0.5
    assert (end["event"], end["code"]) == ("error", "cancelled")
    sent = len(answers)
    assert closed.wait(5)
    time.sleep(0.05)
    assert len(answers) == sent


def test_a_result_that_comes_after_the_cancel_is_discarded(line, answers):
    inside, go_on, discarded = threading.Event(), threading.Event(), []

    def steps():
        inside.set()
        go_on.wait(5)
        return {"file": "y.npy"}
        yield

    line.add(_job(1, steps, discarded.append))
    assert inside.wait(5)
    line.cancel(1)
    go_on.set()
    line.add(_job(2, lambda: iter(())))
    answers.wait_for_ends(2)
    assert discarded == [{"file": "y.npy"}]


def test_a_waiting_job_is_cancelled_without_being_started(line, answers):
    go_on, started = threading.Event(), []

    def first():
        go_on.wait(5)
        return {}
        yield

    def second():
        started.append(2)
        return {}
        yield

    line.add(_job(1, first))
    line.add(_job(2, second))
    line.cancel(2)
    assert answers.wait_for_ends(1)[0]["id"] == 2
    go_on.set()
    answers.wait_for_ends(2)
    assert started == []


def test_cancelling_what_has_ended_changes_nothing(line, answers):
    line.cancel(99)

    def steps():
        return {}
        yield

    line.add(_job(1, steps))
    answers.wait_for_ends(1)
    line.cancel(1)
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("The volume is empty.", "Choose another."), "input"),
        (RuntimeError("broken"), "unexpected"),
        (MemoryError(), "device"),
        (SystemExit(3), "unexpected"),
    ],
)
def test_a_failing_job_ends_with_its_error_and_the_next_one_runs(line, answers, error, code):
    def failing():
        yield _progress(0.1)
        raise error

    def working():
        return {}
        yield

    line.add(_job(1, failing))
    line.add(_job(2, working))
    first, second = answers.wait_for_ends(2)
    assert (first["id"], first["event"], first["code"]) == (1, "error", code)
    assert (second["id"], second["event"]) == (2, "result")


def test_closing_cancels_all(answers):
    line = JobLine(answers.append)
    inside = threading.Event()

    def steps():
        while True:
            inside.set()
            time.sleep(0.01)
            yield _progress(0.5)

    line.add(_job(1, steps))
    line.add(_job(2, steps))
    assert inside.wait(5)
    line.close(2.0)
    assert [(end["id"], end["code"]) for end in answers.ends()] == [(1, "cancelled"), (2, "cancelled")]
