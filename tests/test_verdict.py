"""The best window of the first note is read together with what was asked."""

import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_index import MODEL, always, index_of

from assistant.retrieval import find

SUREST = importlib.import_module("assistant.retrieval.find").SUREST  # the package has a function of that name

LONG = "Something else stands here. " * 100
NOTES = f"""Q. spark partitions
Smaller chunks of the data of spark.

Q. spark caching
{LONG} spark keeps frames.

Q. spark streaming ?
"""
INDEX = index_of(NOTES)


class Judging:
    """The hashing model, and a verdict by the first of the words that a text holds."""

    judges = True

    def __init__(self, **verdicts):
        self.verdicts = verdicts
        self.read_together = []
        self.embed, self.read = MODEL.embed, MODEL.read

    def judge(self, question, texts):
        self.read_together.append((question, list(texts)))
        return [next((score for word, score in self.verdicts.items() if word in text), -1.0) for text in texts]


def judged(question, model, index=INDEX):
    return find(question, index, model, always("answered"))


def test_the_verdict_on_the_first_note_is_a_signal():
    assert judged("chunks of spark", Judging(chunks=3.5)).signals["verdict"] == 3.5


def test_a_model_that_does_not_judge_gives_no_verdict():
    signals = find("spark partitions", INDEX, MODEL, always("answered")).signals
    assert not any(name.startswith("verdict") for name in signals)


def test_the_window_of_the_first_note_that_is_nearest_to_the_question_is_read_alone():
    model = Judging()
    found = judged("keeps frames", model)
    ((question, (window,)),) = model.read_together
    assert question == "keeps frames"
    assert found.hits[0].note.question == "spark caching"
    assert window.startswith("spark caching")
    assert "keeps frames" in window
    assert len(window) < len(LONG)


def test_a_repaired_question_is_judged_as_it_is_read():
    model = Judging()
    found = judged("spark partitons", model)
    assert (found.read_as, model.read_together[0][0]) == ("spark partitions", "spark partitions")


def test_where_there_is_nothing_to_read_the_verdict_is_a_sure_no():
    model = Judging(spark=2.0)
    assert judged("spark", model, index_of("Q. spark ?\n")).signals["verdict"] == -SUREST
    assert model.read_together == []


@given(st.floats(allow_nan=False))
def test_a_verdict_never_runs_away(score):
    verdict = judged("chunks of spark", Judging(chunks=score)).signals["verdict"]
    assert -SUREST <= verdict <= SUREST
    assert verdict == score or abs(score) > SUREST


@pytest.mark.parametrize(
    ("question", "says", "only_near"),
    [
        (
            "how do i get back a deleted object",
            "When you delete an object, a delete marker becomes the current version; older versions can be restored.",
            "Versioning is enabled at the bucket level, not for individual objects.",
        ),
        (
            "how long does the water have to boil",
            "Bring the water to a boil and keep it there for ten minutes.",
            "The pot holds two litres of water, and its lid has a small hole.",
        ),
    ],
)
def test_the_text_that_says_it_is_judged_above_the_text_that_is_only_near(real_embedder, question, says, only_near):
    good, near = real_embedder.judge(question, [f"my notes\n{says}", f"my notes\n{only_near}"])
    assert good > near
