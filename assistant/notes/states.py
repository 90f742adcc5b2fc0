"""An answer and its question -> whether the question is answered, has a mere promise below it, or nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.notes.pointers import TAG, only_points
from assistant.notes.shown import only_shown
from assistant.notes.wording import bare as letters

if TYPE_CHECKING:
    from assistant.types import State

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
    r"|links?|answers?|above|below|same as above|as above|idem|ditto|\?+|-+|_+|\.+|…+)"
    r"( (later|soon|answer|this|here|link|me))?",
)
PROMISE = re.compile(r"(?:to ?do|tbd|fixme)\b ?[:(\u2013-].{0,100}")
ARROW = re.compile(r"\A\s{0,20}(?:-{1,2}|=)>[ \t](?=[a-z])")
FENCED = re.compile(r"^\s*(?:```|~~~)[a-z+#]{0,15}[ \t\r]*$", re.MULTILINE)
MARK = re.compile(r"(?:.* )?(?:a|ans|answers?|your answer|sol|solutions?|show|reveal|spoilers?)(?: \d{1,4})?")
LONGEST_STUB = 400


def state(answer: str, question: str = "", between: str = "") -> State:
    """`unanswered` without a word, `stub` for a mere promise or pointer ("TODO", "see link"), else `answered`.

    `between` is what was taken off the head of the answer: code behind a mark ("Answer:", "show") is no question's.
    """
    if not answer:
        return "unanswered"
    shown = only_shown(question, answer) and not MARK.fullmatch(letters(TAG.sub(" ", between)))
    if shown or only_points(question, answer):
        return "stub"
    if len(answer) > LONGEST_STUB:
        return "answered"
    bare = TAG.sub(" ", answer)
    said = " ".join(FENCED.sub("", ARROW.sub("", bare.lower())).strip(" \t\r\n*_`~#>|()[]:!,;<+/\u2022").split())
    if "<img" in answer.lower() or "![" in answer:
        return "answered"
    promised = not said.strip(".… ") or STUB.fullmatch(said.rstrip(". …!:")) or PROMISE.fullmatch(said)
    return "stub" if promised else "answered"
