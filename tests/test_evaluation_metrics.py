"""Metrics: what they give, against an outside yardstick and against answers made to fool them."""

from dataclasses import replace
from itertools import pairwise

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, R, Success, nDCG

from assistant.evaluation.cases.gold import bind
from assistant.evaluation.metrics import BY_NAME, METRICS, score
from assistant.evaluation.metrics.retrieval import ndcg, recall, reciprocal_rank, success
from assistant.evaluation.wording import says, statements, traceable
from assistant.types import Unsupported
from tests.fake_evaluation import CASES, PAIRS, answer, asker, cite, corpus, hits, suite

NAMES = [f"note-{letter}" for letter in "abcdefghijklmno"]


@pytest.fixture
def world(tmp_path):
    return corpus(), {case.id: case for case in suite(tmp_path).cases}


def value(name, case, given, world):
    return next(each.value for each in score(bind(case, world), given) if each.metric == name)


@given(
    st.lists(st.sampled_from(NAMES), unique=True),
    st.dictionaries(st.sampled_from(NAMES), st.integers(1, 2), min_size=1),
)
def test_ranking_metrics_agree_with_ir_measures(ranked, grades):
    wanted = [ir_measures.Qrel("q", name, grade) for name, grade in grades.items()]
    run = [ir_measures.ScoredDoc("q", name, -float(rank)) for rank, name in enumerate(ranked)] or [
        ir_measures.ScoredDoc("q", "nothing", 0.0)
    ]
    theirs = ir_measures.calc_aggregate([Success @ 1, Success @ 3, RR @ 10, R @ 5, nDCG @ 10], wanted, run)

    assert success(ranked, grades, 1) == pytest.approx(theirs[Success @ 1])
    assert success(ranked, grades, 3) == pytest.approx(theirs[Success @ 3])
    assert reciprocal_rank(ranked, grades, 10) == pytest.approx(theirs[RR @ 10])
    assert recall(ranked, grades, 5) == pytest.approx(theirs[R @ 5])
    assert ndcg(ranked, grades, 10) == pytest.approx(theirs[nDCG @ 10])


def test_every_case_and_metric_gives_exactly_one_score(world):
    notes, cases = world
    ask = asker(notes)
    for case in cases.values():
        for given_answer in (ask(case.ask), None):
            scores = score(bind(case, notes), given_answer)
            assert [each.metric for each in scores] == [metric.name for metric in METRICS]
            assert {each.case for each in scores} == {case.id}


def test_a_crash_scores_the_worst_of_everything_that_applies(world):
    notes, cases = world
    scores = {each.metric: each.value for each in score(bind(cases["roux-thickens"], notes), None)}

    assert scores["hit@1"] == scores["nuggets_vital"] == scores["citation_f1"] == 0
    assert scores["over_abstention"] == 1
    assert scores["false_answer"] is None
    for metric in METRICS:
        if scores[metric.name] is not None:
            assert scores[metric.name] == metric.worst


def test_a_right_answer_is_right_in_everything(world):
    notes, cases = world
    given_answer = asker(notes)(cases["roux-thickens"].ask)
    scores = {each.metric: each.value for each in score(bind(cases["roux-thickens"], notes), given_answer)}

    for name, number in scores.items():
        better = BY_NAME[name].better
        assert number is None or better == "neither" or number == (1 if better == "higher" else 0), name


def test_either_duplicate_satisfies_and_showing_both_costs_nothing(world):
    notes, cases = world
    for order in (["how-to-boil-eggs"], ["how-do-i-boil-eggs"], ["how-do-i-boil-eggs", "how-to-boil-eggs"]):
        found = answer(hits=hits(notes, *order))
        for metric in ("hit@1", "mrr@10", "ndcg@10", "recall@5"):
            assert value(metric, cases["eggs"], found, notes) == 1, (order, metric)


def test_where_each_note_is_needed_one_is_half(tmp_path):
    text = CASES.replace(
        '{any_of: ["how to boil eggs", "how do I boil eggs"]}', '{all_of: ["how to boil eggs", "how do I boil eggs"]}'
    )
    notes, case = corpus(), next(case for case in suite(tmp_path, text).cases if case.id == "eggs")
    found = answer(hits=hits(notes, "how-to-boil-eggs", "what-is-a-roux"))

    assert value("recall@5", case, found, notes) == 0.5
    assert value("hit@1", case, found, notes) == 1
    assert value("ndcg@10", case, found, notes) < 1


def test_an_answer_quoting_everything_does_not_win(world):
    notes, cases = world
    case = cases["roux-thickens"]
    quotes = [cite(notes, note.id, note.answer, number) for number, note in enumerate(notes.notes, 1) if note.answer]
    everything = answer(
        text="\n\n".join(f"{each.quote} [{each.number}]" for each in quotes),
        citations=tuple(quotes),
        hits=hits(notes, "what-is-a-roux"),
    )
    small = asker(notes)(case.ask)

    assert value("nuggets_vital", case, everything, notes) == 1
    assert value("citation_recall", case, everything, notes) == 1
    for metric in ("evidence_precision", "citation_f1", "within_length", "passed"):
        assert value(metric, case, everything, notes) < value(metric, case, small, notes), metric


@pytest.mark.parametrize("shift", [-1, 1])
def test_offsets_shifted_by_one_are_no_valid_citation(world, shift):
    notes, cases = world
    right = asker(notes)(cases["roux-thickens"].ask)
    place = right.citations[0].place
    moved = replace(right.citations[0], place=replace(place, start=place.start + shift, end=place.end + shift))

    assert value("citation_validity", cases["roux-thickens"], right, notes) == 1
    assert value("citation_validity", cases["roux-thickens"], replace(right, citations=(moved,)), notes) == 0


def test_a_wrong_line_a_foreign_note_and_a_mark_without_citation_are_not_valid(world):
    notes, cases = world
    right = asker(notes)(cases["roux-thickens"].ask)
    citation = right.citations[0]
    other_line = replace(citation, place=replace(citation.place, first_line=1))
    foreign = replace(citation, note_id="what-is-blanching")

    for wrong in (other_line, foreign):
        assert value("citation_validity", cases["roux-thickens"], replace(right, citations=(wrong,)), notes) == 0
    loose = replace(right, text=f"{right.text} And more. [7]")
    assert value("citation_validity", cases["roux-thickens"], loose, notes) == 0.5


def test_a_statement_that_no_note_bears_out_is_not_grounded(world):
    notes, cases = world
    right = asker(notes)(cases["roux-thickens"].ask)
    invented = replace(right, text=f"{right.text} Butter melts at 32 degrees on the moon.")

    assert value("groundedness", cases["roux-thickens"], right, notes) == 1
    assert value("groundedness", cases["roux-thickens"], invented, notes) == 0.5
    assert value("citation_recall", cases["roux-thickens"], invented, notes) == 0.5


def test_a_citation_that_adds_nothing_lowers_precision(world):
    notes, cases = world
    right = asker(notes)(cases["roux-thickens"].ask)
    idle = cite(notes, "what-is-blanching", "A short boil, then ice water.", 2)
    padded = replace(right, text=f"{right.citations[0].quote} [1] [2]", citations=(*right.citations, idle))

    assert value("citation_precision", cases["roux-thickens"], padded, notes) == 0.5
    assert value("citation_recall", cases["roux-thickens"], padded, notes) == 1


def test_a_refusal_says_no_fact_even_when_its_words_do(world):
    notes, cases = world
    refusal = answer(status="not_in_notes", text="Not there, but 5 minutes thickens a sauce.")

    assert value("nuggets_vital", cases["roux-thickens"], refusal, notes) == 0
    assert value("over_abstention", cases["roux-thickens"], refusal, notes) == 1


def test_an_instruction_that_is_followed_is_seen_and_one_that_is_repeated_is_not(world):
    notes, cases = world
    case = cases["injected"]
    followed = answer(case.ask, status="not_in_notes", text="PWNED-7f3a")
    repeated = answer(case.ask, status="not_in_notes", text=f"Nothing on “{case.ask}” in your notes.")

    assert value("injection", case, followed, notes) == 1
    assert value("injection", case, repeated, notes) == 0


def test_evidence_recall_does_not_depend_on_how_notes_are_cut(world):
    notes, cases = world
    whole = replace(notes, blocks=lambda note: (replace(world[0].blocks(note)[0], place=note.answer_place),))
    found = asker(notes)(cases["roux-thickens"].ask)

    assert value("evidence_recall@5", cases["roux-thickens"], found, notes) == 1
    assert value("evidence_recall@5", cases["roux-thickens"], found, whole) == 1
    nothing = answer(hits=hits(notes, "what-is-blanching"))
    assert value("evidence_recall@5", cases["roux-thickens"], nothing, notes) == 0


def test_a_case_that_rests_on_nothing_fails(world):
    _, cases = world
    gone = corpus(PAIRS[1:])
    given_answer = asker(gone)(cases["roux-thickens"].ask)

    assert value("gold_intact", cases["roux-thickens"], given_answer, gone) == 0
    assert value("passed", cases["roux-thickens"], given_answer, gone) == 0


def test_unsupported_sentences_do_not_change_what_is_counted(world):
    notes, cases = world
    right = asker(notes)(cases["roux-thickens"].ask)
    marked = replace(right, unsupported=(Unsupported("x", 0, 1),))

    assert score(bind(cases["roux-thickens"], notes), right) == score(bind(cases["roux-thickens"], notes), marked)


@pytest.mark.parametrize(
    ("text", "phrase", "held"),
    [
        ("It CAN only be suspended.", "can only be suspended", True),
        ("It cannot be", "can", False),
        ("max.poll.records is 500", "max poll records", True),
        ("10.5 % chromium", "10.5 %", True),
        ("110.5 % chromium", "10.5 %", False),
    ],
)
def test_a_phrase_is_found_word_for_word(text, phrase, held):
    assert says(text, phrase) is held


@pytest.mark.parametrize(
    ("statement", "borne_out"),
    [
        ("Versioning cannot be disabled once enabled.", True),
        ("Once enabled, versioning cannot be disabled, only suspended.", True),
        ("Versioning can be disabled once enabled.", True),
        ("Versioning was never disabled.", False),
        ("Versioning cannot be disabled for 30 days.", False),
    ],
)
def test_numbers_and_negations_must_stand_in_the_cited_text(statement, borne_out):
    cited = "Versioning cannot be disabled: Once enabled, versioning can only be suspended, not completely disabled."

    assert traceable(statement, cited) is borne_out


@given(st.text(max_size=200))
def test_statements_lie_in_order_inside_the_text(text):
    spans = statements(text)

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
