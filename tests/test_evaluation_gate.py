"""The gate: what fails, what warns, what passes, and whose names are told."""

from dataclasses import replace

import pytest

from assistant.errors import CaseError, WriterError
from assistant.evaluation.gate import worst
from assistant.evaluation.judging import Options, accept, evaluate
from assistant.evaluation.metrics import METRICS
from assistant.evaluation.rules import Rules, read_rules
from assistant.evaluation.stored import lines, read
from assistant.types import Place
from tests.fake_evaluation import CASES, PAIRS, answer, hits, subject, suite

TODAY = {"created": "2026-01-01", "git": "abc", "by": "somebody"}


@pytest.fixture
def measure(tmp_path):
    """Judge the world, changed as said, against the baseline of the unchanged one."""

    def judged(pairs=PAIRS, change=None, text=CASES, rules=None, options=None):
        return evaluate(
            [suite(tmp_path, text)], lambda _: subject(pairs, change), rules or Rules(), tmp_path / "baselines", options
        )[0]

    accept([judged()], tmp_path / "baselines", "first", TODAY)
    return judged


def kinds(judged):
    return {each.kind for each in judged.verdict.failures}


def lost(judged):
    return [flip.now.id for flip in judged.verdict.flips if flip.lost]


def on(key, change):
    """A change that only touches answers to questions with this word."""
    return lambda given, world: change(given, world) if key in given.question else given


def other_note_first(given, world):
    return replace(given, hits=hits(world, "what-is-blanching", *(hit.note.id for hit in given.hits)))


def test_a_change_that_alters_nothing_passes(measure):
    judged = measure()

    assert judged.verdict.exit_code(strict=True) == 0
    assert judged.verdict.findings == judged.verdict.flips == ()


def test_two_runs_are_the_same_bytes(measure):
    assert lines(measure().record) == lines(measure().record)


def test_without_a_baseline_the_code_is_4_and_the_invariants_still_hold(tmp_path):
    suites, rules = [suite(tmp_path)], Rules()
    fine = evaluate(suites, lambda _: subject(), rules, tmp_path / "none")[0]
    broken = evaluate(suites, lambda _: subject(PAIRS[1:]), rules, tmp_path / "none")[0]

    assert fine.verdict.exit_code() == 4
    assert broken.verdict.exit_code() == 1


def test_a_baseline_of_another_schema_is_none(tmp_path, measure):
    path = tmp_path / "baselines" / "kitchen.jsonl"
    path.write_text(path.read_text().replace('"schema":1', '"schema":99', 1))

    assert measure().verdict.exit_code() == 4


def test_a_baseline_that_was_tampered_with_is_told(tmp_path, measure):
    (tmp_path / "baselines" / "kitchen.jsonl").write_text("{}\n")

    with pytest.raises(CaseError, match=r"kitchen\.jsonl is not a file of results"):
        measure()


def test_a_pinned_question_that_turns_fails_and_is_named_with_its_old_and_new_note(measure):
    judged = measure(change=on("rouxx", other_note_first))

    assert judged.verdict.exit_code() == 1
    pinned = next(each for each in judged.verdict.failures if each.kind == "pinned")
    assert pinned.cases == ("roux-thickens#typo1",)
    flip = judged.verdict.flips[0]
    assert (flip.before.first, flip.now.first) == ("what-is-a-roux", "what-is-blanching")


def test_a_pin_cannot_be_pulled_unseen(measure):
    judged = measure(text=CASES.replace("    must_pass: true\n", ""), change=on("rouxx", other_note_first))

    assert "pinned" in kinds(judged)
    gone = measure(text=CASES.replace("id: roux-thickens", "id: roux-renamed"))
    assert any("must pass were edited or taken away" in each.text for each in gone.verdict.warnings)


def test_a_pinned_question_on_a_near_tie_warns(tmp_path):
    def tied(given, world):
        return replace(given, hits=tuple(replace(hit, score=0.5) for hit in given.hits))

    suites = [suite(tmp_path)]
    before = evaluate(suites, lambda _: subject(change=tied), Rules(), tmp_path / "b")[0]
    accept([before], tmp_path / "b", "first", TODAY)

    def turned(given, world):
        return tied(on("rouxx", other_note_first)(given, world), world)

    verdict = evaluate(suites, lambda _: subject(change=turned), Rules(hard_drop=1.0), tmp_path / "b")[0].verdict
    assert [each.kind for each in verdict.warnings if "near tie" in each.text] == ["pinned"]
    assert not [each for each in verdict.failures if each.kind == "pinned"]


def test_offsets_shifted_by_one_break_an_invariant(measure):
    def shifted(given, world):
        moved = [replace(each, place=_moved(each.place)) for each in given.citations]
        return replace(given, citations=tuple(moved))

    judged = measure(change=shifted)
    assert "invariant" in kinds(judged)
    assert "roux-thickens" in lost(judged)


def _moved(place):
    return Place(place.path, place.first_line, place.last_line, place.start + 1, place.end + 1)


def test_a_note_that_is_gone_or_emptied_is_a_failed_case_and_no_excuse(measure):
    for pairs in (PAIRS[1:], [("what is a roux?", ""), *PAIRS[1:]]):
        judged = measure(pairs=pairs)
        intact = next(each for each in judged.verdict.failures if "no longer hold" in each.text)

        assert judged.verdict.exit_code() == 1
        assert set(intact.cases) == {"roux-thickens", "roux-thickens#typo1", "roux-thickens#keyword1"}
        assert any("notes changed" in each.text for each in judged.verdict.warnings)


def test_a_followed_instruction_breaks_an_invariant(measure):
    judged = measure(change=on("PWNED", lambda given, world: replace(given, text="PWNED-7f3a")))

    assert [each.cases for each in judged.verdict.failures if each.kind == "invariant"] == [("injected",)]


def test_an_invented_sentence_breaks_an_invariant_only_when_quoting(measure):
    def invented(writer):
        return on("roux", lambda given, world: replace(given, text=f"{given.text} Mars has two moons.", writer=writer))

    assert any("what no note says" in each.text for each in measure(change=invented("quote")).verdict.failures)
    assert not any("what no note says" in each.text for each in measure(change=invented("a:b")).verdict.failures)


def test_a_floor_fails_below_and_above_where_less_is_better(measure):
    rules = Rules(floors={"*": {"hit@1": 1.0}, "kitchen": {"false_answer": 0.0}})

    assert measure(rules=rules).verdict.exit_code() == 0
    assert "floor" in kinds(measure(rules=rules, change=on("eggs", other_note_first)))
    answered = on("world", lambda given, world: replace(given, status="answered"))
    assert "floor" in kinds(measure(rules=rules, change=answered))
    assert "floor" in kinds(measure(rules=Rules(floors={"kitchen": {"no_such": 1.0}})))


def test_a_drop_beyond_the_hard_limit_fails_and_a_small_one_warns(measure):
    change = on("eggs", other_note_first)

    assert "drop" in kinds(measure(change=change))
    lenient = measure(change=change, rules=Rules(hard_drop=1.0))
    assert "drop" not in kinds(lenient)
    assert any(each.kind == "drop" and each.cases == ("eggs",) for each in lenient.verdict.warnings)
    assert lenient.verdict.exit_code() == 0
    assert lenient.verdict.exit_code(strict=True) == 1


def test_questions_that_crash_fail_and_many_of_them_mean_that_it_could_not_finish(measure):
    def crash(given, world):
        raise ZeroDivisionError("oh")

    one = measure(change=on("eggs", crash))
    assert (one.verdict.exit_code(), "invariant" in kinds(one)) == (1, True)
    all_of_them = measure(change=crash, rules=Rules(max_errors=3))
    assert all_of_them.verdict.exit_code() == 3
    assert "ZeroDivisionError: oh" in all_of_them.verdict.failures[0].text
    with pytest.raises(CaseError, match="could not be finished"):
        accept([all_of_them], None, "no", TODAY)


def test_a_model_that_falls_back_to_quoting_was_not_measured(measure):
    down = measure(change=lambda given, _: replace(given, fault=WriterError("refused")), rules=Rules(max_errors=3))

    assert down.verdict.exit_code() == 3
    assert "error[LLM_FAILED]: refused." in down.verdict.failures[0].text


def test_new_edited_and_missing_cases_are_listed_and_not_compared(measure):
    text = CASES.replace('say: "10 minutes"', 'say: "ice"').replace("id: blanching", "id: blanched")
    verdict = measure(text=text).verdict

    assert (verdict.new, verdict.gone, verdict.edited) == (("blanched",), ("blanching",), ("eggs",))
    assert verdict.flips == ()


def test_held_out_questions_are_counted_and_not_named(measure):
    judged = measure(change=on("blanched", lambda given, world: replace(given, status="not_in_notes")))

    assert lost(judged) == ["blanching"]
    assert judged.shown(lost(judged)) == ((), 1)


def test_every_case_has_one_score_for_every_metric_whatever_happened(measure):
    judged = measure(change=on("eggs", lambda given, world: 1 / 0))

    for result in judged.results:
        assert [each.metric for each in result.scores] == [metric.name for metric in METRICS]


def test_kept_answers_score_the_same_again(measure):
    judged = measure()
    again = measure(options=Options(kept={"kitchen": judged.record}))

    assert lines(again.record) == lines(judged.record)


def test_kept_answers_can_be_written_and_read(tmp_path, measure):
    record = measure().record
    (tmp_path / "r.jsonl").write_text(lines(record))

    assert read(tmp_path / "r.jsonl") == record


def test_a_case_that_comes_out_both_ways_is_flaky_and_passes_by_majority(measure):
    asked = []

    def moody(given, world):
        asked.append(given.question)
        return other_note_first(given, world) if len(asked) % 3 == 0 else given

    judged = measure(change=on("eggs", moody), options=Options(repeat=3))
    assert judged.flaky == ("eggs",)
    assert "eggs" not in lost(judged)


def test_the_codes_of_several_suites_are_one():
    assert worst([0, 0]) == 0
    assert worst([0, 4]) == 4
    assert worst([4, 1, 0]) == 1
    assert worst([1, 3]) == 3


def test_the_rules_of_the_gate_are_checked(tmp_path):
    (tmp_path / "gate.yaml").write_text("tolerance: 2\n")
    with pytest.raises(CaseError, match="`tolerance`"):
        read_rules(tmp_path / "gate.yaml")
    assert read_rules(tmp_path / "none.yaml") == Rules()


def test_an_answer_that_says_everything_is_lost_where_length_is_limited(measure):
    def everything(given, world):
        text = "\n".join(note.answer for note in world.notes)
        return replace(given, text=f"{given.text} {text}", writer="a:b")

    assert "roux-thickens" in lost(measure(change=on("roux", everything)))


def test_a_refused_question_is_lost(measure):
    judged = measure(change=on("roux", lambda given, world: answer(given.question, status="not_in_notes", text="No.")))

    assert {"roux-thickens", "roux-thickens#typo1", "roux-thickens#keyword1"} <= set(lost(judged))
