"""A title -> how much it sounds like a question, and whether it is a mere label or a part of every document."""

from __future__ import annotations

import re
from functools import lru_cache

ASKING = frozenset(
    "what what's whats why how how's when where which who whose whom explain describe define list name "
    "compare contrast "
    "differentiate difference differences distinguish discuss write implement give tell can could is are "
    "do does did "
    "should would will have has mention state show demonstrate create find design illustrate elaborate "
    "enumerate outline "
    "talk identify provide suppose given predict solve reverse check calculate remove convert build "
    "develop consider "
    "imagine walk you make".split()
)
LABELS = frozenset(
    "answer answers ans solution solutions example examples output outputs code explanation explanations "
    "syntax note notes "
    "hint hints advantages disadvantages pros cons summary usage example:1 result results input "
    "conclusion details "
    "definition definitions benefits drawbacks limitations purpose steps approach approaches description "
    "overview "
    "important tip tips tldr tl;dr implementation constraints complexity features feature types "
    "characteristics warning "
    "reference references resources background introduction demo sample program test tests options "
    "option why how what "
    "when where outcome analysis diagram illustration scenario follow-up followup".split()
)
ANSWER_NAME = (
    r"(?:answers?|ans|solutions?|sol|explanations?|outputs?|hints?|code|details|responses?|results?|spoilers?|examples?"
    r"|more)"
)
ANSWER_LABEL = re.compile(
    r"(?:(?:show|view|see|reveal|expand|click|toggle|open|display|check|hide|get|read|tap|press|uncollapse)"
    rf"(?: (?:to|the|me|for|full|sample|this|an|all|and|on|correct|your|show|see|view|reveal|open|toggle|hide|expand))*"
    rf"(?: (?:{ANSWER_NAME}|here|it|expand|reveal|show|collapse|view|open))*"
    r"|(?:the |sample |model |expected |possible |suggested |short |detailed |correct |full |best |my |your |an )?"
    rf"{ANSWER_NAME}(?: and {ANSWER_NAME})?"
    r"(?: (?:\d{1,3}|[a-h]|(?:is|option) [a-h]|here|below|(?:using|with|in|by|via|for) .{1,60}))?)"
)
DOCUMENT_PART = re.compile(
    r"(?:the )?(?:table of contents?|contents|toc|index|licen[sc]e|contribut(?:ing|ors?|ions?|e)"
    r"|how to contribute|disclaimers?|"
    r"credits?|acknowledge?ments?|authors?|about|about (?:me|the author|this repo|this repository|us)"
    r"|support|sponsors?|"
    r"stargazers.*|star history|changelog|readme|follow me|connect with me|contact(?: me| us)?|further reading|"
    r"list of (?:all )?(?:the )?questions|questions list|show your support|donate|translations?|languages?|"
    r"thank(?:s| you).*|prerequisites|feedback|social media|related (?:repositories|repos|projects)"
    r"|final (?:notes|thoughts)|"
    r"recommended (?:resources|books|reading)|additional resources|useful links|resources and references"
    r"|other (?:resources|answers|references|links)|what(?: s|s|'s| is)? (?:more|next)|want more|next steps"
    r"|(?:you can )?(?:also )?(?:explore|find|see|get|view|read|browse|check out) [^\n]{0,60}"
    r"\b(?:answers|questions) (?:right )?here\b[^\n]{0,100})"
)
BACK_TO_TOP = re.compile(
    r"(?:(?:go|scroll|return|jump|move|click|take me)? ?(?:back|up)? ?(?:to)? ?(?:the)? ?)?"
    r"(?:top|table of contents?|toc|contents?|index|menu|questions?|list|start|beginning|home|up|back"
    r"|top of (?:the )?page|"
    r"question list|list of questions|main page|readme|all questions)"
)
TO_ANCHOR = re.compile(
    r"(?:<[^<>]{1,200}>\s{0,4})*(?:\[+[^\n]{0,100}\]\(#[^()\n]{0,200}\)|<a href=[\"']#[^<>]{0,200}>[^\n]{0,80}</a>)"
    r"(?:\s{0,4}</?[^<>]{1,200}>)*"
)
LINKED = re.compile(r"\]\(|<a\b|\u2b06|\u2191|\u21a5|\u25b2|\U0001f51d|\u21e7|\u2934")
POINTER = re.compile(
    r"\(#[^()\n]{0,200}\)|!?\[([^\[\]]{0,200})\]\([^()]{0,300}\)|<[^<>]{1,300}>|&[a-z]{2,6};|&#\d{1,6};"
)
RULE = re.compile(
    r"[ \t]*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|={3,}"
    r"|#[-=*]{3,}#|[\u2014\u2500\u2501\u2e3a\u2e3b]{1,200}|<(?:hr|br) ?/?>(?:[ \t]*<(?:hr|br) ?/?>)*)[ \t]*$"
)
PAGE = re.compile(r" \d{1,4}$")
PAIRS = re.compile(r"\b(?:difference|vs\.?|versus|differ)\b", re.IGNORECASE)
ENDING = re.compile(
    r"(?:in )?(?:conclusions?|summary|final words|wrap ?up|closing(?: thoughts| words)?|the end|good luck)"
)
FAREWELL = re.compile(
    r"(?:happy (?:coding|learning|interviewing|hacking)|good luck|all the best(?! \w+s\b)|"
    r"thanks? (?:you )?for (?:reading|your)|"
    r"(?:well,? )?that(?:'s|\u2019s| is) (?:all|it) (?:for (?:now|today)|folks)|"
    r"(?:please )?(?:star|\u2b50|give (?:it|this|a) )[^\n]{0,60}\brepo|if you (?:found|find|like) this)\b",
    re.IGNORECASE,
)
CHATTER = re.compile(
    r"(?:let me know|would you like|feel free to (?:ask|let)|i hope (?:this|these)|hope (?:this|these)|"
    r"if you(?:'d| would) like|"
    r"want me to|shall i|do you want me)\b",
    re.IGNORECASE,
)
ASIDE = re.compile(
    r"(?:these|the above|those) (?:[\w-]+ ){0,4}(?:questions|answers)(?: and answers)? "
    r"(?:should|will|cover|can|provide|are designed)\b"
    r"|this section (?:of|has|contains|covers|deals with|consists of) [^.\n]{0,60}\bquestions\b"
    r"|(?:certainly|sure(?: thing)?|of course|absolutely)[!,.]{1,2} (?:here|below)(?:'s|\u2019s| is| are)\b",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://[^\s()<>]{1,500}?(?=[?.!]*(?:[\s()\]<>]|$))")
DECORATION = re.compile(r"\A[^\w\s]{1,4}[ \t]+(?=\w)")  # a pictogram before the first word
LABEL_WORDS = 4
REMEMBERED = 4096  # titles that are asked about again and again while one file is read
LONGEST = 400


@lru_cache(maxsize=REMEMBERED)
def likeness(title: str) -> float:
    """How much a title sounds like a question, 0..1."""
    title = ADDRESS.sub("", title) if "://" in title else title
    bare = title.rstrip(" \t*_`'\")]:.!\u201d")
    if bare.endswith(("?", "\uff1f", "\u061f")):
        return 1.0
    if is_label(title) or is_document_part(title):
        return 0.0
    if "?" in title:
        return 0.9
    return _by_words(title)


def _by_words(title: str) -> float:
    words = DECORATION.sub("", title[:LONGEST].lower()).split(None, 2)
    first = words[0].strip("*_`'\"(\u201c\u00bf,:") if words else ""
    if first in ASKING and len(words) > 1:
        return 0.8
    return 0.7 if PAIRS.search(title[:300]) else 0.15


def is_label(title: str) -> bool:
    """Whether a title is what stands over a part of an answer ("Example", "Output:", "Solution 2")."""
    said = bare(title)
    words = said.split()
    if not words or len(words) > LABEL_WORDS + 2:
        return False
    if words[0] in LABELS and len(words) <= 1 + (words[-1].isdigit()):
        return True
    return len(words) <= LABEL_WORDS and "?" not in title and words[0] in LABELS and words[0] not in ASKING


def is_answer_label(title: str) -> bool:
    """Whether a summary or heading announces the answer itself ("Answer", "Show solution", "Answer: C")."""
    return ANSWER_LABEL.fullmatch(bare(title)) is not None and not title.rstrip(" *_").endswith("?")


def is_document_part(title: str) -> bool:
    """Whether a title is a part of the document and no note ("Table of contents", "License")."""
    return DOCUMENT_PART.fullmatch(bare(title)) is not None


def is_ending(title: str) -> bool:
    """Whether a title is what closes a document ("Conclusion", "Summary")."""
    return ENDING.fullmatch(bare(title)) is not None


def is_chatter(line: str) -> bool:
    """Whether a line is what a chat-bot says behind its answer ("Let me know if you would like more")."""
    return len(line) < LONGEST and CHATTER.match(line.strip(" \t*_>")) is not None


def is_aside(line: str) -> bool:
    """Whether a line speaks of the questions and answers themselves ("Sure! Here are …", "These questions cover …")."""
    return ASIDE.match(line) is not None


def is_farewell(line: str) -> bool:
    """Whether a last line is a good-bye that belongs to no answer ("Happy coding!")."""
    return len(line) < LONGEST and FAREWELL.match(line.strip(" \t*_>#")) is not None


def is_back_to_top(line: str) -> bool:
    """Whether a line is nothing but a link back to the top or to the table of contents."""
    if len(line) > LONGEST or not LINKED.search(line):
        return False
    if TO_ANCHOR.fullmatch(line.strip(" \t*_>-")):
        return True
    said = bare(POINTER.sub(_shown, line))
    return not said or BACK_TO_TOP.fullmatch(said) is not None


def _shown(pointer: re.Match[str]) -> str:
    return f" {pointer[1] or ''} "


def is_rule(line: str) -> bool:
    """Whether a line only separates ("---", "#---#", "<hr>", "<br>")."""
    return len(line) < LONGEST and RULE.match(line) is not None


@lru_cache(maxsize=REMEMBERED)
def bare(title: str) -> str:
    """The letters and digits of a title in lower case, words apart by one space; a long one is cut short."""
    title = title[:LONGEST]
    return " ".join("".join(sign if sign.isalnum() or sign in ";'" else " " for sign in title.lower()).split())


def without_page(title: str) -> str:
    """The same of a line of a table of contents, without the number of the page at its end."""
    return PAGE.sub("", bare(title))
