"""The span of an answer -> the span without what only frames it: rules, back-to-top links, wrappers, answer marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.notes.markers import answer_marker
from assistant.notes.titles import clean, title
from assistant.notes.wording import bare as letters
from assistant.notes.wording import is_answer_label, is_back_to_top, is_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.lines import Text

FRAME = re.compile(
    r"</?(?:div|b|p|details|blockquote|a|center|sup|sub|br|hr|span|strong|em|i|u|font|section|small)\b[^<>]{0,300}>",
    re.IGNORECASE,
)
OPENING = re.compile(
    r"<(?:br|hr)[ \t]*/?>|<(?:div|p|b|center|section|blockquote)\b[^<>]{0,200}>"
    r"|</(?:b|p|a|div|strong|summary|blockquote)>|(?:<details\b[^<>]{0,200}>\s{0,20})?<summary\b[^<>]{0,200}>(?P<summary>[^\n]{0,200}?)</summary>",
    re.IGNORECASE,
)
PICTOGRAM = "[\u2190-\u2bff\U0001f300-\U0001faff\ufe0f]{1,3}"
EMPHASIS = re.compile(
    rf"[ \t]*(?:[-*+>][ \t]{{1,4}})?(?:#{{1,6}}[ \t]*)?(?:{PICTOGRAM}[ \t]*)?"
    rf"(?:\*{{1,3}}|_{{1,3}}|<(?:b|strong|u)>)?(?:{PICTOGRAM})?[ \t]?",
    re.IGNORECASE,
)
CLOSED_EMPHASIS = re.compile(r"[ \t]?[:.]?(?:\*{1,3}|_{1,3}|</(?:b|strong|u)>)[ \t]?[:.\-]?[ \t]?", re.IGNORECASE)
OPTION_B = re.compile(r"[ \t]*(?:[-*+][ \t]+)?\*{0,2}[Bb][.):]")
CLOSING = re.compile(r"</(details|b|p|div|center|section|blockquote)>[ \t]*$", re.IGNORECASE)
ALONE = frozenset(("answer", "ans", "solution", "a", "sol", "answers", "your answer", "the answer", "answer below"))
NAMES = frozenset(("Answer", "Ans", "Solution", "ANSWER", "ANS", "SOLUTION"))
BREAK = re.compile(r"<br[ \t]*/?>[ \t]*$", re.IGNORECASE)
LONGEST_BREAK = 20
WRAPPERS = 8
LONG = 400
LONGEST_MARK = 60


def trimmed(text: Text, start: int, last: int, *, code: bool) -> tuple[int, int]:
    """The answer between an offset and the end of line `last`, both edges trimmed; equal when nothing is left.

    With `code`, a first line that is indented like code keeps its indentation.
    """
    end = _tail(text, start, last)
    while True:
        start = _filled(text, start, end)
        further = _behind_frame(text, start, end)
        if further == start:
            break
        start = further
    end = _unbroken(text, start, _unclosed(text, start, _behind_bold(text, start, end)))
    return (_indented(text, start, end) if code else start), end


def first_content(text: Text, first: int, last: int) -> int:
    """The first line of first..last that says something; `last + 1` when none does."""
    while first <= last and not text.shielded[first] and is_frame(text.lines[first]):
        first += 1
    return first


def _tail(text: Text, start: int, last: int) -> int:
    """The end of the last line that holds more than decoration."""
    first = text.line_of(min(start, max(len(text.text) - 1, 0)))
    line = last
    while line > first and (text.blank[line] or (not text.shielded[line] and is_frame(text.lines[line]))):
        line -= 1
    return max(start, text.end(line))


def is_frame(line: str) -> bool:
    """Whether a line holds no word of an answer: blank, hashes alone, a rule, a link to the top, or tags."""
    return not line.strip().strip("#") or is_rule(line) or is_back_to_top(line) or _only_tags(line)


def _only_tags(line: str) -> bool:
    return "<" in line and not FRAME.sub("", line).strip()


def _balance(answer: str, tag: str) -> int:
    lowered = answer.lower()
    return len(re.findall(rf"<{re.escape(tag)}\b", lowered)) - lowered.count(f"</{tag}>")


def _filled(text: Text, start: int, end: int) -> int:
    whole = text.text
    while start < end and whole[start].isspace():
        start += 1
    return start


def _behind_frame(text: Text, start: int, end: int) -> int:
    """The offset behind one rule, wrapper or answer mark at the head; the same offset when there is none."""
    if start >= end:
        return start
    number = text.line_of(start)
    column = start - text.starts[number]
    line = text.lines[number]
    if text.shielded[number]:
        return start
    if number in text.badges:
        return min(end, text.starts[number] + len(line))
    if is_rule(line[column : column + LONG]) or is_answer_heading(line[column : column + LONG]):
        return min(end, text.starts[number] + len(line))
    opening = OPENING.match(text.text, start, end)
    if opening and (opening["summary"] is None or is_answer_label(clean(opening["summary"]))):
        return opening.end()
    return min(end, _behind_mark(text, number, column, text.line_of(end - 1)))


def is_answer_heading(line: str) -> bool:
    """Whether a line says nothing but "Answer", as a heading or in bold or before a colon."""
    bare = line.strip()
    if len(bare) > LONGEST_MARK:
        return False
    if not (bare.startswith(("#", "*", "<", "_")) or bare.endswith((":", "-"))):
        return bare in NAMES
    read = title(bare)
    return read.end >= len(bare) and letters(read.text) in ALONE


def _behind_mark(text: Text, number: int, column: int, last: int) -> int:
    """The offset behind "A:", "Ans.", "**Answer:**" when the line begins with it."""
    line = text.lines[number]
    start = text.starts[number]
    decorated = EMPHASIS.match(line, column)
    begin = decorated.end() if decorated else column
    mark = answer_marker(line, begin)
    if mark is None or _is_option(text.lines[number + 1 : min(number + 8, last + 1)], line[begin : begin + 2]):
        return start + column
    closed = CLOSED_EMPHASIS.match(line, mark.end) if begin > column else None
    return start + (closed.end() if closed else mark.end)


def _is_option(below: Sequence[str], mark: str) -> bool:
    """Whether "A." is the first of several choices: then a "B." follows within a few lines of the answer."""
    return mark in ("A.", "A)", "A:") and any(OPTION_B.match(line) for line in below)


def _behind_bold(text: Text, start: int, end: int) -> int:
    """Cut off the end of bold that an answer mark began ("**A: text**")."""
    if end - start > len("**") and text.text.endswith("**", start, end) and text.text.count("**", start, end) % 2:
        return _right(text, start, end - 2)
    return end


def _right(text: Text, start: int, end: int) -> int:
    while end > start and text.text[end - 1].isspace():
        end -= 1
    return end


def _unclosed(text: Text, start: int, end: int) -> int:
    """Cut closing tags off the end whose opening tags stood before the answer."""
    for _ in range(WRAPPERS):
        found = CLOSING.search(text.text, max(start, end - 40), end)
        if found is None or _balance(text.text[start:end], found[1].lower()) >= 0:
            break
        end = _right(text, start, found.start())
    return end


def _unbroken(text: Text, start: int, end: int) -> int:
    """Cut line breaks ("<br />") off the end."""
    for _ in range(WRAPPERS):
        found = BREAK.search(text.text, max(start, end - LONGEST_BREAK), end)
        if found is None:
            break
        end = _right(text, start, found.start())
    return end


def _indented(text: Text, start: int, end: int) -> int:
    if start >= end:
        return start
    line = text.starts[text.line_of(start)]
    blank = text.text[line:start]
    return line if not blank.strip() and blank.startswith(("    ", "\t")) else start
