"""Where a reader cuts a file -> entries, and the text between them: no line is lost, none is in two."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.types import Entry, Loose, Place, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.notes.lines import Text

TAG = re.compile(r"</?[A-Za-z][^<>]{0,400}>")
STUB = re.compile(
    r"(?:to ?do|tbd|tba|tbc|fixme|wip|xxx|n/?a|nothing yet|(answer )?(coming|available) soon|soon|later"
    r"|(to be|will be) (done|written|added|filled|filled in|updated|completed|answered|continued)( soon| later)?"
    r"|work in progress|in progress|no answer( yet)?|not answered( yet)?|unanswered"
    r"|answer me|fill (in|me|this)( in)?|placeholder"
    r"|(?:(?:please )?(?:add|write|type|enter|insert|put|provide|give|fill in) (?:(?:in|down) )?)?"
    r"(?:(?:your|the|an?|my) )?(?:own )?(?:answers?|solutions?|responses?|code|notes|explanation)"
    r"(?: goes)?(?: here| below| in here)"
    r"|(?:(?:add|write|type|enter|insert|put|provide|fill in) )?your (?:own )?(?:answers?|solutions?|response)"
    r"|(?:add|write|type) (?:answer|me|this)"
    r"|(please )?(see|refer( to)?|check|read|look at|cf|follow)( the| this| that)?( above| below| link| question| docs?"
    r"| documentation| article| here| previous| next| answer| note| notes| \d+| q\d+| https?://\S+)+"
    r"|links?|above|below|same as above|as above|idem|ditto|\?+|-+|_+|\.+|…+)"
    r"( (later|soon|answer|this|here|link|me))?",
)
PROMISE = re.compile(r"(?:to ?do|tbd|fixme)\b ?[:(\u2013-].{0,100}")
LINK = re.compile(r"\[(?P<text>[^\[\]]{0,300})\]\([^()\s]{0,500}\)|<?https?://[^\s<>]{1,1000}>?")
FENCED = re.compile(r"^\s*```[a-z+#]{0,15}[ \t\r]*$", re.MULTILINE)
ASKS_OF_CODE = re.compile(
    r"\b(?:(?:the|its|this|correct|guess|predict) (?:\w+ )?(?:output|outcome)|output of|(?:will|does|would|is|gets?|be)"
    r" (?:\w+ ){0,5}(?:prints?|printed|logs?|logged|output))\b|^(?:guess|predict) ",
    re.IGNORECASE,
)
COMMENT = re.compile(r"//|#|=>|->|--|/\*|\u2192|\boutput\b", re.IGNORECASE)
LONGEST_STUB = 400


@dataclass(frozen=True, slots=True)
class Cut:
    """One entry, as lines from 0 (`first`..`last`, the question on `first`..`asked`) and its answer's offsets.

    `start == end` means that there is no answer.
    """

    first: int
    asked: int
    last: int
    question: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a file: `score` (0..1) is how well it fits, `reason` says why, in words for a person."""

    cuts: tuple[Cut, ...]
    score: float
    reason: str


if TYPE_CHECKING:
    Reader = Callable[[Text], Reading]


def entries(text: Text, cuts: tuple[Cut, ...]) -> tuple[Entry, ...]:
    """One entry a cut."""
    return tuple(_entry(text, cut) for cut in cuts)


def loose(text: Text, cuts: tuple[Cut, ...]) -> tuple[Loose, ...]:
    """What stands before, between and behind the entries, one piece each, without blank edges."""
    edges = [-1, *(line for cut in cuts for line in (cut.first, cut.last)), len(text)]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return tuple(piece for before, behind in gaps if (piece := _piece(text, before + 1, behind - 1)))


def state(answer: str, question: str = "") -> State:
    """`unanswered` without a word, `stub` for a mere promise or pointer ("TODO", "see link"), else `answered`."""
    if not answer:
        return "unanswered"
    if _only_shown(question, answer):
        return "stub"
    if len(answer) > LONGEST_STUB:
        return "answered"
    bare = TAG.sub(" ", answer)
    said = " ".join(FENCED.sub("", bare.lower()).strip(" \t\r\n*_`~#>|()[]:!,;<+/\u2022").split())
    if "<img" in answer.lower() or "![" in answer:
        return "answered"
    promised = not said.strip(".… ") or STUB.fullmatch(said.rstrip(". …!:")) or PROMISE.fullmatch(said)
    return "stub" if promised or _only_links(bare) else "answered"


def _only_shown(question: str, answer: str) -> bool:
    """Whether all that stands below "What is the output?" is the code in question, without a comment that answers."""
    if not answer.startswith("```") or ASKS_OF_CODE.search(question[:LONGEST_STUB]) is None:
        return False
    code = answer.split("\n", 1)[-1]
    return code.find("```") == len(code) - 3 and COMMENT.search(code) is None


def _only_links(answer: str) -> bool:
    if "](" not in answer and "://" not in answer:
        return False
    rest = " ".join(LINK.sub(" ", answer).lower().split()).strip(" *-_.,:;()>|")
    return not rest or rest in ("link", "source", "see", "see here", "read more", "more", "answer", "reference", "ref")


def _entry(text: Text, cut: Cut) -> Entry:
    answer = text.text[cut.start : cut.end]
    return Entry(
        question=cut.question,
        answer=answer,
        state=state(answer, cut.question),
        place=text.place(cut.first, cut.last),
        question_place=text.place(cut.first, cut.asked),
        answer_place=_answer_place(text, cut),
        asked=text.text[text.starts[cut.first] : text.end(cut.asked)],
    )


def _answer_place(text: Text, cut: Cut) -> Place:
    if cut.start >= cut.end:
        end = text.end(cut.asked)
        return Place(text.path, cut.asked + 1, cut.asked + 1, end, end)
    first = text.line_of(cut.start)
    return Place(text.path, first + 1, text.line_of(cut.end - 1) + 1, cut.start, cut.end)


def _piece(text: Text, first: int, last: int) -> Loose | None:
    first = text.first_filled(first, last)
    last = text.last_filled(first, last)
    if last < first:
        return None
    place = text.place(first, last)
    return Loose(place, text.text[place.start : place.end])
