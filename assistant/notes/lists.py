"""Lists whose items are questions ("1. What is …?", "- Explain …") -> one entry each."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.notes.broken import BROKEN_OFF
from assistant.notes.cuts import Reading
from assistant.notes.markers import answer_marker
from assistant.notes.numbering import is_next
from assistant.notes.plain_rows import emphasized
from assistant.notes.slicing import Opener, cuts, opener, overview, topics
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from assistant.notes.elements import Element
    from assistant.notes.lines import Text

MOSTLY = 0.6
ASKS = 0.7
WORD = r"[^\W\d_][^\s.?!:;=`]{0,24}"
NAME = re.compile(rf"{WORD}(?:[ \t]{WORD}){{0,5}}:?[ \t]{{0,4}}")
FEWEST = 2
ALL_BUT_FEW = 0.9
ROW = 4
NESTED = 2
NEARLY_ALL = 0.7
SOME = 0.3
LONGEST_WRAP = 4
SHORTEST_WRAPPED = 60
ENDS = ("?", ".", ":", "!")


def read_items(text: Text) -> Reading:
    """Items are questions when most items of their kind ask; the rest of a numbered row is taken with them."""
    bold = {one.line for one in emphasized(text)}
    kinds = [one for one in text.elements if one.kind in ("item", "line") or one.line in bold]
    items = [one for one in kinds if one.bullet and one.title and not one.inside and not one.link]
    questions = [*_of_kind(text, items, "1"), *_of_kind(text, items, "-")]
    taken = {one.line for one in questions}
    questions += [one for one in text.elements if one.marked and one.title and _apart(one) and one.line not in taken]
    questions.sort(key=_line)
    repeated = overview(text, questions, [one for one in text.elements if one.kind == "heading"])
    questions = [one for one in questions if one.line not in repeated]
    firsts = {one.line for one in questions}
    openers = [_wrapped(text, one, firsts) for one in questions]
    above = min((one.indent for one in questions), default=0)
    over = [one.line for one in text.elements if one.kind != "heading" and one.bullet and one.indent < above]
    over += [one.line for one in text.elements if one.bullet == "1" and not one.title and one.indent < NESTED]
    over += _names_between(text, questions)
    made = cuts(text, openers, [*topics(text, openers), *repeated, *over])
    mass = sum(one.likeness for one in questions) if len(made) >= FEWEST else 0.0
    return Reading(made, mass, f"{counted(len(made), 'list item asks', 'list items ask')}")


def _names_between(text: Text, questions: Sequence[Element]) -> list[int]:
    """The short lines between questions that else follow one another at once: they name topics and answer nothing."""
    gaps = [(one.last + 1, two.line) for one, two in pairwise(questions)]
    if sum(first == behind for first, behind in gaps) < ALL_BUT_FEW * len(gaps):
        return []
    names = []
    for first, behind in gaps:
        line = text.first_filled(first, behind - 1)
        if line < behind and text.first_filled(line + 1, behind - 1) == behind and NAME.fullmatch(text.lines[line]):
            names.append(line)
    return names


def _wrapped(text: Text, one: Element, firsts: Collection[int]) -> Opener:
    """Take in the lines right below a question that is not at its end yet.

    Those are indented ones, lines up to a question mark, or the rest of a question among others without an answer.
    """
    first = opener(text, one)
    last = one.last
    while one.bullet == "-" and _runs_on(text, last, one.indent) and last < one.last + LONGEST_WRAP:
        last += 1
    last = _asked_at_last(text, one) if last == one.last else last
    last = _above_mark(text, one) if last == one.last else last
    last += last == one.last and _is_rest(text, one, firsts)
    words = [first.question, *(text.lines[line].strip() for line in range(one.last + 1, last + 1))]
    return first if last == one.last else Opener(one.line, last, " ".join(words), text.end(last), listed=True)


def _runs_on(text: Text, line: int, indent: int) -> bool:
    if text.lines[line].rstrip().endswith(ENDS) or line + 1 >= len(text) or text.shielded[line + 1]:
        return False
    above, below = text.lines[line], text.lines[line + 1]
    if len(below) - len(below.lstrip()) <= indent:
        return False
    first = below.lstrip()[:1]
    bracket = above.count("(") > above.count(")") and ")" in below
    breaks_off = bracket or (indent >= 0 and below.rstrip().endswith("?"))
    return first.islower() or (breaks_off and first.isalnum())


def _asked_at_last(text: Text, one: Element) -> int:
    """The line that ends a question with a question mark, when each line before it breaks off in the sentence."""
    last = one.last
    while last < one.last + LONGEST_WRAP and _runs_on(text, last, -1) and not one.likeness >= 1:
        last += 1
        if text.lines[last].rstrip().endswith("?"):
            return last
    return one.last


def _above_mark(text: Text, one: Element) -> int:
    """The last of the indented lines between a long question that does not end its sentence and its answer's mark."""
    first = text.lines[one.last].rstrip()
    last = one.last
    while last < one.last + LONGEST_WRAP and _is_indented(text, last + 1, one.indent):
        last += 1
    wrapped = len(first) >= SHORTEST_WRAPPED and not first.endswith(ENDS)
    return last if wrapped and _is_marked(text, last + 1) else one.last


def _is_indented(text: Text, line: int, indent: int) -> bool:
    """Whether a line holds words behind more blanks than those before an item, and no mark of an answer."""
    if line >= len(text) or text.shielded[line] or _is_marked(text, line):
        return False
    words = text.lines[line].lstrip()
    return len(text.lines[line]) - len(words) > indent and words[:1].isalnum() and not words[:1].isdigit()


def _is_marked(text: Text, line: int) -> bool:
    """Whether a line begins with the mark of an answer ("Answer:")."""
    return line < len(text) and not text.shielded[line] and answer_marker(text.lines[line].lstrip()) is not None


def _is_rest(text: Text, one: Element, firsts: Collection[int]) -> bool:
    """Whether the line below a long numbered question is the rest of it.

    It ends the sentence right above the next question, and one without an answer stands right before or behind.
    """
    above, below = one.last, one.last + 1
    bare = below not in firsts and below + 1 in firsts and (above - 1 in firsts or below + 2 in firsts)
    if not bare or one.bullet != "1" or text.shielded[below]:
        return False
    first, rest = text.lines[above].rstrip(), text.lines[below].strip()
    broken = rest[:1].islower() or rest.endswith("?") or BROKEN_OFF.search(first)
    whole = first.endswith(ENDS) or not rest[:1].isalnum()
    return bool(broken) and not whole and SHORTEST_WRAPPED <= len(first) > len(rest)


def _apart(one: Element) -> bool:
    """Whether a marked line ("*Question: What …?*") stands among the lists and not in one."""
    return one.kind in ("line", "bold") and not one.inside and one.indent < NESTED


def _line(one: Element) -> int:
    return one.line


def _of_kind(text: Text, items: Sequence[Element], bullet: str) -> list[Element]:
    """The questions among the outer items of one kind, and the nested ones that end with a question mark."""
    kind = [one for one in items if one.bullet == bullet]
    if bullet == "1":
        margin = _outer(text, kind)
        numbered = _numbered(margin)
        return [*numbered, *_nested_numbers(text, kind, margin, numbered)]
    outer = _without_glued(text, _at_margin(kind))
    if sum(one.likeness for one in outer) < MOSTLY * max(1, len(outer)) and (found := _under_topics(kind)):
        return found
    if sum(one.likeness for one in outer) < MOSTLY * len(outer):
        return []
    asked: list[Element] = []
    nearly_all = sum(one.likeness >= ASKS for one in outer) >= NEARLY_ALL * len(outer)
    for block in _without_advice(text, _blocks(text, outer)):
        if sum(1 for one in block if one.likeness >= ASKS) >= (SOME if nearly_all else MOSTLY) * len(block):
            asked.extend(block)
        elif nearly_all:
            asked.extend(one for one in block if _is_marked(text, one.last + 1))
    return [*asked, *(_bare_list(text, kind, asked) or _nested(text, kind, asked))]


def _at_margin(kind: Sequence[Element]) -> list[Element]:
    """The items that are not nested; one column is enough to nest what does not ask where those that ask have none."""
    near = [one for one in kind if one.indent < NESTED]
    asking = [one for one in near if one.likeness >= ASKS]
    flush = sum(not one.indent for one in asking) >= ALL_BUT_FEW * len(asking)
    return [one for one in near if not (flush and one.indent and one.likeness < ASKS)]


def _without_glued(text: Text, outer: Sequence[Element]) -> list[Element]:
    """Leave out items that do not ask right below a line of text, where nearly all that ask stand behind a blank line.

    They go on with the answer whose text they stand below.
    """
    asking = [one for one in outer if one.likeness >= ASKS]
    free = sum(one.line == 0 or text.blank[one.line - 1] or _is_apart(text, one.line - 1) for one in asking)
    if len(asking) == len(outer) or len(asking) < ROW or free < ALL_BUT_FEW * len(asking):
        return list(outer)
    kept: list[Element] = []
    glued = -1
    lines = {one.line for one in outer}
    for one in outer:
        above = one.line - 1
        below_text = above >= 0 and not (text.blank[above] or _is_apart(text, above) or above in lines)
        if one.likeness < ASKS and (below_text or above == glued):
            glued = one.last
        else:
            kept.append(one)
    return kept


def _is_apart(text: Text, line: int) -> bool:
    """Whether a line is a heading or the end of code, below which a new item begins."""
    return text.shielded[line] or text.lines[line][:1] == "#"


def _without_advice(text: Text, blocks: list[list[Element]]) -> list[list[Element]]:
    """Leave out a first block that says how to use the list ("- Check which …") and goes on as plain text.

    It has no question mark, as nearly all items below it have, which stand in rows: text does not part them.
    """
    first, others = blocks[:1], [one for block in blocks[1:] for one in block]
    advice = [one for block in first for one in block if "?" not in one.title]
    marked = sum("?" in one.title for one in others)
    many = len(others) >= ROW * max(len(blocks), len(advice)) and marked >= ALL_BUT_FEW * len(others)
    if [advice] != first or len(advice) < FEWEST or not many:
        return blocks
    behind = text.first_filled(advice[-1].last + 1, others[0].line)
    return blocks[1:] if text.lines[behind][:1].isalpha() else blocks


def _bare_list(text: Text, kind: Sequence[Element], asked: Sequence[Element]) -> list[Element]:
    """The nested items of a list without any answers, where whatever stands below a question asks as well."""
    if len(asked) < ROW:
        return []
    lines = {one.line for one in asked}
    nested = [one for one in kind if one.indent >= NESTED and one.likeness >= ASKS and one.line > asked[0].line]
    known = lines | {line for one in nested for line in range(one.line, one.last + 1)}
    between = range(asked[0].line, asked[-1].last + 1)
    bare = all(line in known or text.blank[line] or text.lines[line][:1] == "#" for line in between)
    return [one for one in nested if one.line < asked[-1].line] if bare else []


def _nested(text: Text, kind: Sequence[Element], asked: Sequence[Element]) -> list[Element]:
    """The nested items that ask; below a question that has an answer too they are a part of it."""
    lines = {one.line for one in asked}
    groups: list[list[Element]] = [[]]
    for one in kind:
        if one.indent < NESTED:
            groups.append([one])
        elif one.likeness >= ASKS:
            groups[-1].append(one)
    found: list[Element] = []
    for group in groups:
        if not group or group[0].line not in lines:
            found.extend(one for one in group if one.indent >= NESTED and one.likeness >= 1)
        elif 2 * sum("?" in one.title for one in group[1:]) > len(group) - 1 and _nothing_else(text, group):
            found.extend(group[1:])
    return found


def _nested_numbers(
    text: Text, kind: Sequence[Element], outer: Sequence[Element], asked: Sequence[Element]
) -> list[Element]:
    """The numbered items one level below another, when all of them ask and nothing answers the item above them."""
    starts = [one.line for one in outer]
    lines = {one.line for one in asked}
    groups: dict[int, list[Element]] = {}
    for one in kind:
        position = bisect_right(starts, one.line) - 1
        if position >= 0 and one.line not in starts[position : position + 1]:
            groups.setdefault(position, []).append(one)
    found: list[Element] = []
    for position, below in groups.items():
        above = outer[position]
        least = min(one.indent for one in below)
        group = [one for one in below if one.indent < least + NESTED]
        all_ask = len(group) >= FEWEST and all(one.likeness >= 1 for one in group)
        inside = least >= above.indent + NESTED and (not asked or above.line in lines)
        if all_ask and inside and text.first_filled(above.last + 1, group[0].line) == group[0].line:
            found.extend(group)
    return found


def _nothing_else(text: Text, group: Sequence[Element]) -> bool:
    """Whether nothing but blank lines stands between the items, and nothing indented behind the last."""
    between = all(text.first_filled(one.last + 1, two.line) == two.line for one, two in pairwise(group))
    behind = text.first_filled(group[-1].last + 1, len(text) - 1)
    return between and (behind >= len(text) or text.lines[behind][:1] not in " \t")


def _under_topics(kind: Sequence[Element]) -> list[Element]:
    """The items of one indent of which most ask, when those at the margin only name topics."""
    margin = _margin(kind)
    questions = [one for one in kind if one.indent == margin]
    if margin < NESTED or len(questions) < ROW or sum(one.likeness for one in questions) < NEARLY_ALL * len(questions):
        return []
    return questions


def _outer(text: Text, kind: Sequence[Element]) -> list[Element]:
    """The numbered items at the margin, which differs from heading to heading: a whole list may be indented."""
    margin = _margin(kind)
    headings = [one.line for one in text.elements if one.kind == "heading"]
    chapters: dict[int, list[Element]] = {}
    for one in kind:
        chapters.setdefault(bisect_right(headings, one.line), []).append(one)
    outer: list[Element] = []
    for chapter in chapters.values():
        least = min(one.indent for one in chapter)
        here = [one for one in chapter if least <= one.indent < least + NESTED]
        whole = margin < least and len(here) >= ROW and sum(one.likeness >= ASKS for one in here) >= SOME * len(here)
        edge = least if whole else margin
        outer.extend(one for one, two in zip(chapter, [*chapter[1:], None], strict=True) if _at_edge(one, two, edge))
    return outer


def _at_edge(one: Element, two: Element | None, edge: int) -> bool:
    """Whether an item stands at the margin, or is the first of a row whose numbers are set to the right ("  1.")."""
    if edge <= one.indent < edge + NESTED:
        return True
    begins = two is not None and one.number == "1" and is_next(one.number, two.number) and two.line == one.last + 1
    return begins and two is not None and edge <= two.indent < one.indent < edge + 2 * NESTED


def _margin(kind: Sequence[Element]) -> int:
    """The indent of nearly all numbered items that ask, when the whole list is indented; 0 otherwise."""
    indents = [one.indent for one in kind if one.likeness >= ASKS]
    least = min(indents, default=0)
    return least if indents.count(least) >= MOSTLY * len(indents) else 0


def _numbered(outer: Sequence[Element]) -> list[Element]:
    """Numbered items that ask, and those that carry on the count of the last one that did."""
    asked: list[Element] = []
    inner = ""
    for position, one in enumerate(outer):
        carries_on = bool(asked) and is_next(asked[-1].number, one.number) and not is_next(inner, one.number)
        if one.likeness >= ASKS or carries_on:
            asked.extend([*_right_above(outer, position, inner), one])
            inner = ""
        else:
            inner = one.number
    return asked if sum(one.likeness >= ASKS for one in outer) >= MOSTLY * len(asked) else []


def _right_above(outer: Sequence[Element], position: int, inner: str) -> list[Element]:
    """The first item of a row that does not sound like a question though the next line, which goes on with it, does."""
    above, one = outer[position - 1], outer[position]
    begins = bool(position) and inner in ("0", "1") and above.number == inner
    return [above] if begins and is_next(inner, one.number) and one.line == above.last + 1 else []


def _blocks(text: Text, items: Sequence[Element]) -> list[list[Element]]:
    """Items with nothing but blank and indented lines between them."""
    blocks: list[list[Element]] = []
    for one in items:
        if blocks and all(_belongs(text, line) for line in range(blocks[-1][-1].last + 1, one.line)):
            blocks[-1].append(one)
        else:
            blocks.append([one])
    return blocks


def _belongs(text: Text, line: int) -> bool:
    return text.blank[line] or text.lines[line][:1] in " \t" or text.shielded[line]
