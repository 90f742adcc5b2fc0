"""Questions find notes: scored as documented, repaired only where nothing is lost, judged by a file of numbers."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_index import MODEL, always, embed, index_of

from assistant import passages, retrieval
from assistant.errors import SettingsError
from assistant.retrieval import confidence, ranking
from assistant.retrieval.confidence import Confidence, Logistic, Outcomes
from assistant.retrieval.repair import MOST_READINGS, repaired
from assistant.types import PASSAGE_KINDS

NAMES = ["spark", "lambda", "python", "kafka", "bucket", "mutex", "thread", "cache", "subnet", "version"]
WORDS = st.sampled_from([*NAMES, "what", "is", "the", "of"])
TITLES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
LINES = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
ANSWERS = st.one_of(st.just(""), st.lists(LINES, min_size=1, max_size=4).map(".\n".join))
NOTES = st.lists(st.tuples(TITLES, ANSWERS), min_size=1, max_size=12)
QUESTIONS = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
OUTCOMES = st.sampled_from(["answered", "noted_unanswered", "not_in_notes"])


class Scripted:
    """A model whose vectors come from a function; it reads as the other one does."""

    def __init__(self, embed):
        self.embed = embed
        self.read, self.judges = MODEL.read, False


def text_of(pairs):
    return "\n\n".join(f"Q. {title}\n{answer}" for title, answer in pairs)


def found_in(index, question, status="answered"):
    return retrieval.find(question, index, MODEL, always(status))


TWO_TOPICS = "Q. kafka cache\nread faster\n\nQ. spark lambda\nit is a bucket\n\nQ. mutex\nfor a thread\n"


def test_each_part_of_a_question_brings_the_note_that_answers_it():
    index = index_of(TWO_TOPICS)
    parts = ("what is the spark lambda", "what is a mutex")
    found = retrieval.find(" and ".join(parts), index, MODEL, always("answered"), parts=parts)

    assert [(hit.note.id, hit.part) for hit in found.hits] == [("n2", parts[0]), ("n3", parts[1]), ("n1", "")]


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        (("what is a mutex", "what is the mutex"), "answered"),
        (("what is a mutex", "kafka cache"), "not_in_notes"),
        ((), "answered"),
    ],
)
def test_a_question_whose_parts_have_one_place_or_no_answer_is_searched_for_as_a_whole(parts, status):
    index, question = index_of(TWO_TOPICS), "mutex of a thread"
    found = retrieval.find(question, index, MODEL, always(status), parts=parts)

    assert found == retrieval.find(question, index, MODEL, always(status))
    assert {hit.part for hit in found.hits} == {""}


COMPARED = "Q. kafka cache\nread faster\n\nQ. what is a mutex\none thread\n\nQ. what is a bucket\nfor versions\n"


@pytest.mark.parametrize(
    "question",
    [
        "mutex vs bucket",
        "compare a mutex and a bucket for me",
        "what do the mutex and the bucket each do",
        "mutx vs bukcet",
    ],
)
def test_two_things_compared_are_found_in_the_note_of_each(question):
    found = found_in(index_of(COMPARED), question)

    assert [(hit.note.id, hit.part) for hit in found.hits[:2]] == [("n2", "what is mutex"), ("n3", "what is bucket")]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (COMPARED + "\nQ. mutex or bucket\nthe mutex for threads, the bucket for versions\n", "mutex vs bucket"),
        (COMPARED, "mutex vs subnet"),
        (COMPARED, "faster vs bucket"),
        ("Q. how does a kafka thread read its mutex\nfaster\n\nQ. what is a bucket\nfor versions\n", "mutex vs bucket"),
    ],
)
def test_a_comparison_is_no_two_questions_where_one_note_has_both_or_none_is_on_a_side(text, question):
    assert {hit.part for hit in found_in(index_of(text), question).hits} == {""}


# --- the score


def oracle(index, stems, vector, note):
    """The score of one note, from all its rows and in plain words."""
    rows = [row for row in range(index.answered_rows) if index.row_notes[row] == note]
    cosine = dict.fromkeys(PASSAGE_KINDS, ranking.ABSENT)
    for row in rows:
        kind = PASSAGE_KINDS[index.row_kinds[row]]
        cosine[kind] = max(cosine[kind], float(index.vectors.vectors([row])[0] @ vector))
    rarity = [index.words.weight(stem) for stem in stems]
    held = sum(weight for stem, weight in zip(stems, rarity, strict=True) if index.words.holds(stem, note))
    coverage = held / sum(rarity) if sum(rarity) else 0.0
    best = max(cosine["title"], cosine["unit"], cosine["window"])
    return (
        ranking.BEST * best
        + ranking.WINDOW * cosine["window"]
        + ranking.BARE * cosine["bare"]
        + ranking.COVERAGE * coverage
    )


def ranked(index, question):
    stems, (vector,) = index.words.stems(question), embed([question])
    return ranking.rank(index, stems, vector), {
        note: oracle(index, stems, vector, note) for note in range(len(index.notes)) if index.notes[note].answered
    }


@settings(deadline=None, max_examples=60)
@given(NOTES, QUESTIONS)
def test_the_score_is_the_documented_one_and_the_best_come_first(pairs, question):
    index = index_of(text_of(pairs))
    found, expected = ranked(index, question)
    assert sorted(found.notes.tolist()) == sorted(expected)
    np.testing.assert_allclose(found.scores, [expected[note] for note in found.notes.tolist()], atol=1e-5)
    order = [(-round(score, 6), note) for note, score in zip(found.notes.tolist(), found.scores.tolist(), strict=True)]
    assert order == sorted(order)


@settings(deadline=None, max_examples=40)
@given(NOTES, QUESTIONS, st.integers(1, 4), st.integers(0, 2))
def test_with_fewer_candidates_the_scores_of_those_that_remain_stay_exact(pairs, question, rows, worded):
    index = index_of(text_of(pairs))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "NEAREST_ROWS", rows)
        patch.setattr(ranking, "MOST_WORDS", worded)
        found, expected = ranked(index, question)
    assert len(found.notes) <= rows + worded
    np.testing.assert_allclose(found.scores, [expected[note] for note in found.notes.tolist()], atol=1e-5)
    nearest, _ = index.vectors.search(embed([question])[0], rows, last=index.answered_rows)
    assert set(index.row_notes[nearest].tolist()) <= set(found.notes.tolist())
    if worded and expected:
        by_words = index.words.scores(index.words.stems(question))
        best = int(np.argmax(by_words))
        assert best in found.notes or not by_words[best] or not index.notes[best].answered


def test_equal_notes_come_in_reading_order():
    index = index_of("Q. kafka lag\nread faster\n\nQ. kafka lag\nread faster\n\nQ. kafka lag\nread faster\n")
    assert [hit.note.id for hit in found_in(index, "kafka lag").hits] == ["n1", "n2", "n3"]


# --- the hits


@settings(deadline=None, max_examples=60)
@given(NOTES, QUESTIONS, OUTCOMES)
def test_hits_hold_each_note_once_and_an_open_question_first_only_as_the_outcome(pairs, question, status):
    index = index_of(text_of(pairs))
    found = found_in(index, question, status)
    names = [hit.note.id for hit in found.hits]
    assert len(names) == len(set(names)) <= 10
    first, *rest = found.hits or (None,)
    opened = found.status == "noted_unanswered"
    assert not opened or not first.note.answered
    assert found.status != "answered" or first.note.answered
    assert found.status == status or {note.answered for note in index.notes} != {True, False}
    open_ones = sum(not hit.note.answered for hit in found.hits)
    assert open_ones <= 1
    scores = [hit.score for hit in (found.hits if found.status == "not_in_notes" else rest)]
    assert scores == sorted(scores, reverse=True) or np.allclose(scores, sorted(scores, reverse=True), atol=1e-5)


@settings(deadline=None, max_examples=40)
@given(NOTES, QUESTIONS, OUTCOMES)
def test_what_cannot_be_is_never_the_outcome(pairs, question, status):
    """Without an open question nothing is noted, and without an answer nothing is answered."""
    index = index_of(text_of(pairs))
    found = found_in(index, question, status)
    states = {note.answered for note in index.notes}
    assert found.status != "noted_unanswered" or False in states
    assert found.status != "answered" or True in states


@settings(deadline=None, max_examples=40)
@given(NOTES, QUESTIONS)
def test_the_blocks_of_a_hit_are_scored_with_and_without_their_title(pairs, question):
    index = index_of(text_of(pairs))
    (vector,) = embed([question])
    for hit in found_in(index, question, "not_in_notes").hits:  # the first hit of an answer is read more closely
        number = index.notes.index(hit.note)
        texts = {}
        for one in passages.split(number, hit.note):
            if one.kind in ("unit", "bare"):
                texts.setdefault(one.block, []).append(one.text)
        expected = {block: float(np.mean(embed(both) @ vector)) for block, both in texts.items()}
        assert {unit.block for unit in hit.units} == expected.keys()
        assert all(math.isclose(unit.score, expected[unit.block], abs_tol=1e-5) for unit in hit.units)
        assert list(hit.units) == sorted(hit.units, key=lambda unit: (-unit.score, unit.block))


@settings(deadline=None, max_examples=40)
@given(NOTES, QUESTIONS)
def test_the_fitted_confidence_takes_whatever_is_found(pairs, question):
    index = index_of(text_of(pairs))
    found = retrieval.find(question, index, MODEL, retrieval.load())
    assert 0 <= found.confidence <= 1
    assert all(math.isfinite(value) for value in found.signals.values())


def test_an_open_question_is_found_by_its_words_and_cited_first():
    index = index_of(
        "Q. kafka cache\nread faster\n\nQ. mutex of the thread\n\nQ. spark cache version\n\nQ. lambda\n1. bucket\n"
    )
    found = found_in(index, "spark cache version", "noted_unanswered")
    assert [hit.note.id for hit in found.hits] == ["n3", "n1", "n4"]
    assert found.hits[0].units == ()
    assert found.hits[0].score == pytest.approx(1.0)


def test_among_the_closest_stands_the_persons_own_open_question():
    index = index_of("Q. kafka cache\nread faster\n\nQ. spark cache version\n\nQ. lambda\n1. bucket\n")
    found = found_in(index, "spark cache version", "not_in_notes")
    assert found.hits[0].note.id == "n2"
    assert not found.hits[0].note.answered


@pytest.mark.parametrize("sign", ["\uff9e", "\ufe70", "\u2474", "\u0301", "\ufb01", "\u212a", "\ud800"])
def test_signs_that_fold_to_no_word_do_no_harm(sign):
    index = index_of("Q. spark cache\nread faster\n\nQ. kafka\nread slower\n")
    assert found_in(index, f"spark {sign} cache {sign}").hits[0].note.id == "n1"


# --- repair


def test_a_repaired_question_is_told_and_one_without_typos_is_not():
    index = index_of("Q. partitions in spark\nSmaller chunks.\n\nQ. kafka consumers\nRead faster.\n")
    found = found_in(index, "partitons in sparkk?")
    assert (found.question, found.read_as) == ("partitons in sparkk?", "partitions in spark?")
    assert found_in(index, "partitions in spark?").read_as is None


def test_a_rewritten_question_is_told_beside_what_was_asked():
    index = index_of("Q. partitions in spark\nSmaller chunks.\n")
    found = retrieval.find("partitions in spark", index, MODEL, always("answered"), asked="and in spark?")
    assert (found.question, found.read_as) == ("and in spark?", "partitions in spark")


LOSSES = [(0.0, True), (0.07, True), (0.09, False), (0.9, False), (-0.5, True)]
WRITTEN = {"yestreday": "yesterday", "partitons": "partitions"}


@pytest.mark.parametrize(("loss", "taken"), LOSSES)
def test_a_repair_that_loses_what_the_question_was_near_to_is_not_taken(loss, taken):
    assert (read_as("yestreday", loss) == "yesterday") == taken


@pytest.mark.parametrize(("loss", "_"), LOSSES)
def test_a_repair_into_a_word_of_the_notes_was_meant_whatever_it_loses(loss, _):
    assert read_as("partitons", loss) == "partitions"


def read_as(question, loss):
    """How a question is read whose repair loses so much of the best cosine."""
    index = index_of("Q. partitions in spark\nSmaller chunks.\n\nQ. kafka consumers\nRead faster.\n")
    one = np.linalg.svd(index.vectors.vectors()[: index.answered_rows])[2]
    outside, title = one[-1], index.vectors.vectors()[0]
    assert abs(outside @ title) < 1e-5

    def scripted(texts):
        cosines = [0.5, 0.5 - loss][: len(texts)]
        return np.array([cosine * title + math.sqrt(1 - cosine**2) * outside for cosine in cosines], np.float32)

    found = retrieval.find(question, index, Scripted(scripted), always("answered"))
    assert found.read_as in (None, WRITTEN[question])
    return found.read_as


@pytest.mark.parametrize(("answered", "read_as"), [(False, "yesterday"), (True, "yesterday")])
def test_a_repair_that_leads_to_an_open_question_is_as_good_as_one_that_leads_to_an_answer(answered, read_as):
    second = "Q. kafka consumers\n" + "Read faster.\n" * answered
    index = index_of("Q. partitions in spark\nSmaller chunks.\n\n" + second)
    first, *_, last = [
        index.vectors.vectors()[row]
        for row in np.flatnonzero(index.row_kinds == PASSAGE_KINDS.index("title"))  # of the one and of the other note
    ]
    model = Scripted(lambda texts: np.stack([0.8 * first, last][: len(texts)]))

    assert retrieval.find("yestreday", index, model, always("answered")).read_as == read_as


def test_both_readings_are_embedded_at_once():
    asked = []
    index = index_of("Q. partitions in spark\nSmaller chunks.\n")

    def counted(texts):
        asked.append(list(texts))
        return embed(texts)

    retrieval.find("partitons", index, Scripted(counted), always("answered"))
    retrieval.find("partitions", index, Scripted(counted), always("answered"))
    assert asked == [["partitons", "partitions"], ["partitions"]]


@given(st.lists(st.sampled_from(["Partitions", "SPARK", "s3!", "x = [1]", "the\n", "3.13", "partitons", "Smallr,"])))
def test_repair_touches_misspelt_words_only(parts):
    words = index_of("Q. partitions in spark\nSmaller chunks.\n").words
    expected = " ".join(parts).replace("partitons", "partitions").replace("Smallr", "smaller")
    assert next(iter(repaired(" ".join(parts), words)), " ".join(parts)) == expected


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("what does smaler=all mean", "what does smaller=all mean"),
        ("what does yestreday=all mean", None),
        ("conf.yestreday and max.yestreday.records", None),
        ("--yestreday-memory", None),
        ("the _yestreday", None),
        ("yestreday()", None),
        ("was that yestreday. Or yestreday?", "was that yesterday. Or yesterday?"),
        ("yestreday-like", "yesterday-like"),
        ("mallerchunks=1", None),
        ("x.smallerchunks", "x.smaller chunks"),
    ],
)
def test_in_code_only_words_of_the_notes_are_meant(question, read):
    words = index_of("Q. partitions in spark\nSmaller chunks.\n").words
    assert next(iter(repaired(question, words)), None) == read


BRINE = "Q. salt brine\nTwo spoons.\n\nQ. guests bring\nBread and wine, they bring both.\n"


@pytest.mark.parametrize(
    ("question", "read_as"),
    [("salt brin", "salt brine"), ("guests brin", "guests bring")],
)
def test_a_typo_of_two_words_of_the_notes_is_read_as_the_one_that_fits_the_rest(question, read_as):
    assert found_in(index_of(BRINE), question).read_as == read_as


def test_no_more_readings_than_are_worth_their_time():
    words = index_of(BRINE).words
    readings = repaired("brin brrin brinn gusts sallt", words)
    assert 1 < len(readings) <= MOST_READINGS
    assert len(set(readings)) == len(readings)


# --- confidence


def fitted():
    return json.loads((files("assistant.retrieval") / confidence.DEFAULT).read_text("utf-8"))


def test_what_speaks_for_an_answer_raises_the_confidence_and_what_is_missing_lowers_it():
    answered = fitted()["answered"]
    weight = dict(zip(answered["features"], answered["weights"], strict=True))

    assert all(weight[name] > 0 for name in ("best_cosine", "text_cosine", "margin", "match_rare"))
    assert all(weight[name] < 0 for name in weight if name.endswith("_missing"))
    assert weight["salient_missing"] + weight["salient_unknown"] < 0, "a word the notes lack is no recommendation"


def test_the_outcome_follows_the_thresholds():
    def judged(noted, answered, *, thresholds=(0.5, 0.5, 0.5)):
        made = Outcomes(
            Logistic(("noted",), (0.0,), (1.0,), (1.0,), 0.0),
            thresholds[0],
            thresholds[1],
            Logistic(("answered",), (1.0,), (2.0,), (4.0,), 0.0),
            thresholds[2],
        )
        return made.judge({"noted": noted, "answered": answered})

    assert judged(-1, 1)[0] == "answered"
    assert judged(-1, 0.99)[0] == "not_in_notes"
    assert judged(0, 1)[0] == "noted_unanswered"
    assert judged(0, 1, thresholds=(0.5, 0.51, 0.5))[0] == "answered"
    assert judged(0, 1, thresholds=(0.5, 0.51, 0.51))[0] == "noted_unanswered"
    assert judged(0, 0.99, thresholds=(0.51, 0.5, 0.5))[0] == "not_in_notes"
    assert judged(-1, 1, thresholds=(0.5, 0.5, 0.51))[0] == "not_in_notes"
    assert judged(-1, 2)[1] == pytest.approx(1 / (1 + math.exp(-2)))
    assert judged(1, 2)[1] == pytest.approx(1 / (1 + math.exp(-2)) * (1 - 1 / (1 + math.exp(-1))))
    assert 0 <= judged(-1e9, 1e9)[1] <= 1


def test_a_file_of_ones_own_is_taken(tmp_path):
    path = tmp_path / "mine.json"
    data = fitted()
    data["answered"]["threshold"] = 0.75
    path.write_text(json.dumps(data))
    mine, ours = retrieval.load(path), retrieval.load()
    assert mine.outcomes[0].answered_threshold == 0.75
    assert replace(mine.outcomes[0], answered_threshold=ours.outcomes[0].answered_threshold) == ours.outcomes[0]
    assert mine.outcomes[1:] == ours.outcomes[1:]


def test_the_first_models_whose_signals_are_measured_decide():
    def knowing(*features, intercept):
        each = (tuple(0.0 for _ in features), tuple(1.0 for _ in features), tuple(0.0 for _ in features))
        logistic = Logistic(features, *each, intercept)
        return Outcomes(Logistic(features, *each, -9.0), 0.5, 0.5, logistic, 0.5)

    made = Confidence((knowing("seen", "verdict", intercept=-2.0), knowing("seen", intercept=2.0)), {})
    assert made.judge({"seen": 1.0, "verdict": 1.0})[0] == "not_in_notes"
    assert made.judge({"seen": 1.0, "other": 1.0})[0] == "answered"
    with pytest.raises(SettingsError, match="the signal seen"):
        made.judge({"verdict": 1.0})


def test_the_package_can_do_without_a_verdict_and_prefers_one():
    with_verdict, without = retrieval.load().outcomes
    assert {"verdict"} <= with_verdict.signals
    assert not any(name.startswith("verdict") for name in without.signals)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("noted"),
        lambda data: data.update(answered=[]),
        lambda data: data["answered"].pop("threshold"),
        lambda data: data["answered"].update(threshold="high"),
        lambda data: data["answered"].update(threshold=None),
        lambda data: data["answered"].update(threshold=math.nan),
        lambda data: data["noted"]["mean"].pop(),
        lambda data: data["noted"]["features"].append("another"),
        lambda data: data["noted"].update(weights=[[] for _ in data["noted"]["weights"]]),
        lambda data: data["noted"].update(scale=[0 for _ in data["noted"]["scale"]]),
        lambda data: data["noted"].update(intercept=math.inf),
        lambda data: data["noted"].update(mean=[math.nan for _ in data["noted"]["mean"]]),
        lambda data: data.update(fitted_on=None) or data.update(noted=None),
    ],
)
def test_a_file_that_makes_no_model_is_an_error_of_the_settings(tmp_path, spoil):
    data = fitted()
    spoil(data)
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(data))
    with pytest.raises(SettingsError, match=r"mine\.json"):
        retrieval.load(path)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b'{"noted": ', b"null", b'"noted"', b"1"])
def test_a_file_that_is_no_such_object_is_an_error_of_the_settings(tmp_path, content):
    path = tmp_path / "mine.json"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"mine\.json"):
        retrieval.load(path)


def test_a_file_that_is_not_there_is_an_error_of_the_settings(tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(SettingsError):
            retrieval.load(path)


def test_a_signal_that_is_not_measured_is_an_error_of_the_settings(tmp_path):
    data = {**fitted(), "otherwise": []}
    data["answered"]["features"][0] = "phase_of_the_moon"
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(data))
    with pytest.raises(SettingsError, match="phase_of_the_moon"):
        retrieval.find("spark", index_of("Q. spark\nfast\n"), MODEL, retrieval.load(path))


def test_searching_changes_nothing_for_the_next_question():
    index = index_of("Q. partitions in spark\nSmaller chunks.\n\nQ. kafka consumers\nRead faster.\n")
    before = found_in(index, "kafka consumers")
    found_in(index, "spark")
    assert found_in(index, "kafka consumers") == before
