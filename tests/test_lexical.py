"""The words of the notes: what they weigh, how they are spelt, and what a misspelt one was meant to be."""

from __future__ import annotations

import functools
import io
import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from prompts import notes

from assistant import lexical
from assistant.errors import IndexDamagedError
from assistant.lexical import english, spelling
from assistant.lexical.words import FUNCTION_WORDS

SEED = notes((Path(__file__).parents[1] / "corpus" / "notes.txt").read_text("utf-8"))
VOCABULARY = ["python", "spark", "s3", "lambda", "lock", "locks", "cache", "caching", "thread", "the", "x"]
VOCABULARY += ["versoning", "versioning", "idempotentt", "idempotent"]
WORDS = st.sampled_from(VOCABULARY)
DOCUMENTS = st.lists(
    st.builds(
        lambda title, body: lexical.document(" ".join(title), " ".join(body)),
        st.lists(WORDS, max_size=4),
        st.lists(WORDS, max_size=20),
    ),
    min_size=1,
    max_size=8,
)


@functools.cache
def seed():
    return lexical.build([lexical.document(note.question, note.answer) for note in SEED])


def seed_words():
    return sorted({word for note in SEED for word in lexical.words(f"{note.question} {note.answer}")})


# --- scores


@settings(deadline=None)
@given(DOCUMENTS, st.lists(WORDS, max_size=5))
@example([lexical.document("", "")], ["python"])
def test_a_lexicon_that_was_saved_and_loaded_gives_the_same_scores(documents, question):
    made = lexical.build(documents)
    read = lexical.load(made.save())
    stems = [made.stem(word) for word in question]
    assert [read.stem(word) for word in question] == stems
    np.testing.assert_array_equal(read.scores(stems), made.scores(stems))
    for stem in stems:
        assert read.weight(stem) == made.weight(stem)
        assert [read.holds(stem, note) for note in range(len(documents))] == [
            made.holds(stem, note) for note in range(len(documents))
        ]
    assert read.save() == made.save()


def oracle(documents, stem):
    """BM25 as its library counts it, over texts stemmed by us."""
    from bm25s import BM25

    texts = [[stem(word) for word in 2 * found.title + found.body] for found in documents]
    bm25 = BM25(method="lucene", k1=1.5, b=0.75)
    bm25.index(texts, show_progress=False)
    return bm25


@settings(deadline=None)
@given(DOCUMENTS, st.lists(WORDS, min_size=1, max_size=5, unique=True))
def test_scores_are_those_of_the_library(documents, question):
    assume(any(found.title or found.body for found in documents))
    made = lexical.build(documents)
    stems = list(dict.fromkeys(made.stem(word) for word in question))
    known = [stem for stem in stems if any(made.holds(stem, note) for note in range(len(documents)))]
    assume(known)
    expected = oracle(documents, made.stem).get_scores(known)
    np.testing.assert_allclose(made.scores(stems), expected, rtol=1e-5, atol=1e-6)


def test_scores_on_the_real_notes_are_those_of_the_library():
    documents = [lexical.document(note.question, note.answer) for note in SEED]
    bm25 = oracle(documents, seed().stem)
    for text in ("restore deleted objects in s3", "python global interpreter lock", "kafka fetch sizes", "spark cache"):
        np.testing.assert_allclose(
            seed().scores(seed().stems(text)), bm25.get_scores(seed().stems(text)), rtol=1e-5, atol=1e-6
        )


@settings(deadline=None)
@given(DOCUMENTS)
def test_weights_run_from_a_word_of_every_note_to_a_word_of_none(documents):
    made = lexical.build(documents)
    weights = {word: made.weight(made.stem(word)) for word in VOCABULARY}
    counts = {word: sum(made.holds(made.stem(word), note) for note in range(len(documents))) for word in VOCABULARY}
    assert made.weight("zebrafish") == 1.0
    assert all(0 < weight <= 1 for weight in weights.values())
    ordered = sorted(VOCABULARY, key=counts.get)
    assert all(weights[one] >= weights[other] for one, other in itertools.pairwise(ordered))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda files: files.pop("words.json"),
        lambda files: files.pop("words-notes.npy"),
        lambda files: files.update({"words.json": b"{}"}),
        lambda files: files.update({"words.json": b"[]"}),
        lambda files: files.update({"words.json": b"\xff"}),
        lambda files: files.update({"words-times.npy": b""}),
        lambda files: files.update({"words-times.npy": files["words-times.npy"][:-1]}),
        lambda files: files.update({"words-starts.npy": npy(np.zeros(3, np.int64))}),
        lambda files: files.update({"words-notes.npy": npy(np.zeros(3, np.int32))}),
        lambda files: files.update({"words-notes.npy": npy(np.array([{}], dtype=object), allow_pickle=True)}),
    ],
)
def test_files_that_do_not_fit_together_are_damage(spoil):
    files = seed().save()
    spoil(files)
    with pytest.raises(IndexDamagedError):
        lexical.load(files)


def npy(array, **options):
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


# --- words


@given(st.text(max_size=60))
def test_words_are_folded_and_never_empty(text):
    found = lexical.words(text)
    assert found == [word for word in found if word]
    assert lexical.words(text.upper().lower()) == lexical.words(text.upper().lower().lower())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("S3's Versioning", ["s3", "versioning"]),
        ("fetch.min.bytes", ["fetch", "min", "bytes"]),
        ("__pycache__", ["pycache"]),
        ("Café \uff21\uff22\uff23", ["cafe", "abc"]),
        ("don’t", ["don't"]),
        ("… !?", []),
    ],
)
def test_words_of_a_text(text, expected):
    assert lexical.words(text) == expected


@given(st.lists(st.sampled_from([*VOCABULARY, "what", "is", "of"]), max_size=8))
def test_stems_are_each_once_and_fall_back_to_all_words(question):
    stems = seed().stems(" ".join(question))
    assert len(stems) == len(set(stems))
    assert bool(stems) == bool(question)


def test_overlap_is_the_share_of_common_words():
    assert lexical.overlap("ab", "bc") == pytest.approx(1 / 3)
    assert lexical.overlap("", "") == 1.0


# --- spelling


def test_a_word_of_the_notes_is_never_repaired():
    assert len(seed_words()) > 1_000
    assert [word for word in seed_words() if seed().suggest(word) is not None] == []


def english_words():
    return [line.split(" ")[0] for line in english._text().split("\n") if line]


def test_an_english_word_is_never_repaired():
    assert len(english_words()) > 80_000
    assert [word for word in english_words()[::40] if seed().suggest(word) is not None] == []


def test_a_function_word_is_never_repaired():
    assert [word for word in FUNCTION_WORDS if seed().suggest(word) is not None] == []


@given(st.text(max_size=12))
@settings(deadline=None)
def test_a_repair_is_a_known_spelling_near_to_what_was_written(text):
    for word in lexical.words(text):
        found = seed().suggest(word)
        if found is not None:
            meant, likeness = found
            assert spelling.NEAREST <= likeness <= 1
            assert all(seed().knows(part) or english.is_word(part) for part in meant.split())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("decoratr", "decorator"),
        ("pyhton", "python"),
        ("bukceting", "bucketing"),
        ("lamdba", "lambda"),
        ("encrytion", "encryption"),
        ("shufling", "shuffling"),
        ("coldstart", "cold start"),
    ],
)
def test_a_misspelt_word_is_repaired(written, meant):
    suggestion = seed().suggest(written)
    assert suggestion is not None
    assert seed().stems(suggestion[0]) == seed().stems(meant)


def test_numbers_and_short_or_strange_words_are_left_alone():
    for word in ("3.13", "x1", "zq", "qqqqqqqq", "sse", "kubernetes7"):
        assert seed().suggest(word) is None


def test_a_word_that_the_notes_misspell_has_the_stem_of_the_word_that_was_meant():
    assert seed().stem("versoning") == seed().stem("versioning") == lexical.stem("version")
    twice = [number for number, note in enumerate(SEED) if "versoning" in note.question]
    assert len(twice) == 2
    assert all(seed().holds(seed().stem("versioning"), number) for number in twice)


@pytest.mark.parametrize("word", ["can't", "can’t", "I've", "wouldn't", "wouldnt", "they're", "what's", "ive"])
def test_a_shortened_function_word_says_no_more_than_the_long_one(word):
    assert lexical.is_function_word(word.lower())
    assert lexical.content_words(f"{word} kafka") == ["kafka"]


@pytest.mark.parametrize(("one", "many"), [("rdd", "rdds"), ("vm", "vms"), ("api", "apis"), ("pdf", "pdfs")])
def test_an_abbreviation_and_its_plural_have_one_stem(one, many):
    assert lexical.stem(one) == lexical.stem(many)


@pytest.mark.parametrize("name", ["css", "ss", "as", "s", "is"])
def test_an_abbreviation_that_only_ends_like_a_plural_keeps_its_end(name):
    assert lexical.stem(name) == name


def test_names_that_no_list_holds_keep_their_own_stem():
    for name in ("pyspark", "kafka", "dynamodb", "idempotent"):
        assert seed().stem(name) == lexical.stem(name)


def test_what_was_judged_before_gives_the_same_lexicon_without_looking_again(monkeypatch):
    documents = [lexical.document(note.question, note.answer) for note in SEED]
    monkeypatch.setattr(spelling, "_correct", lambda *_: pytest.fail("a word was looked at again"))
    kept = np.arange(len(documents))
    kept[3] = -1
    assert seed().after(kept, {3: documents[3]}, len(documents)).save() == seed().save()


@settings(deadline=None)
@given(st.lists(st.tuples(DOCUMENTS, st.randoms()), min_size=1, max_size=4))
def test_a_lexicon_after_any_edits_is_that_of_its_notes(versions):
    """Notes stay, go, come and change places; and a misspelt word may lose the word that it was taken for."""
    lexicon, before = lexical.empty(), []
    for wanted, chance in versions:
        kept = [document for document in before if chance.random() < 2 / 3]
        documents = chance.sample([*kept, *wanted], len(kept) + len(wanted))
        now, new = _moves(before, documents)
        lexicon, before = lexical.load(lexicon.save()).after(now, new, len(documents)), documents
        assert lexicon.save() == lexical.build(documents).save()


def _moves(before, documents):
    """Where each document stands now, and those that stood nowhere."""
    left = dict(enumerate(documents))
    now = np.full(len(before), -1)
    for old, document in enumerate(before):
        now[old] = next((position for position, other in left.items() if other is document), -1)
        left.pop(int(now[old]), None)
    return now, left


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([("idempotentt", ""), ("idempotent", "")], [("idempotentt", "")]),
        ([("idempotentt", "")], [("idempotentt", ""), ("unrelated", "idempotent")]),
        ([("partitoin", "")], [("partitoin", ""), ("partition", "partitions")]),
        ([("thromboses", "thrombosed"), ("thrombosee", "")], [("thrombosee", ""), ("thromboses", "")]),
    ],
)
def test_a_word_is_judged_again_when_a_word_that_is_near_comes_or_goes(before, after):
    old, new = ([lexical.document(*entry) for entry in entries] for entries in (before, after))
    now = np.array([next((at for at, entry in enumerate(after) if entry == gone), -1) for gone in before])
    come = {at: new[at] for at, entry in enumerate(after) if entry not in before}
    assert lexical.build(old).after(now, come, len(new)).save() == lexical.build(new).save()


def test_without_its_list_every_word_counts_as_english(monkeypatch):
    monkeypatch.setattr(english, "find_spec", lambda _: None)
    for cached in (english._text, english.is_word, english.common_words, english.salience):
        cached.cache_clear()
    try:
        assert english.is_word("qqzx")
        assert seed().suggest("decoratr") is None
        assert lexical.build([lexical.document("versoning", "versioning")]).stem("versoning") == "verson"
    finally:
        for cached in (english._text, english.is_word, english.common_words, english.salience):
            cached.cache_clear()


def test_salience_is_all_for_names_and_numbers_and_little_for_common_words():
    assert lexical.salience("s3") == lexical.salience("pyspark") == 1.0
    assert english.LEAST_SALIENT <= lexical.salience("time") < lexical.salience("partition") < 1.0


@settings(deadline=None)
@given(st.text(st.sampled_from("abXY01'_- .,\n\t`s’é"), max_size=20))
def test_words_of_plain_text_are_read_as_those_of_any_other(text):
    """A word beyond ASCII behind it takes the text the long way round."""
    assert lexical.words(f"{text} é")[:-1] == lexical.words(text)
