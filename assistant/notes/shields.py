"""Lines -> which of them are code, comment or front matter, where nothing opens a question."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

FENCE = re.compile(r"[ \t]*(?:[-*+>][ \t]{1,3}|\d{1,4}[.)][ \t]{1,3})?(`{3,}|~{3,})([^`]*)$")
LONGEST_FENCE = 12
SENTENCE = re.compile(
    r"[ \t]+[^\s={}]+(?:[ \t]+[^\s={}]+){2,}[ \t]*$"
)  # no language: the text begins right behind the marks
FRONT_MATTER_LINES = 60
WRAPPER = frozenset(("markdown", "md"))
PLAIN_TEXT = frozenset(("", "markdown", "md", "text", "txt", "plaintext", "plain"))
ASKING_ITEM = re.compile(
    r"[ \t]{0,8}(?:[-*+\u2022]|#{1,6}|Q?\d{1,4}[.):]|Q[.:])[ \t]+"
    r"(?:[^\n]{3,400}\?[ \t*]*$|\**(?:What|Why|How|When|Explain|Describe|List|Compare|Difference|Define|Which|Name)\b)"
)
ROW = 4
HALF = 0.5
STRONG_HEADING = re.compile(
    r"#{2,6}[ \t]+(?:\d{1,4}[.)][ \t]|Q[\d.:)]|[^\n]{3,}\?[ \t]*$)"
    r"|(?:\d{1,4}[.)][ \t]{1,4}\*\*|\*\*(?:Q[ .]?)?\d{1,4}[.)])[^\n]{3,}\?(?:\*\*)?[ \t]*$"
)


@dataclass(frozen=True, slots=True)
class Fence:
    """A line of three or more backticks or tildes; `info` is what stands behind them."""

    line: int
    sign: str
    length: int
    info: str


class _Closers:
    """The first closing fence behind a line, found by halving."""

    def __init__(self, fences: list[Fence]) -> None:
        self._lines: dict[tuple[str, int], list[int]] = {}
        for fence in fences:
            if not fence.info:
                for length in range(3, fence.length + 1):
                    self._lines.setdefault((fence.sign, length), []).append(fence.line)

    def after(self, fence: Fence) -> int:
        lines = self._lines.get((fence.sign, fence.length), [])
        position = bisect_right(lines, fence.line)
        return lines[position] if position < len(lines) else -1


def shielded(lines: list[str], wrapping: list[int]) -> list[bool]:
    """True for the lines of code fences, `<pre>` blocks, HTML comments and front matter; `wrapping` fences none."""
    shield = [False] * len(lines)
    _cover(shield, 0, _front_matter(lines))
    for first, last in _fenced(lines, set(wrapping)):
        _cover(shield, first, last)
    for opener, closer in (("<!--", "-->"), ("<pre", "</pre>")):
        _cover_blocks(shield, lines, opener, closer)
    return shield


def _cover(shield: list[bool], first: int, last: int) -> None:
    shield[first : last + 1] = [True] * (last + 1 - first)


def _front_matter(lines: list[str]) -> int:
    fence = lines[0].rstrip()
    if fence not in ("---", "+++") or len(lines) == 1 or not _is_key(lines[1]):
        return -1
    ends = (number for number, line in enumerate(lines[1:FRONT_MATTER_LINES], start=1) if line.rstrip() == fence)
    return next(ends, -1)


def _is_key(line: str) -> bool:
    key, separator, _ = line.replace("=", ":", 1).partition(":")
    return bool(separator) and re.fullmatch(r"[A-Za-z][\w -]{0,30}", key) is not None and key not in ("Q", "q")


def wrappers(lines: list[str]) -> list[int]:
    """The lines that set a whole document as code ("```markdown" … "```"), as chat-bots give it: they shield nothing.

    Such a fence is told by the fences of other languages within it.
    """
    found: list[int] = []
    fences = _fences(lines)
    position = 0
    while position + 1 < len(fences):
        fence, following = fences[position], fences[position + 1]
        position += 1
        if fence.info.lower() in WRAPPER and following.info:
            found.append(fence.line)
            position = _behind_wrapped(lines, fences, position)
            found += [fences[position - 1].line] if position <= len(fences) and not fences[position - 1].info else []
    return found or _around_questions(lines, fences)


def _around_questions(lines: list[str], fences: list[Fence]) -> list[int]:
    """The lines of fences that set lists of questions as text: most of what asks in the file stands in them."""
    found: list[int] = []
    inside = position = 0
    while position + 1 < len(fences):
        fence, closer = fences[position], fences[position + 1]
        paired = not closer.info and closer.sign == fence.sign and closer.length >= fence.length
        asking, filled = _asking(lines[fence.line + 1 : closer.line])
        if paired and fence.info.lower() in PLAIN_TEXT and asking >= ROW and asking >= HALF * filled:
            found += [fence.line, closer.line]
            inside += asking
        position += 2 if paired else 1
    return found if found and inside >= HALF * _asking(lines)[0] else []


def _asking(lines: list[str]) -> tuple[int, int]:
    """How many lines are items that ask, and how many are not blank."""
    return sum(ASKING_ITEM.match(line) is not None for line in lines), sum(bool(line.strip()) for line in lines)


def _behind_wrapped(lines: list[str], fences: list[Fence], position: int) -> int:
    """The position behind the fence that ends a wrapper: a bare one with a blank line below, outside the inner ones."""
    inner = False
    while position < len(fences):
        fence = fences[position]
        position += 1
        if not fence.info and not inner and not "".join(lines[fence.line + 1 : fence.line + 2]).strip():
            return position
        inner = not inner or bool(fence.info)
    return position


def _fences(lines: list[str]) -> list[Fence]:
    return [fence for number, line in enumerate(lines) if (fence := _fence(number, line))]


def _fence(number: int, line: str) -> Fence | None:
    if "```" not in line and "~~~" not in line:
        return None
    found = FENCE.match(line)
    if found is None:
        return None
    marks, info = found.groups()
    if SENTENCE.match(info):
        return None
    return Fence(number, marks[0], min(len(marks), LONGEST_FENCE), info.strip())


def _fenced(lines: list[str], wrapping: set[int]) -> list[tuple[int, int]]:
    """The pairs of fence lines; a fence that nothing closes is no fence."""
    fences = [fence for fence in _fences(lines) if fence.line not in wrapping]
    closers = _Closers(fences)
    pairs: list[tuple[int, int]] = []
    odd = False
    opener, behind = None, -1
    for fence in fences:
        if fence.line <= behind:
            odd = odd or (opener is not None and bool(fence.info) and _rivals(fence, opener))
            continue
        last = closers.after(fence)
        odd = odd or last < 0
        if last >= 0:
            pairs.append((fence.line, last))
            opener, behind = fence, last
    return _mended(lines, fences) if odd else pairs


def _rivals(fence: Fence, opener: Fence) -> bool:
    """Whether the fence could have closed the opener, had it no language behind it."""
    return fence.sign == opener.sign and fence.length >= opener.length


def _mended(lines: list[str], fences: list[Fence]) -> list[tuple[int, int]]:
    """Pair the fences of a file in which one was never closed: a question heading or a new language ends it."""
    pairs: list[tuple[int, int]] = []
    opened: Fence | None = None
    seen = 0
    for fence in fences:
        if opened is not None:
            heading = _strong_heading(lines, max(seen, opened.line) + 1, fence.line)
            seen = fence.line
            if heading < 0 and not _rivals(fence, opened):
                continue
            if heading < 0 and not fence.info:
                pairs.append((opened.line, fence.line))
                opened = None
                continue
            pairs.append((opened.line, (heading if heading >= 0 else fence.line) - 1))
        opened = fence
    return pairs


def _strong_heading(lines: list[str], first: int, last: int) -> int:
    return next((number for number in range(first, last) if STRONG_HEADING.match(lines[number])), -1)


def _cover_blocks(shield: list[bool], lines: list[str], opener: str, closer: str) -> None:
    closers = [number for number, line in enumerate(lines) if closer in line]
    behind = -1
    for number, line in enumerate(lines):
        if number <= behind or shield[number] or not line.lstrip().startswith(opener):
            continue
        position = bisect_right(closers, number - 1)
        if position < len(closers):
            behind = closers[position]
            _cover(shield, number, behind)
