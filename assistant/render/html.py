"""Any text -> HTML that is ours alone: the one way for words of notes, models and people onto the page.

`tag` builds an element of an allow-list and escapes whatever is put into it; nothing else makes `Html`.
`formatted` knows lists, bold, code and our own citations: no image, no link, no markup of the text's own.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

from assistant.render.characters import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

TAGS = frozenset(
    "a article aside b button code details dialog div form h1 h2 h3 header input label li mark nav ol option p pre "
    "progress section select small span strong summary table tbody td textarea time tr ul".split()
)
ATTRIBUTES = frozenset(
    "class id href type value start title role tabindex for name hidden open placeholder rows maxlength max "
    "disabled selected dir".split()
)
VOID = frozenset({"input"})
_BULLET = re.compile(r"(?P<indent>[ \t]*)(?:[-*\N{BULLET}+])[ \t]+(?P<rest>\S.*)", re.DOTALL)
_NUMBER = re.compile(r"(?P<indent>[ \t]*)(?P<number>\d{1,3})[.)][ \t]+(?P<rest>\S.*)", re.DOTALL)
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_HEADING = re.compile(r"(?P<indent>)#{1,6}[ \t]+(?P<rest>\S.*)", re.DOTALL)
_LABEL = re.compile(r"[ \t]*[^\s*`]{1,40}(?:[ \t][^\s*`]{1,40}){0,3}(?<=:)[ \t]*")
_INLINE = re.compile(r"`[^`\n]+`|\*\*[^*\n]+\*\*|\[\d{1,3}\]")


class Html(str):
    """Markup made by `tag`: what is a plain string is escaped, what is Html is not."""

    __slots__ = ()


Child = str
EMPTY = Html("")


class Marks(NamedTuple):
    """What is marked in a text: the numbers that are citations (of the turn `scope`), and the spans in doubt."""

    scope: str = ""
    citations: Collection[int] = ()
    doubtful: Sequence[tuple[int, int]] = ()


NO_MARKS = Marks()


class Line(NamedTuple):
    """A line of a text, or what of it is left to format, and where that starts in the text."""

    text: str
    start: int


def text(value: str) -> Html:
    """The text, escaped, with nothing in it that a reader would not see."""
    return value if isinstance(value, Html) else Html(html.escape(visible(value), quote=True))


def join(parts: Iterable[str]) -> Html:
    """Several parts one after another."""
    return Html("".join(text(part) for part in parts))


def tag(name: str, /, *children: str, **attributes: str | int | bool | None) -> Html:
    """An element: `class_` is `class`, `data_turn` is `data-turn`, True a bare attribute, None and False none.

    Raises ValueError for an element, an attribute or a link that is not on the list.
    """
    if name not in TAGS:
        raise ValueError(f"<{name}> is not on the list")
    opened = "".join([f"<{name}", *(_attribute(key, value) for key, value in attributes.items()), ">"])
    return Html(opened) if name in VOID else Html(f"{opened}{join(children)}</{name}>")


def _attribute(key: str, value: str | int | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if name not in ATTRIBUTES and not name.startswith(("data-", "aria-")):
        raise ValueError(f"the attribute {name} is not on the list")
    if name == "href" and not str(value).startswith("#"):
        raise ValueError("links stay on the page")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{text(str(value))}"'


# --- formatting ----------------------------------------------------------------------------------


def formatted(value: str, marks: Marks = NO_MARKS) -> Html:
    """A text as paragraphs, lists and code, with its citations as links to `#source-SCOPE-N`."""
    return join(_block(lines, marks) for lines in _blocks(_lines(value)))


def _lines(value: str) -> Iterator[Line]:
    start = 0
    for line in value.split("\n"):
        yield Line(line.removesuffix("\r"), start)
        start += len(line) + 1


def _blocks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines that belong together: a fenced block, a run of items, a heading, a paragraph."""
    block: list[Line] = []
    fenced = False
    for line in lines:
        fence = bool(_FENCE.match(line.text))
        if fenced:
            block.append(line)
            fenced = not fence
            continue
        if block and (fence or not line.text.strip() or _kind(line) != _kind(block[0])):
            yield block
            block = []
        fenced = fence
        if line.text.strip():
            block.append(line)
    if block:
        yield block


def _kind(line: Line) -> str:
    if _FENCE.match(line.text):
        return f"fence {line.start}"
    if _HEADING.match(line.text):
        return f"heading {line.start}"
    if _BULLET.match(line.text):
        return "ul"
    return "ol" if _NUMBER.match(line.text) else "p"


def _block(lines: list[Line], marks: Marks) -> Html:
    kind = _kind(lines[0]).split()[0]
    if kind == "fence":
        body = lines[1:-1] if len(lines) > 1 and _FENCE.match(lines[-1].text) else lines[1:]
        return tag("pre", tag("code", "\n".join(line.text for line in body)))
    if kind == "heading":
        return tag("p", tag("strong", *_inline(_rest(lines[0], _HEADING), marks)))
    if kind == "ul":
        return tag("ul", *(tag("li", *_inline(_rest(line, _BULLET), marks)) for line in lines))
    if kind == "ol":
        return tag("ol", *(_numbered(line, marks) for line in lines))
    return tag("p", Html("\n".join(join(_spoken(line, marks)) for line in lines)))


def _spoken(line: Line, marks: Marks) -> Iterator[Html]:
    """A line of a paragraph; one that only announces what follows ("Key benefits:") stands out."""
    words = _inline(line, marks)
    return iter([tag("strong", *words)]) if _LABEL.fullmatch(line.text) else words


def _numbered(line: Line, marks: Marks) -> Html:
    found = _NUMBER.match(line.text)
    number = int(found["number"]) if found else None
    return tag("li", *_inline(_rest(line, _NUMBER), marks), value=number)


def _rest(line: Line, pattern: re.Pattern[str]) -> Line:
    found = pattern.match(line.text)
    return Line(found["rest"], line.start + found.start("rest")) if found else line


def _inline(line: Line, marks: Marks) -> Iterator[Html]:
    position = 0
    for found in _INLINE.finditer(line.text):
        yield from _plain(Line(line.text[position : found.start()], line.start + position), marks)
        yield from _marked(found[0], line.start + found.start(), marks)
        position = found.end()
    yield from _plain(Line(line.text[position:], line.start + position), marks)


def _marked(piece: str, start: int, marks: Marks) -> Iterator[Html]:
    if piece.startswith("`"):
        yield tag("code", piece[1:-1])
    elif piece.startswith("**"):
        yield tag("strong", *_plain(Line(piece[2:-2], start + 2), marks))
    elif int(piece[1:-1]) in marks.citations:
        yield citation(int(piece[1:-1]), marks.scope)
    else:
        yield from _plain(Line(piece, start), marks)


def citation(number: int, scope: str) -> Html:
    """A link to a source beside the answer of the turn `scope`."""
    target = f"source-{scope}-{number}"
    return tag("a", str(number), class_="cite", href=f"#{target}", data_source=target, aria_label=f"Source {number}")


def _plain(line: Line, marks: Marks) -> Iterator[Html]:
    """Text without markup, in which the spans in doubt are marked."""
    position, end = line.start, line.start + len(line.text)
    for begins, ends in marks.doubtful:
        first, last = max(begins, position), min(ends, end)
        if first < last:
            yield text(line.text[position - line.start : first - line.start])
            words = line.text[first - line.start : last - line.start]
            yield tag("span", words, class_="doubtful", title="Your notes do not bear this out")
            position = last
    yield text(line.text[position - line.start :])
