"""A note falls into blocks that hold every line once, and into passages short enough to be read whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from prompts import notes

from assistant import passages
from assistant.passages import LONGEST_WINDOW, blocks, sentences, split, within
from assistant.types import Place

SEED = notes((Path(__file__).parents[1] / "corpus" / "notes.txt").read_text("utf-8"))
ANSWERED = [note for note in SEED if note.answered]

LINES = st.sampled_from(
    [
        "",
        "   ",
        "Cold start:",
        "1. Cost Efficiency:",
        "2) Scalability:",
        "# Storage",
        "## Classes",
        "**Key points:**",
        "- first item",
        "* second item:",
        "3. a third item, numbered",
        "    an indented line under it",
        "Cost: Storage costs increase.",
        "A paragraph that ends. And another sentence.",
        "a line that was wrapped",
        "x = [1, 2, 3]",
        'print(f"ID of x: {id(x)}")',
        "for each in every:",
        "    return each[0]",
        "```",
        "~~~",
        "SELECT * FROM notes;",
        "Größe:\tvoll 漢字",
        "ends with a carriage return\r",
    ]
)
ANSWERS = st.lists(LINES, min_size=1, max_size=14).map("\n".join).filter(str.strip)


def note_of(answer):
    (made,) = notes(f"Q. a question\n{answer}")
    return made


def slice_at(note, place):
    begin = note.answer_place.start
    return note.answer[place.start - begin : place.end - begin]


def blocks_of(answer):
    return blocks(note_of(answer))


# --- blocks


@given(ANSWERS)
@example("```\nnever closed\n\n\nstill code")
@example("1. Both:\n2. Neither:")
def test_every_line_that_is_not_blank_is_in_exactly_one_block(answer):
    note = note_of(answer)
    covered = [line for block in blocks(note) for line in range(block.place.first_line, block.place.last_line + 1)]
    assert len(covered) == len(set(covered))
    first = note.answer_place.first_line
    expected = {first + number for number, line in enumerate(note.answer.split("\n")) if line.strip()}
    assert expected <= set(covered)
    assert covered == sorted(covered)


@given(ANSWERS)
@example("Q:\r\nA\r\n\r\n    x = 1\r\n")
def test_a_block_is_the_slice_at_its_place_and_all_slices_together_are_the_answer(answer):
    note = note_of(answer)
    every = blocks(note)
    for block in every:
        assert block.text == slice_at(note, block.place)
        assert block.text.strip()
        assert block.place == within(
            note.answer_place,
            note.answer,
            block.place.start - note.answer_place.start,
            block.place.end - note.answer_place.start,
        )
    assert "".join("".join(block.text for block in every).split()) == "".join(note.answer.split())


@given(ANSWERS)
def test_the_blocks_are_a_tree_in_reading_order(answer):
    every = blocks_of(answer)
    for number, block in enumerate(every):
        assert block.parent < number
        assert number < block.subtree_end <= len(every)
        if block.parent >= 0:
            parent = every[block.parent]
            assert parent.kind == "heading"
            assert block.subtree_end <= parent.subtree_end
            assert block.headings[:-1] == parent.headings
            assert block.depth == parent.depth + 1
        else:
            assert block.headings == ()
        inside = {child for child in range(len(every)) if number in ancestors(every, child)}
        assert inside == set(range(number + 1, block.subtree_end))


def ancestors(every, number):
    found = set()
    while every[number].parent >= 0:
        number = every[number].parent
        found.add(number)
    return found


@given(ANSWERS)
def test_only_headings_have_blocks_below_them(answer):
    every = blocks_of(answer)
    assert all(block.subtree_end == number + 1 for number, block in enumerate(every) if block.kind != "heading")


def test_numbered_sections_hold_the_pairs_below_them():
    note = SEED[0]
    every = blocks(note)
    sections = [block for block in every if block.parent < 0]
    assert [block.text.rstrip(": ") for block in sections] == [
        "1. Ease of Management",
        "2. Cost Efficiency",
        "3. Scalability",
        "4. Suitable Workloads",
        "5. Development Speed",
    ]
    texts = [block for block in every if block.kind == "paragraph"]
    assert texts[2].headings == ("Cost Efficiency", "Lambda")
    assert texts[3].headings == ("Cost Efficiency", "ECS")


def test_a_group_heading_holds_the_headings_below_it():
    note = next(note for note in SEED if note.question == "versoning in S3")
    named = {block.headings for block in blocks(note)}
    assert ("Key Benefits", "Data Recovery") in named
    assert ("Considerations",) in named


def test_code_stays_whole_with_its_indentation_and_its_blank_lines():
    code = "def total(rows):\n    return sum(rows)\n\n\nprint(total([1]))"
    assert [(block.kind, block.text) for block in blocks_of(f"Like this:\n{code}")] == [
        ("heading", "Like this:"),
        ("code", code),
    ]
    first, fenced = blocks_of("See:\n```\nCold start:\n\n- no item\n```\n")
    assert (first.kind, fenced.kind) == ("heading", "code")
    assert fenced.text == "```\nCold start:\n\n- no item\n```"


def test_a_wrapped_sentence_and_an_indented_line_stay_with_their_beginning():
    answer = "- an item.\n  It goes on.\nA sentence that\nis wrapped.\nNext."
    assert [block.text for block in blocks_of(answer)] == [
        "- an item.\n  It goes on.",
        "A sentence that\nis wrapped.",
        "Next.",
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Cost: Storage costs increase.", "label"),
        ("https://example.org/a:b is a link", "paragraph"),
        ("It was said. Then: nothing", "label"),
        ("This sentence is so long that its colon cannot be that of a heading at all:", "paragraph"),
        ("while it may seem odd, prose that begins with a keyword is prose", "paragraph"),
        ("import duties are what one pays at the border", "paragraph"),
        ("• a bullet", "item"),
        ("12) a numbered item", "item"),
        ("1. Numbered:", "heading"),
        ("**Bold:**", "heading"),
        ("@decorator", "code"),
        ("$ assistant index", "code"),
    ],
)
def test_the_kind_of_a_line(line, kind):
    (block,) = blocks_of(line)
    assert block.kind == kind


# --- sentences

NAMES = st.sampled_from(["fetch.min.bytes", "os.path", "3.13", "e.g.", "a.b.C", "v2.0.1", ".pyc", "x!y", "what?now"])
TEXTS = st.lists(
    st.one_of(NAMES, st.sampled_from(["Some", "words", "end.", "Really?", "\n", "(Yes.)", '"Go!"'])), max_size=12
)


@given(TEXTS.map(" ".join))
@example("One. Two.")
@example("  ")
def test_sentences_keep_every_word_whole_and_in_order(text):
    spans = sentences(text)
    assert all(start < end for start, end in spans)
    assert [word for start, end in spans for word in text[start:end].split()] == text.split()
    assert spans == sorted(spans)


@given(st.text(max_size=200))
def test_sentences_lose_nothing_but_blanks(text):
    spans = sentences(text)
    gaps = zip([0, *(end for _, end in spans)], [*(start for start, _ in spans), len(text)], strict=True)
    assert all(not text[end:start].strip() for end, start in gaps)


@given(NAMES, NAMES)
def test_dots_inside_names_and_before_small_letters_end_nothing(one, other):
    text = f"Set {one} and {other} before the start"
    assert sentences(text) == [(0, len(text))]


def test_sentences_end_at_marks_before_a_capital_or_a_number():
    text = 'It "ends." Next (one). 3 more! "Quoted?" yes'
    assert [text[start:end] for start, end in sentences(text)] == [
        'It "ends."',
        "Next (one).",
        "3 more!",
        '"Quoted?" yes',
    ]


# --- passages


@given(st.integers(1, 600), st.sampled_from([" ", "\n", "  \n\n"]))
@example(110, " ")
@example(111, " ")
@example(150, " ")
@example(180, " ")
def test_windows_hold_every_word_and_no_more_than_the_model_reads(count, blank):
    note = note_of(blank.join(f"w{number}" for number in range(count)))
    windows = [passage for passage in split(3, note) if passage.kind == "window"]
    texts = [slice_at(note, window.place) for window in windows]
    assert all(len(text.split()) <= LONGEST_WINDOW for text in texts)
    assert {word for text in texts for word in text.split()} == set(note.answer.split())
    assert all(window.text == f"{note.question}\n{text}" for window, text in zip(windows, texts, strict=True))


@given(st.integers(1, 600))
def test_what_one_window_cuts_apart_stands_whole_in_the_next(count):
    """Any stretch as long as the overlap lies whole in a window."""
    note = note_of(" ".join(f"w{number}" for number in range(count)))
    windows = [slice_at(note, one.place).split() for one in split(0, note) if one.kind == "window"]
    overlap = LONGEST_WINDOW - passages.WINDOW_STEP
    words = note.answer.split()
    starts = {window[0]: window for window in windows}
    spans = [(words.index(first), words.index(first) + len(window)) for first, window in starts.items()]
    for start in range(max(1, count - overlap)):
        assert any(first <= start and min(start + overlap, count) <= last for first, last in spans)


@given(ANSWERS)
def test_units_carry_title_and_headings_and_stand_where_their_block_does(answer):
    note = note_of(answer)
    every = blocks(note)
    made = split(7, note)
    assert {passage.note for passage in made} == {7}
    units = {passage.block: passage for passage in made if passage.kind == "unit"}
    bare = {passage.block: passage for passage in made if passage.kind == "bare"}
    assert units.keys() == bare.keys() == {n for n, block in enumerate(every) if block.kind != "heading"}
    for number, unit in units.items():
        block = every[number]
        assert unit.text.split("\n")[: 1 + block.depth] == [note.question, *block.headings]
        assert unit.text.endswith("\n" + block.text)
        assert bare[number].text == block.text
        assert unit.place == bare[number].place == block.place


def test_the_title_comes_first_and_is_all_there_is_of_an_unanswered_note():
    for number, note in enumerate(SEED):
        title, *others = split(number, note)
        assert (title.kind, title.text, title.place, title.block) == ("title", note.question, note.question_place, -1)
        assert bool(others) == note.answered


def test_the_passages_of_the_real_notes_fit_into_the_model():
    longest = max(len(re.findall(r"\w+|[^\w\s]", one.text)) for note in ANSWERED for one in split(0, note))
    assert longest < 256


@given(st.text(alphabet="ab\n", min_size=1, max_size=20), st.data())
def test_the_place_of_any_slice_names_the_lines_that_it_touches(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    place = within(Place("notes.txt", 5, 99, 100, 100 + len(text)), text, start, end)
    lines = [5 + text[:at].count("\n") for at in range(start, end)]
    assert place == Place("notes.txt", lines[0], lines[-1], 100 + start, 100 + end)
