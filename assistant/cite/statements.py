"""A sentence -> what a source must hold to bear it out: words, numbers, identifiers, names, a negation."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

NUMBER = re.compile(
    r"(?<![\w.])[-\u2212]?\d+(?:[.,]\d+)*(?![\w])|(?<=[\s$€£(])\d+(?:[.,]\d+)*(?=[A-Za-z%°])|^\d+(?=[A-Za-z%°])"
)
IDENTIFIER = re.compile(
    r"""(?<![\w.])(?:
        \.?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+     # fetch.min.bytes, asyncio.run
      | \.[a-z]\w{1,8}\b                       # .pyc
      | \w*[a-z0-9]_\w+ | __\w+__              # max_wait, __pycache__
      | [a-z]+\d*[A-Z]\w* | [A-Z][a-z0-9]+[A-Z]\w*   # camelCase, SparkContext
      | [A-Za-z_]\w*\(\)                       # repartition()
      | /[\w.-]+(?:/[\w.-]+)*                  # /v1/users
    )""",
    re.VERBOSE,
)
QUOTED = re.compile(r"`([^`\n]{1,200})`|\"([^\"\n]{1,200})\"|“([^”\n]{1,200})”")
NAME = re.compile(r"\b(?:[A-Z][\w'\u2019+#-]*|[a-z]*\d+[A-Za-z][\w-]*)")
COUNTED = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
NUMBER_WORDS = {word: str(value) for value, word in enumerate(COUNTED.split(), start=2)} | {
    "hundred": "100",
    "thousand": "1000",
    "million": "1000000",
    "billion": "1000000000",
    "twice": "2",
    "double": "2",
}
NEGATION = re.compile(
    r"\b(?:not|no|never|none|cannot|without|nor|neither|nothing|nobody|unable)\b|n['\u2019]t\b", re.IGNORECASE
)
INSTEAD = re.compile(
    r"\b(?:avoid\w*|prevent\w*|eliminat\w*|instead of|rather than|unlike|lack\w*|perception that"
    r"|misconception|appear\w* to be|limits? the (?:benefit|use|advantage|effect)\w* of)\b",
    re.IGNORECASE,
)
CONTRAST = re.compile(r"[,;]?\s+\b(?:while|whereas|but|however|unlike|compared (?:to|with))\b|;", re.IGNORECASE)
SOFT_NEGATION = re.compile(
    r"\b(?:avoid\w*|prevent\w*|eliminat\w*|instead|rather|unlike|lack\w*|only|independent\w*|immutable|limit\w*|"
    r"disabl\w*|fails?|stops?|restrict\w*|separate\w*|hidden|non|free of|fewer|less|removes?|regardless"
    r"|before|un\w{5,})\b",
    re.IGNORECASE,
)
OPPOSITES = (
    (r"\bmore\b", r"\b(?:less|fewer)\b"),
    (r"\babove\b", r"\b(?:below|under)\b"),
    (r"\bbefore\b", r"\bafter\b"),
    (r"\bincreas\w*", r"\b(?:decreas\w*|reduc\w*|lower\w*)"),
    (r"\bhigh(?:er|est)?\b", r"\blow(?:er|est)?\b"),
    (r"\b(?:faster|quick\w*|speeds? up)\b", r"\bslow\w*"),
    (r"\b(?:larger|bigger|largest|biggest)\b", r"\bsmall(?:er|est)\b"),
    (r"\bmax(?:imum|imal)\b", r"\bmin(?:imum|imal)\b"),
    (r"\balways\b", r"\bnever\b"),
    (r"\benabl\w*", r"\bdisabl\w*"),
    (r"\bcheap\w*", r"\bexpensive\b"),
    (r"\bsynchronous", r"\basynchronous"),
    (r"\bmutable", r"\bimmutable"),
)
POLES = tuple((re.compile(one, re.IGNORECASE), re.compile(other, re.IGNORECASE)) for one, other in OPPOSITES)
ONE = re.compile(r"\b(?:single|one)\s+(\w+)", re.IGNORECASE)
MANY = re.compile(r"\b(?:multiple|several|many|numerous)\s+(\w+)", re.IGNORECASE)
REACH = re.compile(r"[.,;:!?]|\bbut\b")
LIST_MARK = re.compile(r"^\s*(?:[-*+•\u2013>#]+\s+|\(?\d{1,3}[.)]\s+|\(?[a-z][.)]\s+)+")
EMPHASIS = re.compile(r"\*\*|__(?=\S)|(?<=\S)__(?!\w)|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")

TALK_WORDS = """
accord according additionally address addressed also answer answers answered ask asked asking assist basically
based became become becomes besides briefly certainly cite cited cites clearly conclude conclusion consist consists
contain contained contains context contrast course cover covered covers describe described describes detail details
discuss discussed essence essentially excerpt explain explained explains finally first firstly following found
further furthermore generally given hello help hence here hi hope however importantly include indeed information
instead involve involves key last lastly likewise list listed lists main mention mentioned mentions moreover namely
next note noted notes occur occurs overall passage passages per please point points provide provided provides
question questions refer reference regarding respectively second secondly section similarly simply source sources
specifically state stated states sum summarise summarize summary sure text thank thanks third thus together topic
typically whereas while written yes yet
"""
TALK = frozenset(TALK_WORDS.split())
SAYS_NOTHING = re.compile(
    r"\b(?:notes?|sources?|passages?|context|text)\b[^.]{0,40}\b(?:do|does|did|is|are)(?:\s+not|n['\u2019]t)\s+"
    r"(?:\w+ly\s+)?(?:answer|cover|mention|contain|say|specify|include|provide|explain|discuss|describe|give|address"
    r"|state|have)"
    r"|\b(?:no|not)\b[^.]{0,40}\b(?:in|by|from)\s+(?:your|the|these|any)(?:\s+\w+)?\s+(?:notes?|sources?|passages?|context)\b"
    r"|\bnone of (?:your|the|these) (?:notes?|sources?)\b"
    r"|\bi (?:do not|don['\u2019]t) know\b|\bi could(?: not|n['\u2019]t) find\b",
    re.IGNORECASE,
)

TURN = re.compile(r"\b(?:but|however|although|though|yet|still|nevertheless)\b|;", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Language:
    """How the notes' words are read: `sentences` gives spans, `content_words` words unstemmed, in order."""

    sentences: Callable[[str], list[tuple[int, int]]]
    content_words: Callable[[str], list[str]]
    stem: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or clause of a writer's text, without marks; `bare` is without list and emphasis marks too.

    `negated` says that it says "not"; `denied` are the words that its negations reach, "instead of" and
    "prevents" among them. `subject` is the stem, or the identifier, that it begins with. `one` and `many`
    are what it says that there is one or are several of, `poles` the sides of opposites that it takes.
    """

    text: str
    bare: str
    stems: tuple[str, ...]
    names: frozenset[str]
    numbers: frozenset[str]
    literals: frozenset[str]
    negated: bool
    denied: frozenset[str]
    subject: str
    one: frozenset[str]
    many: frozenset[str]
    poles: frozenset[int]

    @property
    def factual(self) -> bool:
        """Whether there is anything to bear out: a greeting, a lead-in or "your notes do not say" has nothing."""
        if SAYS_NOTHING.search(self.bare) and not TURN.search(self.bare):
            return False
        if self.numbers or self.literals:
            return True
        if self.bare.endswith((":", "?")):
            return False
        return len(self.stems) > 1


def statement(text: str, language: Language) -> Statement:
    """What a text claims, in the terms that a source is asked for."""
    bare = EMPHASIS.sub("", LIST_MARK.sub("", text)).strip()
    words = [word for word in language.content_words(bare) if word not in TALK]
    return Statement(
        text=text.strip(),
        bare=bare,
        stems=tuple(dict.fromkeys(language.stem(word) for word in words if not word.isdigit())),
        names=frozenset(_names(bare, language)),
        numbers=numbers(bare),
        literals=frozenset(_literals(bare)),
        negated=bool(NEGATION.search(bare)),
        denied=frozenset(stem for reach in denials(bare) for stem in _stems(reach, language)),
        subject=_subject(bare, words, language),
        one=counted(ONE, bare, language),
        many=counted(MANY, bare, language),
        poles=poles(bare),
    )


def numbers(text: str) -> frozenset[str]:
    """The numbers of a text in one spelling: `1,000`, `three` and `3.0` are 1000, 3 and 3."""
    folded = unicodedata.normalize("NFKC", text)
    found = {_plain(number) for number in NUMBER.findall(folded)}
    words = {NUMBER_WORDS[word] for word in re.findall(r"[a-z]+", folded.lower()) if word in NUMBER_WORDS}
    return frozenset(found | words)


def denials(text: str) -> Iterator[str]:
    """What the negations of a text reach: the words behind them, up to the next comma or "but"."""
    for pattern in (NEGATION, INSTEAD):
        for found in pattern.finditer(text):
            yield REACH.split(text[found.end() :])[0]


def counted(pattern: re.Pattern[str], text: str, language: Language) -> frozenset[str]:
    """The stems of what a text counts with such words."""
    return frozenset(language.stem(word.lower()) for word in pattern.findall(text))


def poles(text: str) -> frozenset[int]:
    """The opposites of which a text takes one side alone: the pair's number from 1, negative for the second."""
    sides = ((bool(one.search(text)), bool(other.search(text))) for one, other in POLES)
    return frozenset(number if one else -number for number, (one, other) in enumerate(sides, 1) if one != other)


def contrasts(text: str) -> list[str]:
    """The clauses of a text that set one thing against another; one where it does not."""
    return [clause for clause in CONTRAST.split(text) if clause.strip()]


def folded(text: str) -> str:
    """A text as literals are looked for in it."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'").split())


def _subject(text: str, words: Sequence[str], language: Language) -> str:
    first = IDENTIFIER.match(text)
    if first:
        return folded(first[0].removesuffix("()"))
    return language.stem(words[0]) if words else ""


def _stems(text: str, language: Language) -> Iterator[str]:
    return (language.stem(word) for word in language.content_words(text))


def _plain(number: str) -> str:
    bare = number.replace("\u2212", "-").replace(",", "")
    return bare.rstrip("0").rstrip(".") if bare.count(".") == 1 else bare


def _literals(text: str) -> set[str]:
    quoted = {next(part for part in found if part) for found in QUOTED.findall(text)}
    exact = {match.removesuffix("()") for match in IDENTIFIER.findall(text)}
    return {folded(found).strip(" .,;:!?'") for found in quoted | exact} - {""}


def _names(text: str, language: Language) -> set[str]:
    """The stems of proper names: capitals inside a sentence, and words with capitals or digits within."""
    names: set[str] = set()
    for found in NAME.finditer(text):
        word = found[0]
        inside = bool(re.search(r"[\w,;)'\u2019-]\s*$", text[: found.start()]))
        if inside or re.search(r".[A-Z]|\d", word):
            names.update(language.stem(part) for part in language.content_words(word) if part not in TALK)
    return {name for name in names if not name.isdigit()}
