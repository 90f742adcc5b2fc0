"""A reading and what it left over -> the reading with the questions that another chapter asks in another style."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.notes import bold, headings, lists, lone_lines, q_lines
from assistant.notes.cuts import Cut, Reading
from assistant.notes.lines import Text
from assistant.notes.markers import answer_marker
from assistant.notes.numbering import is_next
from assistant.notes.wording import bare, likeness, without_page
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.elements import Element

STYLES = (q_lines.read, headings.read, q_lines.read_cards, bold.read, lists.read_items, lone_lines.read)
FEWEST = 4
LEAST_LINES = 4
FAIR_SHARE = 0.34
ASKING = 0.75
AGAIN = 0.3
ROW = 6
ASKS = 0.7
MOSTLY = 0.8
HALF = 0.5


def completed(text: Text, reading: Reading) -> Reading:
    """Read the lines outside the entries once more, on their own.

    What is found there counts only when it plainly asks (four questions or more, three of four of which sound like
    one and half of which have a question mark) and asks something new: a table of contents asks what the entries ask,
    and advice ("Explain your thoughts", "Give examples") asks nothing.
    """
    first = _without_lists(text, reading.cuts)
    if not first or not _enough(text, first):
        return reading
    rest = _without(text, first)
    found = [style(rest) for style in STYLES]
    most = max(one.score for one in found)
    more = next(one for one in found if one.score >= most * FAIR_SHARE)
    if not _plainly_ask(more.cuts, {bare(cut.question) for cut in first}):
        return reading
    starts = [cut.first for cut in first]
    apart = [_apart(text, cut, starts) for cut in more.cuts]
    cuts = tuple(sorted([*first, *apart], key=_first))
    reason = f"{reading.reason}; {counted(len(apart), 'more is', 'more are')} asked in another style"
    return Reading(cuts, reading.score, reason)


def _without_lists(text: Text, cuts: Sequence[Cut]) -> tuple[Cut, ...]:
    """The entries; the last of a row without answers only up to the list or block of questions that stands below.

    One with an answer ends where numbered questions that are answered, or have marks of answers below them, begin.
    """
    blocks = lone_lines.asked_in_blocks(text)
    numbered = [one for one in text.elements if one.bullet == "1" and one.title and not one.inside]
    lines = [one.line for one in numbered]
    freed = list(cuts)
    for place in range(FEWEST - 1, len(cuts)):
        cut = cuts[place]
        row = cuts[place - FEWEST + 1 : place]
        items = numbered[bisect_right(lines, cut.asked) : bisect_right(lines, cut.last)]
        if _answered_row(text, items) or _marked_row(text, items):
            freed[place] = _up_to(text, cut, items[0].line - 1)
        if any(one.start < one.end for one in row):
            continue
        block = blocks[bisect_right(blocks, cut.asked) : bisect_right(blocks, cut.last)]
        if len(block) >= ROW:
            freed[place] = _up_to(text, cut, block[0] - 1)
        elif len(items) >= ROW and _mostly_ask(text, items, cut.last):
            freed[place] = _up_to(text, cut, items[0].line - 1)
    return tuple(freed)


def _answered_row(text: Text, items: Sequence[Element]) -> bool:
    """Whether numbered questions stand one below the other, each with an answer of its own: another chapter's."""
    if len(items) < ROW or items[0].number != "1" or not all(is_next(a.number, b.number) for a, b in pairwise(items)):
        return False
    above = text.last_filled(0, items[0].line - 1)
    announced = text.lines[above].rstrip().endswith(":")
    return not announced and all(_is_answered(text, one) for one in items)


def _marked_row(text: Text, items: Sequence[Element]) -> bool:
    """Whether nearly all of many numbered items at the margin ask, and marks of answers stand below some of them."""
    if len(items) < ROW or sum(_is_free(text, one) for one in items) < MOSTLY * len(items):
        return False
    below = (text.first_filled(one.last + 1, len(text) - 1) for one in items)
    return sum(line < len(text) and answer_marker(text.lines[line].lstrip()) is not None for line in below) >= FEWEST


def _is_free(text: Text, one: Element) -> bool:
    """Whether an item asks at the margin, behind a blank line."""
    return not one.indent and one.likeness >= ASKS and text.blank[one.line - 1]


def _is_answered(text: Text, one: Element) -> bool:
    """Whether a question stands at the margin, behind a blank line and right above a line of text."""
    free = _is_free(text, one) and one.likeness >= 1
    return free and one.last + 1 < len(text) and not text.blank[one.last + 1]


def _mostly_ask(text: Text, items: Sequence[Element], last: int) -> bool:
    filled = sum(not text.blank[line] for line in range(items[0].line, last + 1))
    return sum(one.likeness >= ASKS for one in items) >= MOSTLY * filled


def _enough(text: Text, cuts: Sequence[Cut]) -> bool:
    filled = sum(not blank for blank in text.blank)
    inside = sum(not text.blank[line] for cut in cuts for line in range(cut.first, cut.last + 1))
    return filled - inside >= LEAST_LINES


def _without(text: Text, cuts: Sequence[Cut]) -> Text:
    """The text with the lines of the entries blank, every other character at its place."""
    pieces, position = [], 0
    for cut in cuts:
        start, end = text.starts[cut.first], text.end(cut.last)
        between = text.text[start:end]
        pieces += [text.text[position:start], "".join("\n" if sign == "\n" else " " for sign in between)]
        position = end
    return Text(text.path, "".join(pieces) + text.text[position:])


def _plainly_ask(cuts: Sequence[Cut], asked: set[str]) -> bool:
    if len(cuts) < FEWEST:
        return False
    asking = sum(likeness(cut.question) >= ASKING for cut in cuts)
    plainly = sum("?" in cut.question for cut in cuts)
    titles = [bare(cut.question) for cut in cuts]
    again = sum(title in asked or without_page(title) in asked for title in titles)
    different = min(asking, len(set(titles))) >= ASKING * len(cuts)
    return different and plainly >= HALF * len(cuts) and again <= AGAIN * len(cuts)


def _apart(text: Text, cut: Cut, starts: Sequence[int]) -> Cut:
    """The cut up to the next entry of the first reading."""
    position = bisect_right(starts, cut.asked)
    if position == len(starts) or cut.last < starts[position]:
        return cut
    return _up_to(text, cut, starts[position] - 1)


def _up_to(text: Text, cut: Cut, line: int) -> Cut:
    """The cut without what stands below a line."""
    last = max(cut.asked, text.last_filled(cut.asked + 1, line))
    end = min(cut.end, text.end(last))
    return replace(cut, last=last, start=min(cut.start, end), end=end)


def _first(cut: Cut) -> int:
    return cut.first
