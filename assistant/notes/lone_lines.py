"""Lines that ask without any mark, alone or one below the other ("What is …?") -> one entry each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.notes.cuts import Reading
from assistant.notes.signs import IN_BOLD, sign_of
from assistant.notes.slicing import Opener, cuts, opener, topics
from assistant.notes.titles import title
from assistant.notes.wording import is_rule, likeness
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.notes.lines import Text

FEWEST = 2
BLOCK, ROW = 3, 4  # lines that ask without the name of a topic above them, and when not all need ask
NESTED = 2
HALF = 0.5
MOSTLY = 0.6
MOSTLY_MARKED = 0.75
ALL_BUT_FEW = 0.9
ASKS = 0.7
LONGEST = 400
BREAK = re.compile(r"<br[ \t]*/?>[ \t]*$", re.IGNORECASE)
LONGEST_BREAK = 20
COUNTED_NAME = re.compile(r"\d{1,2}[.)][ \t]+[^\W\d_][^\n?.:!;]{2,60}[ \t]*$")
QUOTES = "\"'\u201c(`"
LONGEST_QUOTE = 6
PLAIN_WEIGHT = 0.5


def read(text: Text) -> Reading:
    """A line that ends with a question mark opens an entry where it stands free, and each of a block that asks."""
    blocks = [_Block(text, first, last) for first, last in _paragraphs(text)]
    asking = {line for block in blocks if block.asks for line in range(block.first, block.last + 1)}
    names = {
        block.first - 1 for block in blocks if block.headed and (block.asks or sign_of(text.lines[block.first - 1]))
    }
    questions = [
        one for one in text.elements if one.kind == "line" and not one.bullet and not one.inside and one.indent < NESTED
    ]
    heads = names | _broken(text)
    questions = [one for one in questions if one.line not in asking and _stands_free(text, one.line, heads)]
    openers = [*(opener(text, one) for one in questions), *(one for block in blocks for one in block.openers())]
    openers = sorted([*openers, *_without_marks(text, openers)], key=_first)
    firsts = {one.first for one in openers}
    over = [line for line in names if line + 1 in firsts]
    over += [line for block in blocks if block.asks and (line := _name_above(text, block.first)) >= 0]
    under = [line for block in blocks if block.asks and (line := _rule_below(text, block.last)) >= 0]
    made = cuts(text, openers, [*topics(text, openers), *over, *under])
    mass = PLAIN_WEIGHT * len(made) if len(made) >= FEWEST else 0.0
    found = counted(len(made), "line of its own ends", "lines of their own end")
    return Reading(made, mass, f"{found} with a question mark")


def _name_above(text: Text, line: int) -> int:
    """The line that names the topic of a block and stands alone above it, -1 for none."""
    above = text.last_filled(0, line - 1)
    alone = above >= 0 and (above == 0 or text.blank[above - 1]) and text.lines[above].rstrip().endswith(":")
    return above if alone and above < line and _is_name(text.lines[above]) else -1


def asked_in_blocks(text: Text) -> list[int]:
    """The lines of all blocks that ask, of three lines and more."""
    blocks = (_Block(text, first, last) for first, last in _paragraphs(text) if last - first >= FEWEST)
    return [line for block in blocks if block.asks for line in range(block.first, block.last + 1)]


def _rule_below(text: Text, line: int) -> int:
    """The line of the rule that ends a block of questions, -1 for none."""
    below = text.first_filled(line + 1, len(text) - 1)
    return below if below < len(text) and is_rule(text.lines[below]) else -1


def _paragraphs(text: Text) -> list[tuple[int, int]]:
    """The first and the last line of each stretch of plain lines without a blank line, a rule or another topic."""
    found: list[tuple[int, int]] = []
    for line in range(len(text)):
        if text.blank[line] or text.shielded[line] or not _is_plain(text.lines[line]):
            continue
        goes_on = found and found[-1][1] == line - 1 and not _is_name(text.lines[line])
        first = found.pop()[0] if goes_on else line
        found.append((first, line))
    return found


def _is_plain(line: str) -> bool:
    """Whether a line is no heading, item, table, quotation or rule."""
    first = line.lstrip()[:1]
    return (first.isalnum() or first in QUOTES or bool(sign_of(line))) and not is_rule(line)


class _Block:
    """A stretch of plain lines. Without the name of a topic at its head, it asks when most of its lines do."""

    def __init__(self, text: Text, first: int, last: int) -> None:
        self.text = text
        self.headed = first < last and _is_name(text.lines[first])
        self.first = first + self.headed
        self.last = last
        self.asks = self._asks()

    def _asks(self) -> bool:
        lines = self.text.lines[self.first : self.last + 1]
        if len(lines) < (1 if self._named() else BLOCK) or any(len(line) > LONGEST for line in lines):
            return False
        titles = [title(line) for line in lines]
        asking = [likeness(one.text) for one in titles]
        if len(lines) == 1:
            return "?" in lines[0] and asking[0] >= ASKS
        ask = sum(one >= ASKS for one in asking)
        marked = sum(one >= 1 for one in asking)
        share = MOSTLY if len(lines) >= ROW else 1.0
        return marked >= HALF * ask and ask >= share * len(lines) and not any(one.number for one in titles)

    def _named(self) -> bool:
        return self.headed and bool(sign_of(self.text.lines[self.first - 1]))

    def openers(self) -> list[Opener]:
        """One a line, which has no answer among three and more; words in quotation marks may run over several lines."""
        found: list[Opener] = []
        line = self.first
        while self.asks and line <= self.last:
            end = self._end_of_quote(line)
            words = " ".join(title(self.text.lines[number]).text for number in range(line, end + 1))
            found.append(Opener(line, end, words, self.text.end(end), last=end if self.last - self.first > 1 else -1))
            line = end + 1
        return found

    def _end_of_quote(self, line: int) -> int:
        opens = self.text.lines[line]
        if not opens.lstrip().startswith('"') or opens.count('"') % 2 == 0:
            return line
        below = range(line + 1, min(self.last, line + LONGEST_QUOTE) + 1)
        return next((number for number in below if self.text.lines[number].count('"') % 2), line)


def _is_name(line: str) -> bool:
    """Whether a line names the topic of those below it ("🟢 Beginner", "Storage:")."""
    if line.rstrip().endswith(":") or sign_of(line) not in ("", IN_BOLD) or COUNTED_NAME.match(line):
        return likeness(line) < ASKS
    return False


def _broken(text: Text) -> set[int]:
    """The lines that end with a line break ("<br />"), where most lines do: each is a paragraph."""
    broken = {line for line in range(len(text)) if BREAK.search(text.lines[line][-LONGEST_BREAK:])}
    return broken if len(broken) >= HALF * sum(not blank for blank in text.blank) else set()


def _stands_free(text: Text, line: int, heads: set[int]) -> bool:
    if line == 0 or text.blank[line - 1] or text.lines[line - 1][:1] == "#":
        return True
    return is_rule(text.lines[line - 1]) or line - 1 in heads


def _without_marks(text: Text, openers: Sequence[Opener]) -> list[Opener]:
    """Lines that ask without a question mark, where nearly all lines that stand alone have one: a list of questions."""
    alone = [line for line in range(len(text)) if _stands_alone(text, line)]
    taken = {one.first for one in openers}
    if sum(line in taken for line in alone) < MOSTLY_MARKED * len(alone):
        return []
    others = [(line, title(text.lines[line][:LONGEST]).text) for line in alone if line not in taken]
    asking = [(line, words) for line, words in others if likeness(words) >= ASKS]
    found = others if len(openers) + len(asking) >= ALL_BUT_FEW * len(alone) else asking
    return [Opener(line, line, words, text.end(line)) for line, words in found]


def _stands_alone(text: Text, line: int) -> bool:
    """Whether a line is a paragraph of its own, and no heading, item or table."""
    if text.blank[line] or text.shielded[line] or not text.lines[line][:1].isalnum():
        return False
    above = line == 0 or text.blank[line - 1] or text.lines[line - 1][:1] == "#" or is_rule(text.lines[line - 1])
    return above and (line + 1 == len(text) or text.blank[line + 1] or is_rule(text.lines[line + 1]))


def _first(one: Opener) -> int:
    return one.first
