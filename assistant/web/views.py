"""Turns, sources, notes and conversations -> pieces of the page, every one of them built by `render.html.tag`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.feedback import REASONS
from assistant.plurals import counted
from assistant.render.html import EMPTY, Html, Marks, formatted, join, tag
from assistant.types import ANSWERED, NOT_IN_NOTES, NOTED_UNANSWERED
from assistant.web.sources import others, place_of, sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.conversations import Exchange, Heading
    from assistant.types import Note

OUTCOMES = {
    ANSWERED: ("answered", "From your notes"),
    NOTED_UNANSWERED: ("open", "You noted this but never answered it"),
    NOT_IN_NOTES: ("absent", "Not in your notes"),
}
SURE, FAIRLY_SURE = 0.85, 0.7
STAGES = {"reading": "Reading files", "embedding": "Indexing passages"}  # of building an index


def thread(exchanges: Sequence[Exchange]) -> Html:
    """A conversation, oldest turn first; the last turn's sources are open."""
    last = len(exchanges) - 1
    return join(turn(exchange, latest=number == last) for number, exchange in enumerate(exchanges))


def turn(exchange: Exchange, *, latest: bool) -> Html:
    """A question, its answer, what one may do with it, and its sources beside it."""
    answer = exchange.answer
    outcome = "stopped" if exchange.stopped else OUTCOMES[answer["status"]][0]
    return tag(
        "article",
        tag(
            "div",
            _asked(exchange),
            _read_as(answer["read_as"]),
            _outcome(exchange),
            _body(exchange),
            _remarks(exchange),
            _actions(exchange, latest=latest),
            _why(exchange),
            class_="said",
        ),
        _beside(exchange, latest=latest),
        class_=f"turn {outcome}",
        id=f"turn-{exchange.id}",
        data_turn=exchange.id,
        aria_label=f"Question: {exchange.asked}",
    )


def running(asked: str, written: str) -> Html:
    """A turn whose answer is being written."""
    body = formatted(written) if written else tag("p", "Looking through your notes …", class_="waiting")
    question = tag("div", tag("h2", asked, class_="question", dir="auto"), class_="asked")
    answer = tag("div", body, class_="answer writing", dir="auto")
    return tag("article", tag("div", question, answer, class_="said"), class_="turn running", aria_busy="true")


def welcome(notes: Sequence[Note], examples: Sequence[str]) -> Html:
    """What stands where a conversation will be."""
    still_open = sum(not note.answered for note in notes)
    size = f"{counted(len(notes), 'note')}, {still_open} of them still without an answer." if notes else "No notes yet."
    asks = (_ask_button(question, "example") for question in examples)
    return tag(
        "div",
        tag("h1", "What would you like to look up?"),
        tag("p", size, " Every answer is taken from them, and shows where it stands.", class_="faint"),
        tag("div", *asks, class_="examples"),
        class_="welcome",
    )


def building(what: str, done: int, total: int) -> Html:
    """How far the first index is; of a stage without a number only that it lasts."""
    counted = {"value": str(done), "max": str(total)} if total else {}
    bar = tag("progress", aria_label="Progress", **counted)
    stage = STAGES.get(what, what)
    said = f"{stage}: {done} of {total}" if total else f"{stage} …"
    title = tag("h1", "Reading your notes …")
    once = tag("p", "This is done once; edited notes are read anew by themselves.", class_="faint")
    return tag("div", title, bar, tag("p", said, class_="stage"), once, class_="welcome building")


def failed(message: str) -> Html:
    """Why there is nothing to ask."""
    again = tag("button", "Try again", type="button", class_="example", data_do="again")
    title = tag("h1", "Your notes cannot be read")
    return tag("div", title, tag("p", message), tag("div", again, class_="examples"), class_="welcome", role="alert")


def conversations(headings: Sequence[Heading], current: str) -> Html:
    """The list of conversations; the one that is open is marked."""
    if not headings:
        return tag("p", "Your conversations will be kept here.", class_="faint")
    return tag("ul", *(_conversation(each, current) for each in headings), class_="conversations")


def notes_list(notes: Sequence[Note], same: Sequence[str]) -> Html:
    """Notes to choose from; `same` are the ids of those that stand there more than once."""
    if not notes:
        return tag("p", "No note fits.", class_="faint")
    return tag("ul", *(_listed(note, twice=note.id in same) for note in notes), class_="notes")


# --- the parts of a turn -------------------------------------------------------------------------


def _asked(exchange: Exchange) -> Html:
    edit = _button("Edit", "edit", title="Change this question and ask it again", data_text=exchange.asked)
    return tag("div", tag("h2", exchange.asked, class_="question", dir="auto"), edit, class_="asked")


def _read_as(question: str | None) -> Html:
    return EMPTY if question is None else tag("p", "Read as: ", tag("span", question, dir="auto"), class_="read-as")


def _outcome(exchange: Exchange) -> Html:
    answer = exchange.answer
    if exchange.stopped:
        return tag("p", tag("span", "Stopped", class_="badge"), class_="outcome")
    badge = tag("span", OUTCOMES[answer["status"]][1], class_="badge")
    sure = tag("span", _sureness(answer), class_="sure")
    return tag("p", badge, sure, class_="outcome")


def _sureness(answer: dict[str, Any]) -> str:
    """Confidence in words: it is that of the outcome shown."""
    if answer["status"] != ANSWERED:
        return ""
    sure = answer["confidence"]
    if sure >= SURE:
        return "Confident"
    return "Fairly confident" if sure >= FAIRLY_SURE else "Not sure that this answers your question"


def _body(exchange: Exchange) -> Html:
    answer = exchange.answer
    numbers = frozenset(citation["number"] for citation in answer["citations"])
    doubtful = [(each["start"], each["end"]) for each in answer["unsupported"]]
    if answer["answer"]:
        marks = Marks(exchange.id, numbers, doubtful)
        return tag("div", formatted(answer["answer"], marks), class_="answer", dir="auto")
    if answer["status"] == NOTED_UNANSWERED:
        return tag("div", _never_answered(exchange), _closest(answer), class_="answer")
    if exchange.stopped:
        return tag("div", tag("p", "Nothing was written yet.", class_="faint"), class_="answer")
    return tag("div", tag("p", "Nothing in your notes answers this."), _closest(answer), class_="answer")


def _never_answered(exchange: Exchange) -> Html:
    cited = exchange.answer["citations"][0]
    target = f"source-{exchange.id}-1"
    where = tag("a", place_of(cited), class_="place", href=f"#{target}", data_source=target)
    return tag("p", "“", cited["note"], "” stands in ", where, " without an answer.")


def _closest(answer: dict[str, Any]) -> Html:
    if not answer["closest"]:
        return EMPTY
    asks = [_ask_button(note["note"], "nearest") for note in answer["closest"]]
    return join([tag("p", "The nearest questions are:", class_="faint"), tag("div", *asks, class_="chips")])


def _remarks(exchange: Exchange) -> Html:
    answer = exchange.answer
    remarks = [*answer["warnings"]]
    if answer["unsupported"]:
        remarks.append("Your notes do not bear out the sentences that are underlined.")
    if not answer["complete"] and not exchange.stopped:
        remarks.append("The answer was cut off.")
    return join(tag("p", remark, class_="remark") for remark in remarks)


def _actions(exchange: Exchange, *, latest: bool) -> Html:
    copy = _button("Copy", "copy", data_text=exchange.answer["answer"]) if exchange.answer["answer"] else EMPTY
    undo = _button("Undo", "undo", title="Take this question back") if latest else EMPTY
    writer = exchange.answer["writer"]
    by = EMPTY if writer in ("quote", "") else tag("span", f"written by {writer}", class_="writer")
    return tag("div", copy, _button("Retry", "retry"), undo, _thumb(exchange, "up"), _thumb(exchange, "down"), by,
               class_="actions")  # fmt: skip


def _thumb(exchange: Exchange, vote: str) -> Html:
    label = "Good answer" if vote == "up" else "Bad answer"
    pressed = "true" if exchange.vote == vote else "false"
    return _button("", "vote", data_vote=vote, aria_label=label, title=label, aria_pressed=pressed)


def _why(exchange: Exchange) -> Html:
    """Asks why an answer was bad; shown when the thumb goes down."""
    reasons = [
        tag("label", tag("input", type="radio", name=f"why-{exchange.id}", value=key), tag("span", words))
        for key, words in REASONS.items()
    ]
    found = [(hit["note_id"], hit["note"]) for hit in exchange.answer["hits"]]
    options = [tag("option", "I do not know", value=""), *(tag("option", name, value=key) for key, name in found)]
    right = tag("label", tag("span", "Which note was right?"), tag("select", *options, name="note"), class_="field")
    comment = tag("label", tag("span", "Anything else?"), tag("textarea", rows=2, maxlength=1000, name="comment"),
                  class_="field")  # fmt: skip
    send = tag("button", "Send", type="submit", class_="primary")
    return tag(
        "form",
        tag("p", tag("strong", "What was wrong?")),
        tag("div", *reasons, class_="reasons", role="radiogroup", aria_label="What was wrong?"),
        right,
        comment,
        tag("div", send, _button("Skip", "skip"), class_="row"),
        class_="why",
        hidden=True,
    )


def _beside(exchange: Exchange, *, latest: bool) -> Html:
    cited = len(exchange.answer["citations"])
    body = others(exchange)
    if cited:
        summary = tag("summary", f"Sources ({cited})")
        body = tag("details", summary, sources(exchange), body, class_="sources", open=latest)
    return tag("div", body, class_="beside")


# --- small things --------------------------------------------------------------------------------


def _button(words: str, action: str, **attributes: str | int | bool | None) -> Html:
    return tag("button", words, type="button", class_=f"quiet {action}", data_do=action, **attributes)


def _ask_button(question: str, kind: str) -> Html:
    return tag("button", question, type="button", class_=f"example {kind}", data_do="ask", data_text=question)


def _conversation(heading: Heading, current: str) -> Html:
    here = heading.id == current
    name = tag("button", heading.title, type="button", class_="name", data_do="open", data_id=heading.id,
               aria_current="true" if here else None)  # fmt: skip
    tools = (
        _button("Rename", "rename", data_id=heading.id, data_text=heading.title),
        _button("Export", "export", data_id=heading.id),
        _button("Delete", "delete", data_id=heading.id),
    )
    return tag("li", name, tag("div", *tools, class_="tools"), class_="here" if here else None)


def _listed(note: Note, *, twice: bool) -> Html:
    badges = [] if note.answered else [tag("span", "unanswered", class_="badge")]
    badges += [tag("span", "duplicate", class_="badge")] if twice else []
    lines = f"{note.place.path}:{note.place.first_line}"
    name = tag("span", note.question, class_="name", dir="auto")
    where = tag("span", lines, class_="place")
    state = "" if note.answered else "open"
    button = tag("button", name, where, *badges, type="button", data_do="note", data_note=note.id)
    return tag("li", button, class_=state)


def earlier(hidden: int) -> Html:
    """A way to the turns that are not shown."""
    more = tag("button", f"Show the {counted(hidden, 'turn')} before", type="button", class_="example", data_do="all")
    return tag("div", more, class_="earlier")
