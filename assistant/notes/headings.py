"""Markdown whose headings are questions -> one entry each; other headings are topics or parts of answers."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant import plurals
from assistant.notes import broken
from assistant.notes.counted import counted
from assistant.notes.cuts import Reading
from assistant.notes.edges import ALONE, first_content, is_frame
from assistant.notes.markers import answer_marker
from assistant.notes.numbering import inner_runs, is_next
from assistant.notes.partings import partings
from assistant.notes.slicing import boxes, contents, cuts, endings, overview
from assistant.notes.wording import bare as letters
from assistant.notes.wording import is_answer_label, is_document_part, is_ending, is_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.elements import Element
    from assistant.notes.lines import Text

HALF = 0.5
ENOUGH = 0.4
SHARE_OF_BEST = 0.25
MOSTLY_SIGNED = 0.7
NEARLY_ALL = 0.9
NUMBERED_BONUS = 0.6
OFTEN = 3
NESTED = 2
PAIR = 2
MARKED = 0.3
BARE_NUMBER = re.compile(r"(\d{1,4})[ \t]+(?=[^\W\d])")
MARKED_WEIGHT = 2.0


def read(text: Text) -> Reading:
    """Find the level at which questions are asked, then sort every heading into question, topic or part."""
    headings = _headings(text)
    level = _level(_telling(text, headings))
    guessed = 0 if level else _commonest(headings)
    if not level and not guessed:
        return Reading((), 0.0, "there are no headings")
    level = level or guessed
    sorting = _Sorting(text, headings, level)
    openers = broken.openers(text, sorting.questions)
    folds = [first for first, _ in text.details] if any(one.inside for one in headings) else []
    drawn = [*contents(text), *endings(text), *boxes(text), *partings(text, openers)]
    made = cuts(text, openers, [*sorting.topics, *folds, *drawn])
    mass = 0.0 if guessed else sum(max(one.likeness, HALF) for one in sorting.questions)
    asking = plurals.counted(len(made), "heading asks", "headings ask")
    return Reading(made, mass, f"{asking}, mostly of level {level} ({'#' * level})")


def _headings(text: Text) -> list[Element]:
    """The headings outside `<details>`, or all of them when most of those that ask stand inside."""
    headings = counted([one for one in text.elements if one.kind == "heading"])
    headings = [one for one in headings if one.title or one.marked]
    headings = _without_labels(text, headings)
    asking = [one for one in headings if one.asks]
    if 2 * sum(one.inside for one in asking) > len(asking):
        return headings
    return [one for one in headings if not one.inside]


def _without_labels(text: Text, headings: Sequence[Element]) -> list[Element]:
    """Leave out "### Question" where it stands right below the heading that names the question ("## 1. Locks")."""
    labels, under = set(), set()
    for above, one in pairwise(headings):
        if one.marked and not (one.title or one.number):
            labels.add(one.line)
            named = above.level < one.level and (above.number or above.asks) and not above.marked
            if named and first_content(text, above.last + 1, one.line) == one.line:
                under.add(one.line)
    if len(under) < NESTED or len(under) < NEARLY_ALL * len(labels):
        return list(headings)
    return [one for one in headings if one.line not in labels]


def _commonest(headings: Sequence[Element]) -> int:
    """The level to take when the settings say that headings ask though none sounds like it."""
    levels = Counter(one.level for one in headings)
    return max(levels, key=lambda level: (levels[level], -level)) if levels else 0


def _telling(text: Text, headings: Sequence[Element]) -> list[Element]:
    """The headings that say what a level is for: no labels, no counted parts of answers, no bare topics."""
    inner = {line for level in range(1, 7) for line in inner_runs([one for one in headings if one.level == level])}
    kept = []
    for position, one in enumerate(headings):
        below = headings[position + 1].line if position + 1 < len(headings) else len(text)
        bare = not one.asks and not one.number and first_content(text, one.last + 1, below - 1) == below < len(text)
        if not (bare or one.line in inner or _is_part(one) or is_answer_label(one.title)):
            kept.append(one)
    return [one for one in kept if one.marked or one.number or not is_label(one.title)]


def _level(telling: Sequence[Element]) -> int:
    """The shallowest level of which most headings ask and which holds a fair share of all that ask; 0 for none."""
    for bonus in (0.0, NUMBERED_BONUS):
        masses = {level: _mass([one for one in telling if one.level == level], bonus) for level in range(1, 7)}
        best = max(masses.values())
        fair = [level for level, mass in masses.items() if mass > 0 and mass >= best * SHARE_OF_BEST]
        if fair:
            return fair[0]
    return 0


def _mass(group: Sequence[Element], bonus: float) -> float:
    """How much the headings of one level ask in all; 0 when most of them do not."""
    if not group:
        return 0.0
    numbered = _share_signed(group) >= MOSTLY_SIGNED and len(group) >= OFTEN
    weights = [_weight(one, bonus if numbered else 0.0) for one in group]
    if sum(weights) < ENOUGH * len(weights):
        return 0.0
    titles = len({one.title.lower() for one in group}) if not numbered else len(group)
    return sum(weights) * titles / len(group)


def _weight(one: Element, bonus: float) -> float:
    return MARKED_WEIGHT if one.marked else max(one.likeness, bonus if one.number else 0.0)


def _share_signed(group: Sequence[Element]) -> float:
    return sum(1 for one in group if one.number or one.marked) / max(1, len(group))


class _Sorting:
    """Every heading as a question, a topic (which closes the answer before it) or a part of an answer."""

    def __init__(self, text: Text, headings: Sequence[Element], level: int) -> None:
        self.text = text
        self.level = level
        self.headings = headings = _numbered_between(headings, level)
        self.repeated = Counter(one.title.lower() for one in headings)
        self.refrains = self._refrains()
        self.group = [one for one in headings if one.level == level and one.line not in self.refrains]
        self.opening = _opening(self.group)
        self.signed = _share_signed([one for one in self.group if one.line >= self.opening])
        self.only_marks = sum(one.marked and not one.title for one in self.group) >= OFTEN
        self.marked = self.only_marks or sum(one.marked for one in self.group) > MARKED * len(self.group)
        self.inner = inner_runs(self.group)
        self.numbered = [one for one in self.group if one.number]
        self.numbered_lines = [one.line for one in self.numbered]
        between = bisect_right([one.line for one in self.group], self.numbered_lines[-1]) if self.numbered else 0
        self.unbroken = all(one.number for one in self.group[:between] if one.line > self.numbered_lines[0])
        self.questions: list[Element] = []
        self.topics: list[int] = []
        self.under = 0
        self.counted = False
        for position, one in enumerate(headings):
            self._sort(one, headings[position + 1] if position + 1 < len(headings) else None)
        if self.marked:
            self._add_strays()
        elif self.signed >= MOSTLY_SIGNED:
            self._add_counted()
        self.questions = _numbered_barely(self.questions)

    def _sort(self, one: Element, following: Element | None) -> None:
        if self._asks(one, following):
            self.questions.append(one)
            self.counted = False
            self.under = one.level
        elif self._closes(one, following):
            self.topics.append(one.line)
            self.under = 0
        else:
            self.counted = self.counted or bool(one.number)

    def _refrains(self) -> set[int]:
        """The lines of headings that stand bare again and again between numbered ones ("Any doubts? Ask me!")."""
        if sum(bool(one.number or one.marked) for one in self.headings) < OFTEN:
            return set()
        bare: dict[str, list[int]] = {}
        for one, following in zip(self.headings, [*self.headings[1:], None], strict=True):
            often = self.repeated[one.title.lower()] >= OFTEN
            if often and one.asks and not (one.number or one.marked) and self._leads(one, following):
                bare.setdefault(one.title.lower(), []).append(one.line)
        return {line for title, lines in bare.items() if len(lines) >= self.repeated[title] - 1 for line in lines}

    def _asks(self, one: Element, following: Element | None) -> bool:
        if one.line in self.refrains or one.line in self.inner or _is_part(one):
            return False
        if following is None and is_ending(one.title):
            return False
        if one.marked or self._answers(one):
            return one.marked
        if one.level == self.level:
            return self._is_answered_below(one, following) or self._asks_at_level(one, following)
        if one.level > self.level:
            return self._continues(one) or (self._asks_below(one) and not 0 < self.under < one.level)
        return one.asks and (self._continues(one) or self._asks_above(one, following))

    def _is_answered_below(self, one: Element, following: Element | None) -> bool:
        """Whether a title that is no label has a heading right below it which says nothing but "Answer"."""
        said = following is not None and letters(following.title) in ALONE
        return said and self._leads(one, following) and not is_label(one.title)

    def _asks_above(self, one: Element, following: Element | None) -> bool:
        """Whether a heading over the level of the questions asks itself, among unnumbered ones: it leads to none.

        Behind another question of its level, with a text of its own, it leads to none whatever follows.
        """
        beside = bool(self.questions) and self.questions[-1].level == one.level and not self._leads(one, following)
        leads = following is not None and following.level > one.level and not beside
        return bool(self.questions) and self.signed < HALF and one.likeness >= 1 and not leads and one.level > 1

    def _asks_below(self, one: Element) -> bool:
        """Whether a heading under the level of the questions asks: among numbered ones by number or question mark."""
        return one.likeness >= 1 or (one.asks and (self.signed < MOSTLY_SIGNED or bool(one.number)))

    def _asks_at_level(self, one: Element, following: Element | None) -> bool:
        if self.marked:
            return one.asks and not self.only_marks
        if one.line < self.opening:
            return False
        if one.number and self.signed >= HALF:
            return one.asks or not self._numbers(one, following)
        if one.likeness >= 1 and self.signed < NEARLY_ALL:
            return True
        if self.signed >= MOSTLY_SIGNED:
            return one.asks and not self._fits_between(one, following)
        return one.asks or self._is_bare_title(one, following)

    def _is_bare_title(self, one: Element, following: Element | None) -> bool:
        """Whether a heading that does not ask is a note all the same ("Closures" among questions)."""
        if is_label(one.title) or self.repeated[one.title.lower()] >= OFTEN:
            return False
        if following is None or following.level < one.level or not self._leads(one, following):
            return True
        return following.level > one.level and not (following.asks or following.number)

    def _leads(self, one: Element, following: Element | None) -> bool:
        """Whether a heading stands right above another heading, with nothing between them."""
        return following is not None and first_content(self.text, one.last + 1, following.line) == following.line

    def _numbers(self, one: Element, following: Element | None) -> bool:
        """Whether a heading stands right above another of its level whose number goes on from its own ("2.1")."""
        if following is None or following.level != one.level:
            return False
        return following.number.startswith(f"{one.number}.") and self._leads(one, following)

    def _continues(self, one: Element) -> bool:
        """Whether the number goes on from the last question's, or begins the count with a question."""
        if not self.questions:
            return one.asks and one.number == "1"
        return is_next(self.questions[-1].number, one.number) and not self.counted

    def _answers(self, one: Element) -> bool:
        """Whether a heading begins the answer ("### A: It is …") of a marked one."""
        numbered = one.number and one.level == self.level
        return (is_answer_label(one.title) and not numbered) or (self.marked and answer_marker(one.title) is not None)

    def _fits_between(self, one: Element, following: Element | None) -> bool:
        """Whether the numbering runs on over this heading, as if it were a part of the answer above it."""
        if following is None or not self.questions:
            return self.signed >= NEARLY_ALL
        position = bisect_right(self.numbered_lines, one.line)
        if position == len(self.numbered):
            return True
        return is_next(self.questions[-1].number, self.numbered[position].number)

    def _closes(self, one: Element, following: Element | None) -> bool:
        if one.line in self.refrains or _is_part(one):
            return True
        if following is None and one.level <= self.level and is_ending(one.title):
            return True
        if self._answers(one) or one.line in self.inner:
            return False
        if one.level < self.level:
            return not is_label(one.title) or len(one.title.split()) > PAIR or self._leads(one, following)
        below = following is not None and following.level >= self.level and (following.asks or bool(following.number))
        if self._ends_the_row(one):
            return True
        leads = below and self._leads(one, following) and not is_label(one.title)
        return leads and (one.level == self.level or one.level <= self.under or self._stands_apart(one))

    def _stands_apart(self, one: Element) -> bool:
        """Whether a rule or a link to the top ends the answer above a heading."""
        above = self.text.last_filled(0, one.line - 1)
        return above >= 0 and not self.text.shielded[above] and is_frame(self.text.lines[above])

    def _ends_the_row(self, one: Element) -> bool:
        """Whether a heading behind the last numbered one begins another chapter, as none stood between them."""
        if one.level != self.level or one.number or self.signed < HALF or is_answer_label(one.title):
            return False
        return len(self.numbered) >= OFTEN and one.line > self.numbered_lines[-1] and self.unbroken

    def _add_counted(self) -> None:
        """Among numbered headings a bold line that asks and goes on with their count is a question as well.

        So is a line without hashes that has the one number between two headings.
        """
        counted = {one.number for one in self.questions}
        lines = [one for one in self.text.elements if one.number and one.asks and not one.inside]
        fresh = [one for one in lines if one.number not in counted and one.kind != "heading" and one.indent < NESTED]
        fresh = [one for one in fresh if (one.kind == "bold" and one.likeness >= 1) or self._fills_the_gap(one)]
        kept: list[Element] = []
        for one in sorted([*self.questions, *fresh], key=_line):
            if one.kind == "heading" or (kept and is_next(kept[-1].number, one.number)):
                kept.append(one)
        self.questions = kept

    def _fills_the_gap(self, one: Element) -> bool:
        """Whether the questions right before and behind a line have the numbers before and behind its own."""
        position = bisect_right([question.line for question in self.questions], one.line)
        before, behind = self.questions[max(position - 1, 0)], self.questions[position : position + 1]
        return is_next(before.number, one.number) and any(is_next(one.number, other.number) for other in behind)

    def _add_strays(self) -> None:
        """Where headings are marked, a marked line without hashes is a question as well."""
        strays = [one for one in self.text.elements if one.marked and one.kind != "heading" and not one.inside]
        listed = {one.number: one.line for one in self.questions if one.number}
        strays = [one for one in strays if not (one.bullet and listed.get(one.number, 0) > one.line)]
        repeated = overview(self.text, strays, self.questions)
        self.questions = sorted([*self.questions, *(one for one in strays if one.line not in repeated)], key=_line)


def _numbered_barely(questions: Sequence[Element]) -> list[Element]:
    """Take "4 Common shells" as number 4 where the question before has that number or the one before it."""
    named: list[Element] = []
    for one in questions:
        bare = BARE_NUMBER.match(one.title) if named and not one.number else None
        if bare and (bare[1] == named[-1].number or is_next(named[-1].number, bare[1])):
            named.append(replace(one, number=bare[1], title=one.title[bare.end() :]))
        else:
            named.append(one)
    return named


def _numbered_between(headings: Sequence[Element], level: int) -> list[Element]:
    """Take "23 Labels" as number 23 of its level, right behind number 22 when no other heading has that number."""
    at_level = [one for one in headings if one.level == level]
    taken = {one.number for one in at_level}
    named = {one.line: one for one in _numbered_barely(at_level) if one.number not in taken}
    return [named.get(one.line, one) for one in headings]


def _opening(group: Sequence[Element]) -> int:
    """The line of the first numbered heading when nearly all from it on are numbered: what is above is a preface."""
    first = next((one.line for one in group if one.number), 0)
    behind = [one for one in group if one.line >= first]
    counted = len(behind) >= OFTEN and sum(bool(one.number) for one in behind) >= NEARLY_ALL * len(behind)
    return first if counted and group[0].line < first and behind[0].number == "1" else 0


def _is_part(one: Element) -> bool:
    """Whether a heading is a part of every document; one that is counted with the questions is none."""
    return is_document_part(one.title) and not (one.marked or (one.number and "content" not in one.title.lower()))


def _line(one: Element) -> int:
    return one.line
