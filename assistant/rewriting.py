"""A follow-up and the turns before it -> a question that stands alone.

By rules, a question that leans on the one before it gets the topic's words behind it, and its own words
once more, because a retriever must not take the topic for the question: "does it cost less too? (still
on manage ECS: cost)". Glueing whole turns together finds the note of the question before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.errors import WriterError
from assistant.lexical import content_words, stem
from assistant.types import Prompt, Tokens, Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.types import Writer

MOST_TOPIC_WORDS = 4
FEW_WORDS = 1  # content words of its own with which a question may lean on the one before it
LONGEST_QUESTION = 300  # characters of a model's question
MOST_TURNS = 6

SWITCH = re.compile(
    r"^(?:(?:ok|okay|right|thanks|thank you|great|cool|well|now|and|so|but)\b[\s,.!]*)*"
    r"(?:(?:something|anything) (?:else|different)|(?:let['\u2019]s )?(?:change|switch|changing|switching) (?:the )?\w+"
    r"|(?:(?:i have |just )?(?:a|one) )?(?:new|different|another|separate|unrelated) (?:question|topic|thing|subject)"
    r"|moving on|by the way|btw|on another note|unrelated)\b[\s,.:;!\u2013\u2014-]*",
    re.IGNORECASE,
)
PRONOUN = re.compile(
    r"\b(?:it|its|it['\u2019]s|itself|they|them|their|theirs|they['\u2019]re|these|those|he|she|him|his|her|hers"
    r"|former|latter)\b",
    re.IGNORECASE,
)
POINTER = re.compile(
    r"\bthis\b(?! (?:week|year|month|day|morning))"
    r"|\bthat\b(?=\s*(?:[?.!,]|$|['\u2019]s\b))|^\W*that\b"
    r"|\b(?:about|of|in|is|was|does|did|do|like|to|for|with|on|than|by|from|at|how|why|would|can|could|will|are|after"
    r"|before)\s+that\b"
    r"|\b(?:the|those|these|this|that|which|another|other|second|first|last|any|deep|new|old|big|small|\w+er|\w+est)"
    r"\s+ones?\b"
    r"|\b(?:the same|the others?|others|instead(?! of)|the two|both(?! \S+ and\b)|each other|either(?! \S+ or\b)"
    r"|neither(?! \S+ nor\b)|such"
    r"|other (?:kind|type|way)s?)\b",
    re.IGNORECASE,
)
OPENING = re.compile(
    r"^\W*(?:and|or|but|so|also|then|no|yes|yeah|really|wow|what about|how about|what else|how come|how so|what if"
    r"|for example|why not|any other|any more|more|go on|continue|tell me more|say more|give me|some examples?"
    r"|examples?)\b",
    re.IGNORECASE,
)
DEFINES = re.compile(
    r"^\W*(?:(?:what|who)(?:['\u2019]s| is| are| was| were| does)|define|definition of|explain|describe|tell me about"
    r"|how (?:do|does|can|to))\b",
    re.IGNORECASE,
)
_ASKING = (
    r"(?:(?:at|in|to|for|by|from|with|until|since|on)\s+)?"
    r"(?:what|how|which|why|when|where|who|can|could|do|does|did|is|are|was|should|will|must|may)\b"
)
ASKS = re.compile(rf"^\W*(?:\w+\s+){{0,2}}?{_ASKING}", re.IGNORECASE)
NEXT_PART = re.compile(rf"(?:\s*[,;]\s*|\s+)(?:and|but)\s+(?={_ASKING})|(?<=\?)\s+(?={_ASKING})", re.IGNORECASE)
MOST_PARTS = 3
# Words that a question about anything may have: they neither make it stand alone nor name its topic.
COMMON = """
advantage advantages alternative alternatives bad benefit benefits best better caused cause causes cheap cheaper
cheapest common compare compared comparison cool cost detail details difference different differences
disadvantage disadvantages effect effective effects else example examples expensive famous fast faster first
good great heard help history important interesting issue issues kind kinds last later long main many meant much
new note notes now often ok okay old option options popular possible price problem problems pros cons purpose
really reason reasons risk risks second side slow slower step steps sure symptoms thank thanks third today
treatment treatments type types worse worst
"""
COMMONPLACE = frozenset(COMMON.split())

SYSTEM = """\
You turn the last question of a conversation into one question that can be understood without the conversation.
Keep its meaning and its words; only put in what it refers to. Write the question alone, on one line, in the language \
of the person. If it can be understood as it is, repeat it unchanged. Do not answer it."""


def by_rules(question: str, history: Sequence[Turn]) -> str:
    """The question, with the topic of the person's last questions when it leans on them; else unchanged."""
    earlier = [turn.content for turn in history if turn.role == "user" and turn.content.strip()]
    if not earlier or not question.strip():
        return question
    if not leans(question):
        return SWITCH.sub("", question, count=1) or question
    asked = {stem(word) for word in content_words(question)}
    topic = [word for word in _topic(earlier) if stem(word) not in asked][-MOST_TOPIC_WORDS:]
    own = " ".join(dict.fromkeys(content_words(question)))
    if not topic:
        return question
    return f"{question} (still on {' '.join(topic)}{': ' + own if own else ''})"


def by_model(writer: Writer, question: str, history: Sequence[Turn]) -> str:
    """The same, as a language model words it; by rules where the model fails or says something else."""
    earlier = [" ".join(turn.content.split()) for turn in history if turn.role == "user"][-MOST_TURNS:]
    if not earlier or not leans(question):
        return by_rules(question, history)
    said = "\n".join(f"- {turn[:LONGEST_QUESTION]}" for turn in earlier)
    user = f"Asked before:\n{said}\n\nLast question: {question}\n\nThe question that stands alone:"
    prompt = Prompt(question, (), SYSTEM, user, Tokens(), ())
    try:
        text = "".join(piece for piece in writer.write(prompt) if isinstance(piece, str))
    except WriterError:
        return by_rules(question, history)
    return _question(text, {question, *earlier}) or by_rules(question, history)


def parts(question: str) -> tuple[str, ...]:
    """The questions that one sentence asks, each of which stands alone; nothing for a single question."""
    found = [part.strip(" ,;") for part in NEXT_PART.split(question)]
    if not 1 < len(found) <= MOST_PARTS or not all(ASKS.match(part) and _own_words(part) for part in found):
        return ()
    first, *others = found
    return (first, *(by_rules(other, [Turn("user", first)]) for other in others))


def leans(question: str) -> bool:
    """Whether a question points back, goes on, or says too little to be understood alone."""
    if SWITCH.match(question):
        return False
    if any(pattern.search(question) for pattern in (PRONOUN, POINTER, OPENING)):
        return True
    own = _own_words(question)
    return len(own) <= FEW_WORDS and not (own and DEFINES.search(question))


def _topic(earlier: Sequence[str]) -> list[str]:
    """The words of the last question that stands alone and of those behind it, the latest mention last."""
    words: list[str] = []
    for question in reversed(earlier):
        own = _own_words(SWITCH.sub("", question, count=1))
        words = [*own, *(word for word in words if word not in own)]
        if own and not leans(question):
            break
    return list(dict.fromkeys(words))


def _own_words(question: str) -> list[str]:
    return [word for word in content_words(question) if word not in COMMONPLACE]


def _question(text: str, asked: set[str]) -> str:
    """The model's question, when it is one line and speaks of what was asked."""
    line = next((line.strip().strip("\"'`*\u201c\u201d") for line in text.splitlines() if line.strip()), "")
    known = {stem(word) for question in asked for word in content_words(question)}
    speaks = any(stem(word) in known for word in content_words(line))
    return line if speaks and len(line) <= LONGEST_QUESTION else ""
