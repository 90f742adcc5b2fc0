"""A line of Markdown -> what stands before its title (hashes, numbers, bold, a mark), and the bare title."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from assistant.notes.markers import question_marker
from assistant.notes.wording import is_document_part, likeness

HASHES = re.compile(r"#{1,6}(?:[ \t]+|(?=[^\s#!/\\]))")
ASKED = re.compile(r"[A-Z][a-z']{1,12} [^\n]{3,300}\?[ \t]*$")
BULLET = re.compile(r"[-*+\u2022\u25cf\u2023][ \t]+|\u2022")
CHECKBOX = re.compile(r"\[[ xX]\][ \t]+")
NUMBER = re.compile(
    r"[(#]?(?P<number>\d{1,4}(?:\.\d{1,3}){0,2})(?:\\?[.):\u3001]+\)?-?(?:[ \t]+|(?=[^\s\d.,]))"
    r"|\t[ \t]*(?=[^\W\d])|(?<=\.\d)[ \t]+|(?<=\.\d\d)[ \t]+|\ufe0f?\u20e3[ \t]*"
    r"|[ \t][.)][ \t]+|(?<!\d{4})[ \t]*[-\u2013\u2014\u00b7\u2022|][ \t]+)"
)
EMPHASIS = re.compile(r"\*{1,3}|_{2,3}|<(?:b|strong|em|i|u)>", re.IGNORECASE)
ANCHOR = re.compile(
    r"<a\b[^<>]{0,300}>[ \t]*</a>[ \t]*|<(?:span|font|p|center|code|a)\b[^<>]{0,300}>[ \t]*", re.IGNORECASE
)
HTML_HEADING = re.compile(r"<h([1-6])\b[^<>]{0,300}>[ \t]*", re.IGNORECASE)
STARS = re.compile(r"\*{2,5}[ \t]+(?=\d{1,4}[.)][^\n*]*$)")  # "*** 72) What is …?": set off, and not in bold
OPEN_FENCE = re.compile(r"`{3}[ \t]+(?=[^\s`][^`]*$)")
CLOSED_FENCE = re.compile(r"[ \t]+`{3}[ \t]*$")
IMAGE = re.compile(r"!\[[^\[\]]{0,300}\]\([^()]{0,500}\)|<img[ \t]+\w[^<>]{0,500}>", re.IGNORECASE)
TAG = re.compile(
    r"<(?P<close>/?)(?P<name>a|b|i|u|em|strong|span|font|h[1-6]|p|center|br|sup|sub|summary|details|div|ins|mark)\b(?P<rest>[^<>]{0,300})>",
    re.IGNORECASE,
)
LINK = re.compile(
    r"\[((?:[^\[\]]|\[[^\[\]]{0,100}\]){0,500})\]\(([^()\s]|\([^()]{0,100}\)){0,500}(?:[ \t]+\"[^\"]{0,200}\")?\)"
)
CITED = re.compile(
    r"(?:[ \t]*\[{1,2}(?:src|sources?|refs?|references?)[ \t]?\d{0,2}\]{1,2}\([^()\s]{1,500}\)\]?)+[ \t]*$",
    re.IGNORECASE,
)
HEADING_ID = re.compile(r"[ \t]*\{[#:.][^{}]{1,100}\}[ \t]*$")
ELSEWHERE = re.compile(r"\]\((?:https?:[^\n]*|[^()#\n]{0,300})\)[*_ \t]*$|\]\(http")
CODE = re.compile(r"(`+[^`]{0,300}`+)")
UPLINK = re.compile(r"\[[^\[\]\w]{1,10}\]\(#[^()]{0,200}\)")
CLOSING_HASHES = re.compile(r"(?:[ \t]+#+|(?<=[^\s#])#{3,6})[ \t]*$")
CODE_TAGS = re.compile(r"<(code|kbd|tt|samp)>((?:(?!</?\1>)[^\n]){0,300})</\1>", re.IGNORECASE)
PLAIN = re.compile(r"[^#`<\[{*_\\:]*")
REMEMBERED = 4096
STRETCH = 6
ASKS = 0.7


@dataclass(frozen=True, slots=True)
class Title:
    """What a line says and how it is set.

    `level` is 1..6 for a heading, 0 otherwise; `indent` in columns; `bullet` is "-" or "1" for list items,
    `number` as written; `emphasis` is the sign that opens bold; `end` the column behind the title, where
    an answer on the same line may begin; `link` whether the whole title leads to another place of the notes.
    """

    text: str
    level: int
    indent: int
    bullet: str
    number: str
    marked: bool
    emphasis: str
    end: int
    link: bool


@lru_cache(maxsize=REMEMBERED)  # several readers read the same lines
def title(line: str) -> Title:
    """Read one line from the left: each thing that may stand before a title, in any order, once or twice."""
    state = _Prefix(line)
    while state.step():
        pass
    return state.title()


def clean(words: str) -> str:
    """A title without tags, links, images and closing hashes; code keeps every character."""
    if PLAIN.fullmatch(words):
        return " ".join(words.split())
    pieces = CODE.split(CLOSED_FENCE.sub("", CLOSING_HASHES.sub("", words)))
    closed = words.lower()
    pieces[::2] = [_unlinked(piece, closed) for piece in pieces[::2]]
    return _unemphasised(" ".join(HEADING_ID.sub("", "".join(pieces)).split()))


def _unlinked(piece: str, words: str) -> str:
    piece = CODE_TAGS.sub(r"\2", UPLINK.sub("", IMAGE.sub("", piece)))
    return TAG.sub(lambda tag: tag.group() if _is_meant(tag, words) else "", piece)


def _is_meant(tag: re.Match[str], words: str) -> bool:
    """Whether a tag is what the title speaks of ("the difference between <div> and <span>"), not how it is set."""
    name = tag["name"].lower()
    if tag["close"] or tag["rest"].strip() or name in ("br", "p") or f"</{name}>" in words:
        return False
    return tag.start() > 0 or name in ("div", "span")


def _unemphasised(words: str) -> str:
    """Without the links' addresses, and without emphasis around the whole."""
    words = LINK.sub(r"\1", CITED.sub("", words) if "](" in words else words).strip().rstrip("\\").rstrip()
    words = words[:-1].rstrip() if words.endswith(("?:", "? :")) else words
    for sign in ("***", "**", "*", "___", "__", "_"):
        inner = words[len(sign) : -len(sign)]
        if words.startswith(sign) and words.endswith(sign) and inner and sign not in inner:
            return inner.strip()
    return words[:-2].rstrip() if words.endswith("**") and words.count("**") == 1 else words


class _Prefix:
    """The reading of one line from the left."""

    def __init__(self, line: str) -> None:
        bare = line.lstrip(" \t")
        self.line = line
        self.column = len(line) - len(bare)
        self.indent = len(line[: self.column].expandtabs(4))
        self.level = 0
        self.bullet = self.number = self.emphasis = ""
        self.marked = False
        self.steps = 0

    def step(self) -> bool:
        """Take one more thing off the left, if there is one."""
        self.steps += 1
        if self.steps > STRETCH * 2 or self.column >= len(self.line):
            return False
        return (
            self._hashes() or self._list_sign() or self._mark() or self._number() or self._emphasis() or self._noise()
        )

    def _hashes(self) -> bool:
        found = HASHES.match(self.line, self.column)
        if found and (self.level == 0 or self.steps <= STRETCH):
            close = found.group().rstrip() == found.group()
            comment = found.end() - found.start() == 1 and not _is_heading(self.line[found.end() :])
            if close and (comment or self.level):
                return False
            self.level = self.level or len(found.group().strip())
            self.column = found.end()
            return True
        html = HTML_HEADING.match(self.line, self.column)
        if html is None or self.level:
            return False
        self.level, self.column = int(html[1]), html.end()
        return True

    def _list_sign(self) -> bool:
        found = (CHECKBOX if self.bullet else BULLET).match(self.line, self.column)
        if found is None or self.emphasis or (self.level and self.line[self.column] == "*"):
            return False
        self.bullet, self.column = self.bullet or "-", found.end()
        return True

    def _mark(self) -> bool:
        if self.marked or self.line[self.column] not in "Qq([":
            return False
        marker = question_marker(self.line, self.column)
        if marker is None:
            return False
        self.marked, self.number, self.column = True, marker.number or self.number, marker.end
        return True

    def _number(self) -> bool:
        found = NUMBER.match(self.line, self.column)
        again = found is not None and found.group().rstrip() == f"{self.number}."  # "41. 41. Explain …"
        if found is None or (self.number and not (again or self.level or self.emphasis)):
            return False
        cell = found.group()[-1] == "\t" and not self.marked
        dashed = not cell and found.group().rstrip()[-1] not in ".):\\"
        if dashed and not (self.level or self.emphasis) and likeness(self.line[found.end() :]) < ASKS:
            return False
        if not (self.level or self.emphasis or self.bullet):
            self.bullet = "1"
        self.number, self.column = self.number or found["number"], found.end()
        return True

    def _emphasis(self) -> bool:
        found = EMPHASIS.match(self.line, self.column)
        if found is None or STARS.match(self.line, self.column) or self.emphasis or not self._opens(found):
            return False
        self.emphasis, self.column = found.group().lower(), found.end()
        while self.line[self.column : self.column + 1] in (" ", "\t"):
            self.column += 1
        return True

    def _opens(self, found: re.Match[str]) -> bool:
        """A rule ("***") opens nothing, nor do the underscores of `__init__`."""
        rest = self.line[found.end() :].rstrip()
        return bool(rest.strip("* \t")) and (found.group()[0] != "_" or rest.rstrip("?:. ").endswith(found.group()))

    def _noise(self) -> bool:
        """Anchors, stars that close nowhere, and pictograms before a number or a mark."""
        found = next((one for sign in (ANCHOR, STARS, OPEN_FENCE) if (one := sign.match(self.line, self.column))), None)
        if found:
            self.column = found.end()
            return True
        column = self.column
        while column < len(self.line) and column < self.column + 4 and _is_pictogram(self.line[column]):
            column += 1
        while column < len(self.line) and self.line[column] in " \t":
            column += 1
        bold = EMPHASIS.match(self.line, column)
        sign = bold.end() if bold else column
        if column == self.column or not (NUMBER.match(self.line, sign) or question_marker(self.line, sign)):
            return False
        self.column = column
        return True

    def title(self) -> Title:
        words, end = self._words()
        whole = LINK.fullmatch(words.strip(" \t*_"))
        inner = title(whole[1]) if whole and not self.number else None
        return Title(
            text=inner.text if inner else clean(words),
            level=self.level,
            indent=self.indent,
            bullet=self.bullet,
            number=inner.number if inner else self.number,
            marked=self.marked or bool(inner and inner.marked),
            emphasis=self.emphasis,
            end=end,
            link=whole is not None and ELSEWHERE.search(words) is None,
        )

    def _words(self) -> tuple[str, int]:
        """The title and the column behind it: bold that closes before the end of the line ends the title."""
        rest = self.line[self.column :]
        if not self.emphasis:
            return rest, len(self.line)
        sign = f"</{self.emphasis[1:]}" if self.emphasis.startswith("<") else self.emphasis
        close = _close(rest.lower(), sign)
        if close < 0:
            return rest, len(self.line)
        behind = rest[close + len(sign) :]
        if self.marked and behind.count(sign) % 2 and behind.rstrip().endswith("?"):
            return rest.replace(sign, ""), len(self.line)
        if not rest[:close].strip(" \t:.)-"):
            return behind.strip().lstrip(":.-\u2013\u2014 "), len(self.line)
        if self.level or not behind.strip(" \t*_?.:!#\\"):
            return rest[:close] + behind.rstrip("*_ \t"), len(self.line)
        return rest[:close], self.column + close + len(sign)


def _is_heading(words: str) -> bool:
    """Whether what stands right behind a single hash is more than a comment: a question, or a part of a document."""
    return ASKED.match(words) is not None or is_document_part(words)


def _close(rest: str, sign: str) -> int:
    close = rest.find(sign)
    while close >= 0 and rest.count("`", 0, close) % 2:
        close = rest.find(sign, close + 1)
    return close


def _is_pictogram(sign: str) -> bool:
    return unicodedata.category(sign) in ("So", "Sk", "Mn", "Cf", "Sm")
