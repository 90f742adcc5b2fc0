"""Case files: what a person may write, and what they are told when they may not."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import CaseError
from assistant.evaluation.cases.gold import bind
from assistant.evaluation.cases.reading import read_suite, read_suites
from assistant.evaluation.cases.schema import json_schema
from assistant.evaluation.cases.values import split_of
from tests.fake_evaluation import CASES, PAIRS, corpus, suite

ROOT = Path(__file__).parent.parent


def refused(folder, text, name="cases.yaml"):
    path = folder / name
    path.write_text(text)
    with pytest.raises(CaseError) as error:
        read_suite(path)
    return [told.removeprefix(str(folder) + "/") for told in error.value.what.split("; ")]


def test_a_question_and_its_notes_are_a_case(tmp_path):
    case = suite(tmp_path, "cases: [{ask: what is a roux, notes: what is a roux?}]\n").cases[0]

    assert (case.id, case.cluster, case.expect) == ("what-is-a-roux", "what-is-a-roux", "answered")


def test_every_wording_is_a_case_of_the_same_need(tmp_path):
    cases = suite(tmp_path).cases

    assert [case.id for case in cases[:3]] == ["roux-thickens", "roux-thickens#typo1", "roux-thickens#keyword1"]
    assert {case.cluster for case in cases[:3]} == {"roux-thickens"}
    assert [case.tags for case in cases[:3]] == [("paraphrase",), ("typo",), ("keyword",)]


def test_json_lines_and_yaml_say_the_same(tmp_path):
    line = json.dumps({"id": "a", "ask": "what is it?", "notes": ["x"], "variants": [{"typo": "wat"}]})
    (tmp_path / "a.jsonl").write_text(f'{{"version": 1, "defaults": {{"tags": ["t"]}}}}\n\n{line}\n')
    (tmp_path / "a.yaml").write_text(
        "version: 1\ndefaults: {tags: [t]}\ncases: [{id: a, ask: what is it?, notes: [x], variants: [{typo: wat}]}]"
    )
    from_lines, from_yaml = read_suite(tmp_path / "a.jsonl").cases, read_suite(tmp_path / "a.yaml").cases

    assert [case.sha for case in from_lines] == [case.sha for case in from_yaml]
    assert [case.tags for case in from_lines] == [case.tags for case in from_yaml]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cases:\n  - ask: a\n    notes: x\n    exspct: b\n", "4: a: there is no key `exspct` (did you mean `expect`?"),
        ("cases:\n  - ask: a\n    notes: {any_off: [x]}\n", "3: a: there is no key `any_off` (did you mean `any_of`?)"),
        ("cases:\n  - ask: a\n    expect: not_in_note\n", "did you mean `not_in_notes`?"),
        ("cases:\n  - ask: a\n    notes: x\n    variants:\n      - {tipo: b}\n", "5: a: `tipo` cannot be 'tipo'"),
        ("cases:\n  - ask: no\n    notes: x\n", "cases.yaml:2: False: `ask` must be text, not False: put it in quotes"),
        ("cases:\n  - {id: a b, ask: a, notes: x}\n", "`id` cannot be 'a b'"),
        ("cases:\n  - ask: a\n", "names its notes (or `expect: not_in_notes`)"),
        ("cases:\n  - ask: a\n    ask: b\n", "cases.yaml:3: `ask` stands here twice"),
        ("cases: [\n", "not valid YAML"),
        ("", "cases.yaml:1: the file is empty"),
        ("cases: []\nversion: 2\n", "cases.yaml:2: `version` cannot be '2': 1"),
        ("cases:\n  - {id: a, ask: a, notes: x}\n  - {id: a, ask: b, notes: x}\n", "the id a is used already at"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_file_and_line_and_what_was_meant(tmp_path, text, told):
    assert told in "; ".join(refused(tmp_path, text))


def test_all_mistakes_are_told_at_once(tmp_path):
    told = refused(tmp_path, "cases:\n  - {ask: a, notes: x, whyy: b}\n  - {ask: b, notez: x}\n")

    assert [line.split(":")[1] for line in told] == ["2", "3"]


def test_of_many_mistakes_the_first_ten_are_told_and_the_rest_counted(tmp_path):
    told = refused(tmp_path, "cases:\n" + "".join(f"  - {{ask: a{n}, notez: x}}\n" for n in range(16)))

    assert (len(told), told[-1]) == (11, "cases.yaml: and 6 more")


@pytest.mark.parametrize(
    "text",
    [
        "cases: [{ask: what is it?, notes: x}]",
        "cases: [{ask: is it? or not, notes: [is it?, 'x']}]",
        "cases: [{ask: a, notes: x, variants: [{keyword: why? ?}]}]",
        "cases: [{ask: http://x/?y=1, notes: x}]",
        "cases: [{ask:\ta, notes: x}]",
    ],
)
def test_a_file_is_read_alike_with_and_without_libyaml(tmp_path, monkeypatch, text):
    """Libyaml and PyYAML's own scanner differ about questions in braces; many cases stand in such."""
    read = []
    for there in (True, False):
        if not there:
            monkeypatch.delattr("yaml.CSafeLoader", raising=False)
        try:
            read.append([case.ask for case in suite(tmp_path, text).cases])
        except CaseError as error:
            read.append(error.what)

    assert read[0] == read[1]
    assert ("not valid YAML" in read[0]) == ("\t" in text)


@pytest.mark.parametrize("text", ["[" * 100_000, "a: " + "{a: " * 10_000, "cases: &a [*a]", "- " * 20_000 + "x"])
def test_a_file_that_is_nested_too_deep_is_refused_with_a_word(tmp_path, text):
    assert "not valid YAML" in refused(tmp_path, text)[0]


def test_a_mistake_in_json_lines_has_its_line(tmp_path):
    assert refused(tmp_path, '{"ask": "a", "notes": "x"}\n{"ask": \n', "a.jsonl")[0].startswith(
        "a.jsonl:2: not valid JSON"
    )


def test_a_file_that_is_not_there_is_told_with_its_neighbour(tmp_path):
    suite(tmp_path)
    with pytest.raises(CaseError, match=r"did you mean `kitchen\.yaml`"):
        read_suites([tmp_path / "kitchn.yaml"])


@given(st.text(max_size=300))
def test_no_text_makes_the_reader_crash(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("fuzz") / "a.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    with suppress(CaseError):
        read_suite(path)


def test_the_split_depends_on_the_cluster_alone_and_holds_out_about_a_fifth():
    held_out = sum(split_of(f"cluster-{number}") == "heldout" for number in range(1000))

    assert split_of("a") == split_of("a")
    assert 150 < held_out < 250


def test_the_sha_changes_with_what_is_expected_and_not_with_what_is_remarked(tmp_path):
    before = suite(tmp_path).cases[0].sha

    assert suite(tmp_path, CASES.replace("tags: [paraphrase]", "why: a remark")).cases[0].sha == before
    assert suite(tmp_path, CASES.replace('"5 minutes"', '"6 minutes"')).cases[0].sha != before


def test_gold_is_found_where_the_note_says_it(tmp_path):
    world = corpus()
    gold = bind(suite(tmp_path).cases[0], world)
    span = gold.spans[0]

    assert gold.problems == ()
    assert world.read(span.path)[span.start : span.end] == "It thickens a sauce in 5 minutes."


def test_a_duplicate_that_says_the_same_holds_the_evidence_too(tmp_path):
    eggs = next(case for case in suite(tmp_path).cases if case.id == "eggs")

    assert [span.note for span in bind(eggs, corpus()).spans] == ["how-to-boil-eggs", "how-do-i-boil-eggs"]


def test_what_is_gone_from_the_notes_is_a_problem(tmp_path):
    case = suite(tmp_path).cases[0]

    assert "no note is called “what is a roux?”" in bind(case, corpus(PAIRS[1:])).problems[0]
    emptied = [("what is a roux?", ""), *PAIRS[1:]]
    assert "“what is a roux?” has no answer" in bind(case, corpus(emptied)).problems
    reworded = [("what is a roux?", "Something else."), *PAIRS[1:]]
    assert any("no longer says" in problem for problem in bind(case, corpus(reworded)).problems)


def test_the_schema_for_editors_is_current():
    assert json.loads((ROOT / "eval" / "schema.json").read_text()) == json.loads(json.dumps(json_schema()))


def test_the_cases_of_this_repository_can_be_read():
    suites = {suite.name: suite for suite in read_suites([ROOT / "eval" / "cases"])}
    clusters = {case.cluster: case for case in suites["notes"].cases}

    assert len(clusters) >= 150
    assert sum(not case.answerable for case in clusters.values()) >= 0.3 * len(clusters)
    assert suites["kitchen"].corpus == ROOT / "eval" / "corpora" / "kitchen"
