"""The sentence about a model's quality says what the card's rows say, also where a filter is better."""

from dataclasses import replace

import pytest

from GANEnhanceLib.models import list_models, load_model
from GANEnhanceLib.models.quality import quality_sentence

CARD = load_model("mr-denoise").card


def row(method, psnr, percent=6.0, case="mean of icbm152 and t1-head", **more):
    return {"case": case, "percent": percent, "method": method, "psnr_db": psnr, **more}


def sentence(*rows, name="mr-denoise", fidelity=0.0):
    return quality_sentence(replace(CARD, name=name, results=list(rows), fidelity_default=fidelity))


def test_of_the_shipped_model():
    rows = [r for r in CARD.results if r.get("percent") == 6.0 and r["case"].startswith("mean of")]
    best = max(r["psnr_db"] for r in rows if not r["method"].startswith(("mr-denoise", "input")))
    text = quality_sentence(CARD)
    assert "with 6 % noise: input 24.4 dB, best classical filter" in text
    assert f"{best:.1f} dB, this model 31.2 dB." in text
    (entry,) = [entry for entry in list_models() if entry.name == "mr-denoise"]
    assert entry.quality == text and entry.to_dict()["quality"] == text


def test_default_fidelity_and_middle_level_are_told():
    rows = [
        row(method, value + 10 * (percent == 3.0), percent)
        for percent in (1.0, 3.0, 10.0)
        for method, value in (
            ("input", 20.0),
            ("mr-denoise, fidelity 1", 25.0),
            ("mr-denoise, fidelity 0", 26),
        )
    ]
    assert sentence(*rows) == "On ICBM152 and the T1 head with 3 % noise: input 30.0 dB, this model 36.0 dB."
    assert "this model 35.0 dB" in sentence(*rows, fidelity=1.0)


def test_order_of_the_rows_does_not_matter():
    rows = [row(m, v, p) for p in (10.0, 1.0, 3.0) for m, v in (("input", p), ("mr-denoise", p + 1))]
    assert "with 3 % noise" in sentence(*rows)


def test_other_words_and_figures():
    rows = [
        {"case": "liver", "method": "input", "ssim": 0.5},
        {"case": "liver", "method": "us", "ssim": 0.75},
    ]
    assert sentence(*rows, name="us") == "On liver: input SSIM 0.500, this model SSIM 0.750."
    rows = [row("input", 20, noise="Rician"), row("mr-denoise", 21)]
    assert "with 6 % Rician noise" in sentence(*rows)
    assert sentence({"method": "input", "psnr_db": 1.0}, {"method": "mr-denoise", "psnr_db": 2.0}).startswith(
        "On the test volumes: "
    )


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row("input", 20.0)],
        [row("mr-denoise", 20.0)],
        [row("input", 20.0), row("mr-denoise-2", 30.0)],
        [row("input", "good"), row("mr-denoise", "better")],
        [row("input", 20.0), row("mr-denoise", 30.0, case="other")],
    ],
)
def test_nothing_is_said_where_nothing_can_be_compared(rows):
    assert sentence(*rows) == ""
