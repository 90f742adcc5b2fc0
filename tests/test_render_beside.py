"""Two texts stand next to each other where there is room, one below the other where there is none."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from assistant.render.beside import INDENT, MOST, beside

LINES = st.lists(st.text(max_size=60), min_size=1, max_size=20)


@given(LINES, LINES, st.integers(80, 140))
def test_no_row_is_wider_than_the_terminal_and_the_columns_are_straight(left, right, width):
    rows = [line.text for line in beside(left, right, width)]
    assert all(cell_len(row) <= width for row in rows)
    assert len({cell_len(row[: row.index(" │")]) for row in rows if " │" in row and "│" not in "".join(left)}) <= 1


def test_every_word_of_both_sides_is_there():
    left = ["one: a", "three birds on a wire that is so long that it must be wrapped somewhere"]
    said = " ".join(line.text for line in beside(left, ["two: b"], 80))
    assert all(word in said for word in " ".join([*left, "two: b"]).split())


def test_a_narrow_terminal_and_a_pipe_have_one_column():
    for width in (0, 79):
        assert [line.text for line in beside(["a: x", "1 u"], ["b: y"], width)] == [
            f"{INDENT}a: x",
            f"{INDENT * 2}1 u",
            f"{INDENT}b: y",
        ]


def test_of_many_lines_the_first_are_shown_and_the_rest_counted():
    lines = [line.text.strip() for line in beside(["a", *map(str, range(MOST + 1))], ["b"], 0)]
    assert lines[-3:] == [str(MOST - 1), "… 1 more line", "b"]


def test_what_a_terminal_would_obey_is_made_visible():
    assert "\x1b" not in "".join(line.text for width in (0, 90) for line in beside(["a \x1b[2J"], ["b"], width))
