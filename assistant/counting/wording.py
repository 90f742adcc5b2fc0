"""A question -> what it wants to know about the notes themselves, or None: only an unmistakable wording counts.

A question of the person's subject that is taken for one about the notes gets a wrong answer, while the reverse
only gets a poor one. So a wording must be matched from its first to its last word, and it must either speak of
the person's own notes ("do I have", "my", "did I write") or ask what can be asked of notes only ("which
questions are unanswered").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["all", "answered", "unanswered", "duplicates"]

LONGEST = 200  # characters of such a question
MOST_TOPIC_WORDS = 5

THING = r"(?:notes?|questions?|entries|entry|q ?(?:&|and) ?as?)"
OWN = (
    r"(?:do i (?:already |currently |even )?have|have i (?:got|written|made|taken|noted|saved|collected|asked)"
    r"|did i (?:write|make|take|note|save|jot|collect|ask|put)|i(?: have|['’]ve)(?: got| written| made| taken"
    r"| noted| saved)?"
    r"|i (?:wrote|made|took|noted|saved|own)|i put|do my notes (?:have|hold|contain)"
    r"|(?:are |is )?(?:there )?(?:in|among) (?:all )?(?:my|these) (?:own )?(?:notes|questions|files?|notes files?))"
    r"(?: (?:down|up|together|myself))?"
)
NEVER = r"(?:never|not yet|not|still not)"
UNANSWERED = (
    r"(?:(?:that |which )?(?:still |do |does )?(?:not )?(?:have|has|lack|lacks|need|needs|miss|got) (?:still )?"
    r"(?:no|an|any|the) (?:answers?)(?: yet| at all)?"
    r"|(?:that |which )?(?:are|is) (?:still |currently )?(?:unanswered|not answered|missing (?:an |their )?answers?"
    r"|without (?:an |any )?answers?)"
    r"|(?:that |which )?(?:have|has) (?:still )?(?:not|never) been answered|without (?:an |any )?answers?"
    rf"|(?:that |which )?(?:i )?(?:have|had|did) (?:i )?(?:{NEVER}) (?:yet )?answer(?:ed)?"
    r"|(?:that |which )?(?:i )?(?:haven['’]?t|hadn['’]?t|didn['’]?t) (?:i )?(?:yet )?answer(?:ed)?"
    r"|(?:that |which )?(?:do i still (?:have|need) to|(?:must|should) i still|i still (?:must|(?:have"
    r"|need) to)) answer"
    r"|but never answered)"
)
# Read before the ones above are looked at: "have an answer" says the contrary of "need an answer".
ANSWERED = (
    r"(?:(?:that |which )?(?:already )?(?:do )?(?:have|has|got) (?:already )?an(?:y)? answers?(?: already)?"
    r"|(?:that |which )?(?:are|is) (?:already )?answered|(?:that |which )?(?:i (?:have )?|have i "
    r"|did i )(?:already )?answer(?:ed)?"
    r"|with (?:an )?answers?)"
)
TWICE = (
    r"(?:(?:that |which )?(?:are|is) (?:the )?(?:duplicates?|duplicated|repeated|doubled)(?: of (?:each|one an)other)?"
    r"|(?:that |which )?(?:are |is |appear |exist |stand )(?:in )?(?:there )?(?:twice|more than once|several times)"
    r"|(?:that |which )?(?:are|is|ask) (?:about |on )?the same(?: thing| question| topic| subject)?"
    r"|(?:did|have) i (?:write|written|ask|asked|note|noted)(?: down)? (?:twice|more than once|several times)"
    r"|(?:that |which )?i (?:wrote|asked|have written|noted)(?: down)? (?:twice|more than once|several times))"
)
STATES: tuple[tuple[Kind, str], ...] = (("duplicates", TWICE), ("answered", ANSWERED), ("unanswered", UNANSWERED))
ADJECTIVES: tuple[tuple[Kind, str], ...] = (
    ("unanswered", r"(?:un-?answered|not answered|open|empty|stub)"),
    ("duplicates", r"(?:duplicated?|repeated|double)"),
    ("answered", r"answered"),
)
FILLER = (
    r"(?:are there|there are|exist|so far|already|now|yet|today|currently|right now|in total|in all|altogether"
    r"|overall|all together|please|by now|at the moment)"
)
ABOUT = (
    r"(?:(?:that |which )?(?:are |is |deal |have to do |to do )?(?:all )?"
    r"(?:on|about|regarding|concerning|covering|around|with|related to|mention(?:ing)?|cover|talk(?:ing)? about"
    r"|tagged|for|of|under)"
    r"(?: the (?:topic|subject|word|term)(?: of)?)?)"
)
STRICT_ABOUT = (
    r"(?:(?:that |which )?(?:are |is )?(?:all )?(?:on|about|regarding|concerning|covering|mention(?:ing)?|cover)"
    r"(?: the (?:topic|subject|word|term)(?: of)?)?)"
)
TOPIC = r"(?P<topic>\S+(?: \S+)*?)"
STATE = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in STATES)
LATER = "|".join(f"(?:{pattern})" for _, pattern in STATES)

POLITE = re.compile(
    r"^(?:(?:hey|hi|hello|ok|okay|so|and|please|pls|well|now|then|also)[, ]+|(?:can|could|would|will) you (?:please )?"
    r"|i(?:['’]d| would) like to (?:know|see) |i want to (?:know|see) |let me (?:know|see) |(?:do"
    r"|would) you (?:happen to )?know "
    r"|tell me[, ]+(?=how many|which|what))+",
    re.IGNORECASE,
)
COUNT = r"(?:how many|count(?: up)?|(?:what is |what['’]s )?the (?:total )?number of|how large a number of)"
WHICH = r"(?:which|what(?: are| is)?)"
LIST = r"(?:list|show|give|print|enumerate|display|find|name)(?: me| us)?(?: up)?"
QUANTIFIED = r"(?P<every>(?:(?:all|every|each|any|some|the|of|out|single|those|full) )*)(?P<my>(?:my |our )?)(?:own )?"
ADJECTIVE = "|".join(f"(?P<{kind}_ones>{pattern})" for kind, pattern in ADJECTIVES)
REST = r"(?P<rest>(?: .*)?)"
SUBJECT = re.compile(
    rf"(?P<head>(?P<count>{COUNT})|(?P<which>{WHICH})|(?P<list>{LIST})) {QUANTIFIED}"
    rf"(?:different )?(?:(?:{ADJECTIVE}) )?"
    rf"(?P<before>(?:\S+ ){{0,3}}?){THING}(?= |$){REST}",
    re.IGNORECASE,
)
TAIL = re.compile(
    rf"(?: (?:{STATE})| (?P<own>{OWN})| (?:{FILLER})| (?P<about>{ABOUT}) {TOPIC}(?=$| {OWN}| {FILLER}"
    rf"| (?:{LATER})))(?= |$)",
    re.IGNORECASE,
)
EVERYTHING = re.compile(
    rf"(?:{LIST} (?:everything|anything|all)(?: that| which)? (?P<own>{OWN})"
    rf"|what(?: all)? (?P<have>do i have)) {STRICT_ABOUT} {TOPIC}"
    rf"|{LIST} everything {STRICT_ABOUT} (?P<listed>\S+(?: \S+)*?)(?: (?P<mine>{OWN}))?"
    rf"|do i (?:already |even )?have (?:any |some )?(?:{THING}|anything"
    rf"|something) {STRICT_ABOUT} (?P<had>\S+(?: \S+)*?)(?: {OWN})?",
    re.IGNORECASE,
)
BARE = re.compile(
    rf"(?P<unanswered>(?:which|what) (?:ones )?(?:have i {NEVER} answered|haven['’]?t i answered"
    rf"|did i {NEVER} answer)(?: yet)?"
    rf"|what is (?:still )?unanswered in my notes)"
    rf"|(?P<duplicates>do i have (?:any |some )?(?:duplicates?(?: {THING})?|{THING} twice)(?: in my notes)?"
    rf"|are there (?:any )?duplicate {THING}(?: in my notes)?|are there (?:any )?duplicates in my notes"
    rf"|(?P<how>how many) duplicates? (?:{OWN})(?: in my notes)?|(?:{LIST}) (?:all )?(?:my "
    rf"|the )?duplicates in my notes|(?:{LIST}) (?:all )?my duplicates)",
    re.IGNORECASE,
)
NO_TOPIC = re.compile(
    r"\b(?:is|are|was|were|be|does|do|did|can|could|will|would|should|must|may|might|have|has|how|what|why|when"
    r"|where|which|who"
    r"|that|if|while|whether|because|i|you|we|they|it|he|she|than|then|before|after|per|fit|fits)\b",
    re.IGNORECASE,
)
MYSELF = re.compile(r"\bi\b", re.IGNORECASE)
ARTICLE = re.compile(r"(?:an?|the|each|every|this|that|these|those|my|your|our|his|her|its|their|one)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be told: how many or which, of which kind, on which topic ("" for any)."""

    kind: Kind
    topic: str
    how_many: bool


def understood(question: str) -> Wish | None:
    """What the question wants to know about the notes; None when it may be about anything else."""
    if len(question) > LONGEST:
        return None
    text = POLITE.sub("", " ".join(question.split()).strip(" ?.!,;:"))
    return _bare(text) or _everything(text) or _subject(text)


def _bare(text: str) -> Wish | None:
    found = BARE.fullmatch(text)
    if found is None:
        return None
    return Wish("unanswered" if found["unanswered"] else "duplicates", "", bool(found["how"]))


def _everything(text: str) -> Wish | None:
    found = EVERYTHING.fullmatch(text)
    if found is None:
        return None
    topic = found["topic"] or found["listed"] or found["had"]
    owned = bool(found["own"] or found["mine"])
    return Wish("all", topic, how_many=False) if _is_topic(topic, owned=owned) else None


@dataclass(frozen=True, slots=True)
class _Tail:
    """What stands behind "notes": whether it says whose they are, of which kind and on which topic."""

    owned: bool
    kinds: tuple[Kind, ...]
    topic: str
    strict: bool


def _subject(text: str) -> Wish | None:
    found = SUBJECT.fullmatch(text)
    tail = _tail(found["rest"]) if found else None
    if found is None or tail is None:
        return None
    kinds = {kind for kind, _ in ADJECTIVES if found[f"{kind}_ones"]} | set(tail.kinds)
    topics = [topic for topic in (found["before"].strip(), tail.topic) if topic]
    owned = tail.owned or bool(found["my"])
    if len(kinds) > 1 or len(topics) > 1 or not _unmistakable(found, tail, owned=owned, kinds=kinds):
        return None
    topic = topics[0] if topics else ""
    if topic and not _is_topic(topic, owned=owned):
        return None
    return Wish(kinds.pop() if kinds else "all", topic, bool(found["count"]))


def _tail(rest: str) -> _Tail | None:
    """Read what follows clause by clause; None when some of it is no clause about notes."""
    owned, strict, topic = False, True, ""
    kinds: list[Kind] = []
    position = 0
    while position < len(rest):
        found = TAIL.match(rest, position)
        if found is None or (found["topic"] and topic):
            return None
        position = found.end()
        owned = owned or bool(found["own"])
        of_clause = [kind for kind, _ in STATES if found[kind]]
        owned = owned or (bool(of_clause) and MYSELF.search(found[0]) is not None)
        kinds += of_clause
        if found["topic"]:
            topic, strict = found["topic"], re.fullmatch(STRICT_ABOUT, found["about"], re.IGNORECASE) is not None
    return _Tail(owned, tuple(kinds), topic, strict)


def _unmistakable(found: re.Match[str], tail: _Tail, *, owned: bool, kinds: set[Kind]) -> bool:
    """Whether this can be asked of a person's notes only."""
    if owned:
        return True
    if found["before"] or not tail.strict:
        return False
    if tail.kinds or kinds:
        return "entr" not in found[0].lower()
    notes = re.search(r"\bnotes?\b", found[0], re.IGNORECASE) is not None
    return bool(tail.topic) and not found["count"] and (notes or "all" in found["every"].lower())


def _is_topic(topic: str, *, owned: bool) -> bool:
    """Whether the words name a topic and are no further question."""
    if len(topic.split()) > MOST_TOPIC_WORDS or NO_TOPIC.search(topic):
        return False
    return owned or ARTICLE.match(topic) is None
