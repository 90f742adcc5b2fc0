"""The wording of a question -> what a text must hold to answer it: a quantity, both things compared, a name of code.

A near miss often speaks of the right thing and says nothing of what was asked: "how long does it run" finds a note
on how it starts. What kind of answer a question wants stands in a few words of it, and whether a note has one at all
is seen without understanding either. Other languages than English ask for nothing here, and lose nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import lexical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Held = Callable[[str], float]  # some words -> the share of them (0..1) that the note has

NUMBER_WORDS = (  # and not "one", which more often is a pronoun
    r"(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|sixty|hundred|thousand|million|half"
    r"|dozen|quarter|once|twice|zero|unlimited|infinite)"
)
AMOUNT = rf"(?:\d[\d.,\u2013-]*|{NUMBER_WORDS}|one|few|several|couple of)\s*[-\u2013]?\s*"
HOW = r"(?<!know )(?<!sure )\bhow (?:much )?"  # "I do not know how often" asks for no number
NAMED = r"(?<![._-])\b{}\b(?![._-]\w)"  # as a word, not as a part of "max.poll.records"


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


QUANTITIES = (  # (how it is asked for, how it is given); the first kind that is asked for counts
    (
        _words(
            rf"{HOW}(?:long(?:er)?|often|soon|fast)\b|\b(?:long|short)est\b|{NAMED.format('timeout')}"
            r"|\bhow many (?:(?:milli)?second|minute|hour|day|week|month|year)s\b|\bperiod\b"
        ),
        _words(
            AMOUNT + r"(?:ms|milli\w*|s|sec(?:ond)?s?|m|min(?:ute)?s?|h|hrs?|hours?|days?|weeks?|months?|years?)\b"
            r"|\b(?:overnight|forever|indefinitely)\b"
        ),
    ),
    (
        _words(r"\bpercent|\bratio\b|\bproportions?\b|\bconcentration\b|\bstrength\b|\bhow strong\b"),
        _words(r"\d\s*%|\bper ?cent|\d\s*:\s*\d"),
    ),
    (  # a size or a temperature is often noted without its unit
        _words(
            rf"{HOW}(?:many|much|high|old|far|tall|big|large|small|thick|wide|deep|heavy|hot|cold)\b|\btemperatures?\b"
            r"|\b(?:which|what) (?:version|year|port|date|number|size)\b|\b(?:max(?:imum)?|min(?:imum)?) size\b"
            rf"|{NAMED.format('(?:default|max(?:imum)?|min(?:imum)?|limit|number of|amount of|quantity)')}"
            rf"|{NAMED.format('(?:biggest|largest|smallest)')}.{{0,20}}\b(?:size|file|object|payload|memory)\b"
        ),
        _words(rf"\d|\b{NUMBER_WORDS}\b"),
    ),
)

_FEW = r"((?:[\w.-]+\s+){{1,{}}}?)"
_LAST = r"((?:[\w.-]+\s*){{1,{}}})"
COMPARISONS = (  # each with the two things compared
    _words(
        r"\b(?:differences?|differ|distinctions?|compar(?:e|ing|ison)|separates?|distinguish(?:es)?|choos(?:e|ing)"
        rf"|decide)\b(?:\s+(?:between|of|from|in|is))*\s+{_FEW.format(4)}(?:and|or|from|with|to|vs\.?|versus)\s+"
        + _LAST.format(4)
    ),
    _words(rf"{_FEW.format(3)}(?:vs\.?|versus|compared (?:to|with))\s+{_LAST.format(3)}"),
    _words(
        rf"^(?:is it |should i use |use |which is better,? |better:? )?{_FEW.format(2)}or\s+{_LAST.format(2)}"
        r"(?=$|[,?:]| (?:for|in|when|to|which)\b)"
    ),
    _words(rf"\bhow (?:is|are|do|does) {_FEW.format(3)}differ(?:ent)? (?:from|to|than) {_LAST.format(3)}"),
    _words(rf"\b(?:do|are|is|of) {_FEW.format(4)}and {_FEW.format(4)}each\b"),
)
CODE_NAME = re.compile(  # --executor-memory, functools.wraps, explode_outer, groupByKey, print(), and not RDDs or e.g.
    r"(?<!\w)(?:--[a-z][\w-]+|[A-Za-z]\w+(?:[._]\w{2,})+|[a-z]+[A-Z]\w*|[A-Z]+[a-z]+[A-Z]\w*|\w+(?=\(\)))"
)
HOW_TO = _words(r"\bhow (?:do|can|to|would|should|could|might)\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the wording asks for. `quantity` finds one of the kind asked for; `names` are folded to lower case."""

    quantity: re.Pattern[str] | None
    compared: tuple[str, str] | None
    names: tuple[str, ...]
    how_to: bool
    function_words: int


def asked(question: str) -> Asked:
    """Read the wording of a question."""
    return Asked(
        next((given for sought, given in QUANTITIES if sought.search(question)), None),
        next(_compared(question), None),
        tuple(name.lower() for name in CODE_NAME.findall(question)),
        HOW_TO.search(question) is not None,
        sum(map(lexical.is_function_word, lexical.words(question))),
    )


def met(wanted: Asked, title: str, answer: str, held: Held) -> dict[str, float]:
    """What a note lacks of what was asked for, as signals of 0..1 (`function_words` is a count).

    A quantity in the title is a part of another question.
    """
    spelt = f"{title}\n{answer}".lower()
    joined = "".join(spelt.split())  # the DataFrame of a question is the data frame of a note
    return {
        "quantity_missing": float(wanted.quantity is not None and not wanted.quantity.search(answer)),
        "side_missing": 1 - min(map(held, wanted.compared)) if wanted.compared else 0.0,
        "name_missing": float(any(name not in spelt and name not in joined for name in wanted.names)),
        "how_to": float(wanted.how_to),
        "function_words": float(wanted.function_words),
    }


def _compared(question: str) -> Iterator[tuple[str, str]]:
    for pattern in COMPARISONS:
        found = pattern.search(question)
        if found and all(map(lexical.content_words, found.groups())):
            yield found[1], found[2]
