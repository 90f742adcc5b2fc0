"""What looks after the cases: lint, drafts, votes, the starter set, the fit, the cache."""

import json
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import CaseError
from assistant.evaluation.cache import remembering
from assistant.evaluation.cases.reading import read_suite
from assistant.evaluation.drafts import case_yaml, draft, put
from assistant.evaluation.feedback import promote, triage, votes
from assistant.evaluation.fit import (
    DESPITE_ANSWER,
    NOTED,
    Features,
    Judgement,
    Sample,
    Searched,
    collect,
    fit,
    stale,
    write,
)
from assistant.evaluation.lint import failed, lint
from assistant.evaluation.starter import starter
from assistant.retrieval.confidence import Logistic, Outcomes
from assistant.types import Found
from tests.fake_evaluation import CASES, PAIRS, asker, corpus, hits, suite

# --- lint ----------------------------------------------------------------------------------------


def found(tmp_path, text=CASES, pairs=PAIRS, texts=None):
    return [str(each) for each in lint(suite(tmp_path, text), corpus(pairs), texts or {})]


def test_sound_cases_have_no_errors(tmp_path):
    assert not [each for each in found(tmp_path) if ": error: " in each]


def test_a_stale_quote_is_an_error_with_its_line(tmp_path):
    told = found(tmp_path, pairs=[("what is a roux?", "Other words."), *PAIRS[1:]])

    assert any("kitchen.yaml:3: error: roux-thickens: “what is a roux?” no longer says" in each for each in told)


def test_a_case_that_stands_in_the_code_is_an_error(tmp_path):
    told = found(tmp_path, texts={"assistant/prompt.py": 'EXAMPLE = "How long until a Roux thickens a sauce?"'})

    assert any("roux-thickens stands word for word in assistant/prompt.py" in each for each in told)


def test_a_dev_question_that_repeats_a_held_out_one_is_an_error(tmp_path):
    text = CASES.replace("why are blanched vegetables green?", "why are the blanched vegetables so very green?")
    text += (
        "  - {id: copy, ask: why are the blanched vegetables so very green now, notes: what is blanching, split: dev}\n"
    )

    assert any("copy (dev) nearly repeats blanching (heldout)" in each for each in found(tmp_path, text)) is False
    text = text.replace("very green now", "very green Why")
    assert any("copy (dev) nearly repeats blanching (heldout)" in each for each in found(tmp_path, text))


def test_two_cases_that_ask_the_same_are_an_error(tmp_path):
    text = CASES + "  - {id: copy, ask: How long do EGGS simmer, notes: how to boil eggs, split: dev}\n"

    assert any("copy asks the same as eggs" in each for each in found(tmp_path, text))


def test_small_slices_few_refusals_and_untagged_echoes_are_warned_of(tmp_path):
    lines = [f"  - {{id: r{n}, ask: roux number {n}, notes: what is a roux?}}\n" for n in range(9)]
    told = "\n".join(found(tmp_path, CASES + "".join(lines) + "  - {ask: What is a roux, notes: what is a roux?}\n"))

    assert "the slice paraphrase has 2 needs" in told
    assert "cannot be answered; fewer than 30% say little" in told
    assert "is a question line of the notes: tag it title_echo" in told


def test_only_errors_fail_unless_strict(tmp_path):
    warnings = lint(suite(tmp_path), corpus(), {})

    assert warnings
    assert not failed(warnings, strict=False)
    assert failed(warnings, strict=True)


# --- drafts --------------------------------------------------------------------------------------


def test_a_new_case_is_added_and_what_stood_there_stays(tmp_path):
    suite(tmp_path, CASES + "# a remark at the end\n")
    case = draft("is ice needed?", "answer", ["how to boil eggs"], ["cool them in ice"], corpus())
    put(case, tmp_path / "kitchen.yaml")

    assert (tmp_path / "kitchen.yaml").read_text().startswith(CASES + "# a remark at the end\n")
    assert read_suite(tmp_path / "kitchen.yaml").cases[-1].id == "is-ice-needed"


def test_a_case_that_cannot_be_added_leaves_the_file_as_it_was(tmp_path):
    suite(tmp_path)
    with pytest.raises(CaseError, match="the id eggs is used already"):
        put({"id": "eggs", "ask": "x", "expect": "not_in_notes"}, tmp_path / "kitchen.yaml")

    assert (tmp_path / "kitchen.yaml").read_text() == CASES
    with pytest.raises(CaseError):
        put({"id": "A", "ask": "x"}, tmp_path / "new.yaml")
    assert not (tmp_path / "new.yaml").exists()


def test_a_draft_about_a_note_that_is_not_there_says_which_was_meant():
    with pytest.raises(CaseError, match="did you mean “how to boil eggs”"):
        draft("q?", "answer", ["how to boil an egg eggs"], [], corpus())
    with pytest.raises(CaseError, match="says “never said”"):
        draft("q?", "answer", ["how to boil eggs"], ["never said"], corpus())


@pytest.mark.parametrize(
    "ask", ["yes: no", "- a", "# b", "{x", "'", '"', "a: 'b' \"c\"", "no", "1.0", "@x", "ü\u2028x"]
)
def test_any_question_survives_being_written_as_yaml(tmp_path, ask):
    put({"id": "a", "ask": ask, "expect": "not_in_notes"}, tmp_path / "a.yaml")

    assert read_suite(tmp_path / "a.yaml").cases[0].ask == ask


# --- votes ---------------------------------------------------------------------------------------


def vote(number, question, **more):
    return {
        "id": f"f{number}", "ts": "2026-01-01T00:00:00", "question": question, "history": [], "route": "answered",
        "confidence": 0.7, "answer": "wrong\n# words", "citations": [], "retrieved": [], "engine": "quote",
        "vote": "down",
        "reason": "wrong_note", "correct_note": None, "comment": "", **more,
    }  # fmt: skip


@pytest.fixture
def triaged(tmp_path):
    lines = [
        vote(1, "how long should I simmer a goose egg?", correct_note="how to boil eggs"),
        vote(2, "how long should I simmer a goose egg please?", comment="two\nlines: # yes"),
        vote(3, "how long do eggs simmer?"),
        vote(4, "who invented mayonnaise?", reason="should_abstain"),
        vote(5, "is a roux brown?"),
        vote(6, "why is the sky blue?", vote="up"),
    ]
    path = tmp_path / "feedback.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)) + "\nnot json\n{}\n")
    given, broken = votes(path)
    return given, broken, triage(given, suite(tmp_path).cases, corpus(), tmp_path / "inbox")


def test_votes_become_one_draft_a_question_without_those_that_a_case_asks(triaged):
    _, broken, done = triaged

    assert [path.stem for path in done.drafts] == [
        "how-long-should-i-simmer-a-goose-egg", "who-invented-mayonnaise", "is-a-roux-brown",
    ]  # fmt: skip
    assert done.covered == 1
    assert done.liked == ("why is the sky blue?",)
    assert len(broken) == 2


def test_a_draft_holds_what_the_person_said(triaged):
    goose, mayonnaise, _ = (read_suite(path).cases for path in triaged[2].drafts)

    assert goose[0].notes == (("how to boil eggs", 2),)
    assert goose[1].ask == "how long should I simmer a goose egg please?"
    assert mayonnaise[0].expect == "not_in_notes"
    assert "# wrong_note: two lines: # yes" in triaged[2].drafts[0].read_text()


def test_the_same_votes_make_no_second_draft(tmp_path, triaged):
    again = triage(triaged[0], suite(tmp_path).cases, corpus(), tmp_path / "inbox")

    assert again.drafts == ()
    assert again.covered == 4


def test_a_draft_is_promoted_only_when_a_person_has_completed_it(tmp_path, triaged):
    goose, _, brown = triaged[2].drafts
    with pytest.raises(CaseError, match="TODO"):
        promote(brown, corpus(), tmp_path / "kitchen.yaml")
    with pytest.raises(CaseError, match="no note is called"):
        promote(goose, corpus(PAIRS[3:]), tmp_path / "kitchen.yaml")
    before = len(suite(tmp_path).cases)

    assert promote(goose, corpus(), tmp_path / "kitchen.yaml") == ("how-long-should-i-simmer-a-goose-egg",)
    cases = read_suite(tmp_path / "kitchen.yaml").cases
    assert len(cases) == before + 2
    assert cases[-1].origin == "feedback:f1"
    assert not goose.exists()
    assert brown.exists()


# --- the starter set -----------------------------------------------------------------------------


def test_a_starter_set_asks_for_every_note_and_for_what_is_not_there(tmp_path):
    world = corpus()
    written = starter(world, {"how-to-boil-eggs": ("how-do-i-boil-eggs",)})
    (tmp_path / "self.yaml").write_text("version: 1\ncases:\n" + "".join(map(case_yaml, written)))
    cases = read_suite(tmp_path / "self.yaml").cases

    assert {case.ask for case in cases} >= {note.question for note in world.notes}
    assert {"answered", "noted_unanswered", "not_in_notes"} == {case.expect for case in cases}
    eggs = next(case for case in cases if case.ask == "how to boil eggs")
    assert [name for name, _ in eggs.notes] == ["how-to-boil-eggs", "how-do-i-boil-eggs"]
    assert {"typo", "keyword"} <= {tag for case in cases for tag in case.tags}
    assert not any(each.level == "error" for each in lint(read_suite(tmp_path / "self.yaml"), world, {}))


def test_a_starter_set_is_the_same_every_time_and_avoids_what_the_notes_might_answer():
    assert starter(corpus(), {}) == starter(corpus(), {})
    assert not any("egg" in case["ask"] and case["expect"] == "not_in_notes" for case in starter(corpus(), {}))


# --- the fit -------------------------------------------------------------------------------------


@pytest.fixture
def samples(tmp_path):
    """Questions with one signal that tells right from wrong, nearly, and one that tells nothing."""
    chance = random.Random(3)
    kinds = {"answer": 0.7, "noted_unanswered": 0.5, "not_in_notes": 0.3}
    lines = ["version: 1\ncases:\n"]
    for number in range(90):
        kind = list(kinds)[number % 3]
        note = {"answer": ", notes: what is a roux?", "noted_unanswered": ", notes: what is tempering"}.get(kind, "")
        lines.append(f"  - {{id: c{number}, ask: question {number}, expect: {kind}{note}, split: dev}}\n")
    cases = {case.ask: case for case in suite(tmp_path, "".join(lines)).cases}
    named = {"answered": "answer"}

    def search(question):
        case = cases[question]
        kind = named.get(case.expect, case.expect)
        signals = {
            "best": kinds[kind] + chance.gauss(0, 0.05),
            "noted": float(kind == "noted_unanswered") + chance.gauss(0, 0.1),
            "noise": chance.random(),
        }
        return Found(question, None, case.expect, 0.5, hits(corpus(), "what-is-a-roux"), signals)

    searched = [Searched(read_suite(tmp_path / "kitchen.yaml"), corpus(), search)]
    return collect(searched), searched


FEATURES = [Features(("noted",), ("best", "noise"))]


def test_a_fit_finds_the_signal_and_says_what_it_was_fitted_on(tmp_path, samples):
    result = fit(*samples, FEATURES)
    best, noise = result.data["answered"]["weights"]

    assert best > 5 * abs(noise)
    assert result.auroc > 0.95
    assert result.data["fitted_on"]["cases"] == 90
    assert result.operating.false_answers <= 0.05 <= result.operating.bound
    assert result.smallest_bound == pytest.approx(0.0487, abs=1e-3)
    write(result, tmp_path / "confidence.json")
    assert json.loads((tmp_path / "confidence.json").read_text()) == json.loads(json.dumps(result.data))


def test_a_fit_is_the_same_twice(samples):
    assert fit(*samples, FEATURES).data == fit(*samples, FEATURES).data


def test_a_search_that_gives_less_has_models_of_its_own_to_stand_by(samples):
    more, less = Features(("noted",), ("best",)), Features(("noted",), ("noise",))
    both = fit(*samples, [more, less])

    assert [each["answered"]["features"] for each in both.data["otherwise"]] == [["noise"]]
    assert both.auroc == fit(*samples, [more]).auroc
    unseen = Features(("noted",), ("best", "nosuch"))
    assert fit(*samples, [unseen, less]).data == fit(*samples, [less]).data


def test_a_stricter_target_answers_less(samples):
    loose, strict = (fit(*samples, FEATURES, target).operating for target in (0.5, 0.0))

    assert strict.threshold > loose.threshold
    assert strict.coverage <= loose.coverage
    assert strict.false_answers == 0


def test_without_a_target_the_threshold_gets_nearly_the_most_outcomes_right(samples):
    result = fit(*samples, FEATURES, None)
    operating = result.operating

    right = operating.coverage * 30 + (1 - operating.false_answers) * 60
    assert right >= 88, "two of ninety outcomes are wrong at most"
    assert result.guaranteed, "nothing was promised"
    assert result.data["fitted_on"]["asked_for"] == "most outcomes right"


def test_too_few_cases_or_an_unknown_signal_are_told(samples):
    few = [each for each in samples[0] if not each.unanswered]
    with pytest.raises(CaseError, match="0 noted and unanswered"):
        fit(few, samples[1], FEATURES)
    with pytest.raises(CaseError, match="gives no signal nosuch"):
        fit(*samples, [Features(("noted",), ("nosuch",))])


def test_held_out_cases_and_follow_ups_are_never_fitted(tmp_path, samples):
    text = CASES.replace("  - id: eggs\n", '  - id: eggs\n    history: [{user: "what?"}]\n')
    searched = [Searched(suite(tmp_path, text), corpus(), lambda q: Found(q, None, "answered", 0.5, (), {"a": 1.0}))]
    fitted: list[Sample] = collect(searched)

    assert {each.case.split for each in fitted} == {"dev"}
    assert "eggs" not in {each.case.id for each in fitted}


def test_what_is_counted_and_not_searched_for_is_never_fitted(tmp_path):
    text = CASES.replace("[duplicate_note]", "[counting]")
    searched = [Searched(suite(tmp_path, text), corpus(), lambda q: Found(q, None, "answered", 0.5, (), {"a": 1.0}))]

    assert "eggs" not in {each.case.id for each in collect(searched)}
    assert "eggs" in {case.id for each in searched for case in each.suite.cases}


def test_notes_that_changed_since_the_fit_are_told(samples):
    fitted_on = fit(*samples, FEATURES).data["fitted_on"]

    assert stale(fitted_on, {"kitchen": corpus()}) == ()
    assert stale(fitted_on, {"kitchen": corpus(PAIRS[1:]), "other": corpus(PAIRS[1:])}) == ("kitchen",)


# --- the cache -----------------------------------------------------------------------------------


def test_a_model_is_asked_once_for_the_same_content_and_anew_for_other(tmp_path):
    world, asked = corpus(), []

    def ask(question, history=()):
        asked.append(question)
        return asker(world)(question)

    def ask_all(engine, notes=world):
        remembered = remembering(ask, tmp_path, {"writer": engine}, notes)
        return [remembered("how long until a roux thickens?") for _ in range(2)]

    first = ask_all("a:b")
    assert len(asked) == 2  # the second time of one run is another answer
    again = ask_all("a:b")
    assert [each.text for each in again] == [each.text for each in first]
    assert len(asked) == 2
    ask_all("a:c")
    ask_all("a:b", corpus(PAIRS[1:]))
    assert len(asked) == 6


@given(st.floats(-6, 6), st.floats(-6, 6), st.floats(0.05, 0.95))
def test_a_fit_and_the_search_come_to_the_same_outcome(noted, answered, threshold):
    """The rule stands twice, as evaluation knows no machinery: `noted` and `answered` are logits."""
    searched = Outcomes(
        Logistic((), (), (), (), noted), NOTED, DESPITE_ANSWER, Logistic((), (), (), (), answered), threshold
    )
    chances = [1 / (1 + math.exp(-logit)) for logit in (noted, answered)]

    assert Judgement(*chances).outcome(threshold) == searched.judge({})[0]
