"""A question as put to an assistant -> the question itself, without the words that only address it or the notes.

"What do my notes say about caching, please?" asks for caching. The words around it stand in no note and in every such
question, so they hide what it is about from a search that weighs words.
"""

from __future__ import annotations

import re

from assistant import lexical

NOTES = r"(?:all )?(?:of )?(?:my|the|these|our) (?:\w+ )?notes?"
_SAY = r"(?:say|tell(?: me)?|mention|explain|contain|cover|have|note|write|state)"
_WROTE = r"(?:say|write|wrote|written|note|noted|have|put|jot)(?: down)?"
_ABOUT = r"(?:about|on|regarding|concerning)"
ADDRESSED = re.compile(
    r"^\W*(?:"
    r"(?:hi|hey|hello|please|pls)\b[\s,!.]*|(?:ok|okay|so|well)\s*[,!.]"  # "well-architected" keeps its well
    rf"|(?:according to|based on|looking at|looking in|from|in|check|search|use) {NOTES}\b[\s,:]*(?:and )?"
    rf"|what (?:do|does|did) {NOTES} {_SAY}(?: {_ABOUT})?\b"
    rf"|(?:what|anything|something) (?:do|did|have) i (?:ever )?{_WROTE} {_ABOUT}\b"
    rf"|(?:do|does|did) {NOTES} {_SAY}(?: (?:anything|something|me))?(?: {_ABOUT})?\b"
    rf"|(?:do|did|have) i (?:ever )?{_WROTE} (?:anything|something|a note|notes)(?: {_ABOUT})?\b"
    r"|(?:can|could|would|will) you (?:please )?(?:tell|explain|show|remind|help)(?: to)?(?: me)?(?: about)?\b"
    r"|(?:tell|remind|show) me(?: (?:again|about|of))?\b"
    rf"|i (?:(?:want|need|would like) to (?:know|understand|remember|learn)|forgot|forget|wonder)(?: {_ABOUT})?\b"
    r")\s*",
    re.IGNORECASE,
)
ASIDE = re.compile(
    rf"[\s,]*(?:(?:according to|based on|in|from|as per) {NOTES}|please|pls|thanks|thank you)\s*(?=[?.!]*\s*$)",
    re.IGNORECASE,
)


def unframed(question: str) -> str:
    """The question without such words at either end; unchanged where nothing would be left to search for."""
    inner = question
    while (shorter := ASIDE.sub("", ADDRESSED.sub("", inner))) != inner:
        if not lexical.content_words(shorter):
            break
        inner = shorter
    return inner
