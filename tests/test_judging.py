"""One set of weights, two uses: with the gate off the model is itself, with the gate on it judges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.embed import MINILM, copying, judging, open_embedder, weights
from assistant.embed.bulk import Bulk

TEXTS = ["what is a mutex?", "", "A lock that one thread holds at a time. " * 9, "数据库 索引", "x" * 700]
PAIRS = [(question, text) for question in TEXTS[:2] + TEXTS[4:] for text in TEXTS]


@pytest.fixture(scope="module")
def plain():
    return Bulk(weights.find(MINILM).folder())


@pytest.fixture(scope="module")
def adapted():
    minilm = weights.find(MINILM)
    return Bulk(minilm.folder(), judging.adapter(minilm))


def nothing(_):
    pass


def test_the_adapter_leaves_the_vectors_as_they_are_to_the_last_bit(plain, adapted):
    assert np.array_equal(plain.embed(TEXTS, nothing), adapted.embed(TEXTS, nothing))
    adapted.judge("what is a mutex?", TEXTS)
    assert np.array_equal(plain.embed(TEXTS, nothing), adapted.embed(TEXTS, nothing))


def test_the_gate_is_shut_again_when_judging_fails(plain, adapted, monkeypatch):
    monkeypatch.setattr(adapted.adapted, "score", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        adapted.judge("what is a mutex?", TEXTS)
    assert np.array_equal(plain.embed(TEXTS, nothing), adapted.embed(TEXTS, nothing))


def test_the_copy_judges_as_the_model_does(real_embedder, adapted):
    for question, text in PAIRS:
        (ours,), (theirs,) = real_embedder.judge(question, [text]), adapted.judge(question, [text])
        assert ours == pytest.approx(theirs, abs=copying.CLOSE)


def test_a_copy_that_judges_otherwise_is_refused(adapted, monkeypatch, tmp_path):
    spoilt = judging.adapter(weights.find(MINILM))
    session = copying.write_copy(weights.find(MINILM), adapted, tmp_path)
    assert copying._same_verdicts(session, adapted)
    other = judging.Adapter({name: array * 1.5 for name, array in spoilt.arrays.items()})
    assert not copying._same_verdicts(session, Bulk(weights.find(MINILM).folder(), other))


def test_the_texts_are_judged_one_by_one_whatever_stands_beside_them(real_embedder):
    together = real_embedder.judge("what is a mutex?", TEXTS)
    assert together == [real_embedder.judge("what is a mutex?", [text])[0] for text in TEXTS]
    assert real_embedder.judge("what is a mutex?", []) == []


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=300), st.text(max_size=2000))
def test_any_question_and_any_text_get_a_finite_verdict(real_embedder, question, text):
    (score,) = real_embedder.judge(question, [text])
    assert np.isfinite(score)


def test_a_long_question_and_a_long_text_share_what_the_model_reads(real_embedder):
    long = "how does the lock of the interpreter work " * 200
    assert all(np.isfinite(score) for score in real_embedder.judge(long, [long, "short"]))


def test_a_copy_made_with_another_adapter_is_made_anew(adapted, monkeypatch, tmp_path):
    minilm = weights.find(MINILM)
    copying.write_copy(minilm, adapted, tmp_path)
    assert copying.open_copy(minilm, tmp_path) is not None
    monkeypatch.setattr(judging, "fingerprint", lambda _: "another")
    assert copying.open_copy(minilm, tmp_path) is None


def test_an_adapter_fits_the_model_that_it_was_learnt_for_and_no_other(tmp_path):
    minilm, other = weights.find(MINILM), weights.Model("other", "other 1 unit")
    assert judging.fits(minilm)
    assert not judging.fits(other)
    assert judging.adapter(other) is None
    assert (judging.fingerprint(other), len(judging.fingerprint(minilm))) == ("", 64)
    assert open_embedder(MINILM, tmp_path).judges


def test_every_update_has_a_layer_of_the_model_and_its_shape(plain):
    arrays = judging.adapter(weights.find(MINILM)).arrays
    bert = plain.model[0].model
    updated = {name.rpartition(".")[0] for name in arrays if name.endswith((".down", ".up"))}
    assert updated
    for name in updated:
        layer = bert.get_submodule(name)
        down, up = arrays[f"{name}.down"], arrays[f"{name}.up"]
        assert (down.shape[1], up.shape[0], down.shape[0]) == (layer.in_features, layer.out_features, up.shape[1])
