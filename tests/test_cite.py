"""Marks are checked, re-numbered or dropped; what the notes do not bear out is marked."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prompts import LANGUAGE, notes, prompt

from assistant.cite import MARK, NOT_IN_NOTES_SUFFIX, Checker, check

if TYPE_CHECKING:
    from assistant.types import Draft

TEXT = """Q. versoning in S3
Enabling Versioning:
Versioning is enabled at the bucket level, not for individual objects. Once enabled, all objects are versioned.
Object Deletions:
When you delete an object, S3 doesn't permanently remove it. Instead, it inserts a delete marker.
Considerations:
Cost: Storage costs increase as multiple versions of objects are stored.
Versioning cannot be disabled: Once enabled, versioning can only be suspended, not completely disabled.

Q. benefits of lambda over ecs
1. Cost Efficiency:
Lambda:
Lambda is billed based on execution time and the number of requests. It also has a free tier.
ECS:
ECS costs can be higher, as you're paying for the underlying EC2 instances.
2. Scalability:
Lambda:
Lambda automatically scales to handle fluctuating traffic.

Q. view binding memory location in python
x = [1, 2, 3]
print(f"ID of x: {id(x)}")

y = x
print(y[0]) # y refers to the same object as x

Q. multi threading in python

Q. cold starts
Functions stay warm for 45-60 minutes [2] in most regions. See also x [7].
"""
SEED = notes((Path(__file__).parents[1] / "corpus" / "notes.txt").read_text("utf-8"))
S3, LAMBDA, CODE, THREADS, WARM = NOTES = notes(TEXT)


def checked(text: str, *chosen: object) -> Draft:
    draft = check(text, prompt(*(chosen or NOTES)), LANGUAGE)
    assert_holds(draft)
    return draft


def assert_holds(draft: Draft) -> None:
    """What must be true of every draft, whatever was written."""
    marks = [int(number) for number in MARK.findall(draft.text)]
    assert set(marks) == {citation.number for citation in draft.citations}
    assert list(dict.fromkeys(marks)) == list(range(1, len(draft.citations) + 1))
    for citation in draft.citations:
        place = citation.place
        assert TEXT[place.start : place.end] == citation.quote
        assert TEXT.count("\n", 0, place.start) + 1 == place.first_line
        assert place.last_line == place.first_line + citation.quote.count("\n")
    for sentence in draft.unsupported:
        assert draft.text[sentence.start : sentence.end] == sentence.sentence
        assert draft.text[sentence.end :].startswith(NOT_IN_NOTES_SUFFIX)
    assert len({(citation.note_id, citation.place) for citation in draft.citations}) == len(draft.citations)


def test_words_of_the_note_are_cited_exactly() -> None:
    draft = checked("It also has a free tier. [2]")
    assert [citation.quote for citation in draft.citations] == ["It also has a free tier."]
    assert draft.text == "It also has a free tier. [1]"
    assert not draft.unsupported


def test_a_quoted_block_of_several_lines_is_one_citation() -> None:
    draft = checked(f"Here is what your notes say:\n\n{LAMBDA.answer} [2]")
    assert [citation.quote for citation in draft.citations] == [LAMBDA.answer]
    assert not draft.unsupported


def test_a_quotation_reaches_back_to_the_last_mark_only() -> None:
    first, second = S3.answer.split("Considerations:")
    draft = checked(f"{first.strip()} [1]\n\nConsiderations:{second} [1]")
    assert [citation.quote for citation in draft.citations] == [first.strip(), f"Considerations:{second}"]


def test_a_paraphrase_is_cited_by_the_smallest_span_that_bears_it_out() -> None:
    draft = checked("S3 inserts a delete marker instead of removing the object permanently [1].")
    assert draft.citations[0].quote.startswith("When you delete an object")
    assert draft.citations[0].quote.endswith("delete marker.")
    assert draft.text.endswith("permanently [1].")


def test_a_mark_behind_the_full_stop_belongs_to_the_sentence_before_it() -> None:
    draft = checked("Versioning is enabled at the bucket level. [1] Lambda has a free tier.[2]")
    assert draft.text == "Versioning is enabled at the bucket level. [1] Lambda has a free tier. [2]"
    assert [citation.note_id for citation in draft.citations] == ["n1", "n2"]


def test_a_mark_on_a_line_of_its_own_belongs_to_the_text_above() -> None:
    draft = checked(f"```\n{CODE.answer}\n```\n[3]")
    assert [citation.quote for citation in draft.citations] == [CODE.answer]


def test_marks_in_the_middle_stand_for_their_clauses() -> None:
    draft = checked(
        "Lambda is billed by execution time and requests [2], while S3 versioning is enabled at bucket level [1]."
    )
    assert [citation.note_id for citation in draft.citations] == ["n2", "n1"]
    assert not draft.unsupported


def test_a_mark_at_the_head_stands_for_its_sentence() -> None:
    draft = checked("According to [2], Lambda automatically scales to handle fluctuating traffic.")
    assert draft.citations[0].quote == "Lambda automatically scales to handle fluctuating traffic."


def test_the_same_span_has_one_number_and_two_spans_have_two() -> None:
    draft = checked("Lambda has a free tier [2]. Lambda has a free tier [2]. ECS costs can be higher [2].")
    assert MARK.findall(draft.text) == ["1", "1", "2"]


def test_a_sentence_of_two_sources_is_borne_out_by_both_together() -> None:
    draft = checked("Versioning increases storage costs, Lambda scales automatically with fluctuating traffic [1][2].")
    assert [citation.note_id for citation in draft.citations] == ["n1", "n2"]
    assert not draft.unsupported


def test_a_question_without_an_answer_is_cited_by_its_line() -> None:
    draft = checked("You wrote down the question “multi threading in python” [4].")
    assert draft.citations[0].quote == "Q. multi threading in python"


@pytest.mark.parametrize(
    "mark",
    [
        "[7]",
        "[0]",
        "[-1]",
        "[99999999999999999999]",
        "[7, 8]",
        "[\uff16]",
        "[Source 9]",
        "[^8]",
        "[7](http://evil.example)",
        "\u30109\u3011",
        "[6-9]",
    ],
)
def test_a_mark_that_names_no_source_is_removed(mark: str) -> None:
    draft = checked(f"Lambda has a free tier {mark}.")
    assert draft.text == "Lambda has a free tier."
    assert draft.citations == ()


@pytest.mark.parametrize(
    "mark",
    [
        "[2]",
        "[\uff12]",
        "[2, 99]",
        "[1, 2]",
        "[1-3]",
        "[1\u20133]",
        "[2][2]",
        "[Source 2]",
        "[source: 2]",
        "[^2]",
        "[#2]",
        "[note 2]",
        "\u30102\u3011",
        "\u30102\u2020source\u3011",
        "\uff3b2\uff3d",
        "[2](http://evil.example/?q=1)",
        "[2; 3]",
        "[1 and 2]",
        "[-1, 2]",
        "[ 2 ]",
    ],
)
def test_every_way_to_write_a_mark_is_read(mark: str) -> None:
    draft = checked(f"Lambda has a free tier {mark}. And so on")
    assert draft.text.startswith("Lambda has a free tier [1]. And")
    assert [citation.note_id for citation in draft.citations] == ["n2"]
    assert "evil" not in draft.text


def test_brackets_of_the_note_are_words_and_not_marks() -> None:
    draft = checked("x = [1, 2, 3] [3]\nprint(y[0]) # y refers to the same object as x [3]")
    assert draft.text == "x = [1, 2, 3] [1]\nprint(y[0]) # y refers to the same object as x [2]"


def test_a_mark_that_the_note_itself_holds_cannot_be_taken_for_ours() -> None:
    draft = checked(f"{WARM.answer} [5]")
    assert draft.text == "Functions stay warm for 45-60 minutes [ 2 ] in most regions. See also x [ 7 ]. [1]"
    assert draft.citations[0].quote == WARM.answer


def test_brackets_in_code_are_no_marks() -> None:
    draft = checked("Lambda has a free tier [2].\n\n```python\nprint(rows[1], [1])\n```\nand `rows[2]` too")
    assert "rows[1]" in draft.text
    assert "`rows[2]`" in draft.text


@pytest.mark.parametrize(
    "claim",
    [
        "Versioning was invented in 1999 [1].",
        "Versioning can be completely disabled once enabled [1].",
        "Versioning is not enabled at the bucket level, it costs nothing [1].",
        "ECS is billed based on execution time and the number of requests [2].",
        "Lambda scales to 15,000 instances to handle fluctuating traffic [2].",
        "Lambda automatically scales on Kubernetes to handle fluctuating traffic [2].",
        "Call `enable_versioning()` to enable versioning at the bucket level [1].",
    ],
)
def test_what_the_cited_note_does_not_say_loses_its_mark_and_is_marked(claim: str) -> None:
    draft = checked(claim)
    assert draft.citations == ()
    assert len(draft.unsupported) == 1
    assert draft.text == claim.replace(" [1]", "").replace(" [2]", "") + NOT_IN_NOTES_SUFFIX


def test_a_sentence_without_a_mark_is_held_against_all_sources() -> None:
    draft = checked("Lambda has a free tier. Lambda was written in Rust. Multi threading in python")
    assert [sentence.sentence for sentence in draft.unsupported] == ["Lambda was written in Rust."]


@pytest.mark.parametrize(
    "talk",
    [
        "Here is what your notes say:",
        "Sure!",
        "Your notes do not mention DynamoDB pricing.",
        "In summary:",
        "Yes.",
        "I hope this helps!",
    ],
)
def test_talk_is_no_claim(talk: str) -> None:
    assert checked(talk).unsupported == ()


def test_talk_around_a_claim_does_not_hide_it() -> None:
    assert len(checked("Your notes say that Lambda was released in 2014.").unsupported) == 1


def test_invented_code_is_marked_as_a_whole() -> None:
    draft = checked("```\nimport os\nos.remove(path)\n```\nLambda has a free tier [2].")
    assert len(draft.unsupported) == 1
    assert draft.unsupported[0].sentence.startswith("```\nimport os")


def test_what_is_not_finished_is_judged_as_it_stands() -> None:
    assert checked("Lambda has a free tier [").text == "Lambda has a free tier ["
    assert checked("Lambda has a free tier [2").citations == ()


SAID = ["Lambda has a free tier", "Versioning cannot be disabled", "It was invented in 1999", "x = [1, 2, 3]", "y[0]"]
MARKED = [
    "[1]",
    "[2]",
    " [1]",
    " [2].",
    "[9]",
    "[1, 99]",
    "[1](http://e)",
    "[ 1 ]",
    "[[1]9]",
    "\u30101\u3011",
    "[1-3]",
    "[5]",
]
BETWEEN = [
    ". ",
    ".",
    "\n",
    "\n\n",
    " ",
    "[",
    "]",
    "(",
    ")",
    "```",
    "`",
    "\n```\n",
    "e.g. ",
    "1. ",
    "- ",
    "**",
    "\r",
    "?",
    "7",
]
WHOLE = [S3.answer, CODE.answer, WARM.answer, THREADS.question, TEXT, "\x00", "\u202e", '"']
PIECES = st.one_of(st.sampled_from([*SAID, *MARKED, *BETWEEN, *WHOLE]), st.text(max_size=12))


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=14))
def test_any_text_gives_a_draft_whose_marks_and_citations_agree(pieces: list[str]) -> None:
    checked("".join(pieces))


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=10), st.randoms(use_true_random=False))
def test_pieces_of_any_size_give_the_same_draft_and_their_sum_is_the_text(pieces: list[str], random: object) -> None:
    text = "".join(pieces)
    checker = Checker(prompt(*NOTES), LANGUAGE)
    given_on, position = "", 0
    while position < len(text):
        size = random.randint(1, 9)
        given_on += checker.feed(text[position : position + size])
        position += size
    given_on += checker.close()
    assert checker.draft() == check(text, prompt(*NOTES), LANGUAGE)
    assert given_on == checker.draft().text


def test_text_before_a_mark_is_shown_while_it_streams() -> None:
    checker = Checker(prompt(*NOTES), LANGUAGE)
    assert checker.feed("Lambda has a") == "Lambda has a"
    assert checker.feed(" free tier [") == " free tier"
    assert checker.feed("2]. Ver") == " [1]. Ver"
    assert checker.close() == ""


def test_a_text_without_an_end_is_cut_and_judged() -> None:
    draft = checked("lambda free tier " * 2_000 + "[2]")
    assert len(draft.text) > 30_000


def test_a_long_note_is_checked_in_time_that_grows_with_its_length() -> None:
    """Quoting a note of 40 lines takes less than 40 times as long as quoting one line of it."""
    lines = "\n".join(
        f"Point {number}: the queue number {number} is drained by worker {number * 7}." for number in range(40)
    )
    (note,) = notes(f"Q. queues\n{lines}\n")
    one, forty = (min(_seconds(part, note) for _ in range(3)) for part in (lines.split("\n")[0], lines))
    assert forty < 120 * one


def _seconds(text: str, note: object) -> float:
    start = time.perf_counter()
    check(f"{text} [1]", prompt(note), LANGUAGE)
    return time.perf_counter() - start


def test_no_marks_stay_when_there_are_no_sources() -> None:
    draft = check("Lambda has a free tier [1].", prompt(), LANGUAGE)
    assert draft.citations == ()
    assert not re.search(r"\[\d", draft.text)


# --- the cases written by hand ---------------------------------------------------------------------


def cases() -> list:
    """(question line, sentence, whether the note bears it out)."""
    import yaml

    groups = yaml.safe_load((Path(__file__).parent / "support_cases.yaml").read_text("utf-8"))
    return [
        (group["note"], claim, verdict) for group in groups for verdict in (True, False) for claim in group[verdict]
    ]


CASES = cases()


def borne_out(question: str, claim: str) -> bool:
    note = next(note for note in SEED if note.question == question)
    draft = check(f"{claim.rstrip('.')} [1].", prompt(note), LANGUAGE)
    assert bool(draft.unsupported) != bool(draft.citations)
    return bool(draft.citations)


def test_every_invented_fact_number_and_name_is_marked() -> None:
    passed = [claim for question, claim, verdict in CASES if not verdict and borne_out(question, claim)]
    assert len([verdict for *_, verdict in CASES if not verdict]) >= 40
    assert passed == []


def test_at_most_one_true_sentence_in_twenty_is_marked_by_mistake() -> None:
    true = [(question, claim) for question, claim, verdict in CASES if verdict]
    marked = [claim for question, claim in true if not borne_out(question, claim)]
    assert len(true) >= 40
    assert len(marked) <= 0.05 * len(true), marked
