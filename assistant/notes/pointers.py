"""An answer -> whether it only points to where one stands ("Analysis: [Question 1](…)")."""

from __future__ import annotations

import re

from assistant.notes.lines import PICTURES
from assistant.notes.shown import speaks_of_code

TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|center|code|dd|del|details|div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i|img"
    r"|ins|kbd|li|mark|ol|p|picture|pre|s|samp|section|small|source|span|strong|sub|summary|sup|table|tbody|td|th|thead"
    r"|tr|tt|u|ul|video)\b[^<>]{0,400}>",
    re.IGNORECASE,
)
LINK = re.compile(r"\[{1,2}[^\[\]]{0,300}\]{1,2}\([^()\s]{0,500}\)\]?|<?https?://[^\s<>]{1,1000}>?")
POINTING = frozenset(
    "link links source sources see here read more answer answers reference references ref refs and or also &".split()
)
# A word or two before a link, in any script; an item of a list may name what the link leads to.
LABEL = re.compile(
    r"[*_>\s]{0,6}(?P<label>[^\W_][^\s:\uff1a*]{0,20}(?:[ \t][^\s:\uff1a*]{1,20})?)[*_]{0,3}\s?[:\uff1a][*_]{0,3}"
    r"(?=\s{0,4}(?:\[|<?https?://))"
)
OF_ANSWERS = re.compile(r"analysis|answers?|ans|solutions?|sol|\u89e3\u6790|\u7b54\u6848", re.IGNORECASE)
ABOUT = re.compile(
    r"\W{0,4}(?:company|companies|asked (?:in|by|at)|difficulty|level|tags?|category)[*_ ]{0,3}[:\uff1a]", re.IGNORECASE
)
EXAMPLE = re.compile(r"[*_ \t]{0,3}example[ \t]?\d{0,2}[ \t]?[:\uff1a][*_ \t]{0,3}$", re.IGNORECASE | re.MULTILINE)
FENCE = ("```", "~~~")
LONGEST = 4000


def only_points(question: str, answer: str) -> bool:
    """Whether every line is a link, with a word or two before it, or tells about the question ("Company: …").

    Quotes and pictures may stand with them when the link is called the answer, for the question shows them; and code
    that the question speaks of, or that is called an example.
    """
    if len(answer) > LONGEST or ("](" not in answer and "://" not in answer):
        return False
    kinds: set[str] = set()
    fenced = False
    for line in filter(None, map(str.strip, answer.split("\n"))):
        mark = line.lstrip("> ").startswith(FENCE)
        fenced ^= mark
        kinds.add("" if mark else _kind(line, fenced=fenced))
    kinds -= {"", "about"}
    if "code" in kinds and not any(map(_shows_code, (question, answer.partition(FENCE[0])[0]))):
        return False
    return kinds == {"link"} or ("elsewhere" in kinds and "said" not in kinds)


def _shows_code(words: str) -> bool:
    return speaks_of_code(words) or EXAMPLE.search(words) is not None


def _kind(line: str, *, fenced: bool) -> str:
    """What a line is: a "link", "elsewhere" the answer, "about" or "shown" by the question, "code"; else "said"."""
    if PICTURES.fullmatch(line):
        return "shown"
    line = TAG.sub(" ", line).strip()
    labelled = LABEL.match(line)
    linked = LINK.sub(" ", line[labelled.end() :] if labelled else line)
    words = (word.strip("*-_.,:;()[]>|#`") for word in linked.lower().split())
    if all(not word or word in POINTING for word in words):
        named = labelled and OF_ANSWERS.fullmatch(labelled["label"])
        return ("elsewhere" if named else "link") if LINK.search(line) else ""
    if ABOUT.match(line):
        return "about"
    return "shown" if line.startswith(">") or EXAMPLE.fullmatch(line) else "code" if fenced else "said"
