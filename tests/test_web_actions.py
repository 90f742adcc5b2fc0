"""What a visitor does besides asking: each action changes what it says and no more, and says what failed."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest
from web_room import DOUGH, LONG, MUTEX, NOTES, THREADS, Room, Scripted

from assistant.errors import NotesError
from assistant.web.actions import ACTIONS, Actions

NOBODY = "0123456789abcdef"


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path).opened()


@pytest.fixture
def talked(room):
    """A conversation of two turns: its id, and those of the turns."""
    first = room.ask("what is a mutex")
    second = room.ask("how long does dough rise", conversation=first["conversation"])
    return first["conversation"], first["turn"], second["turn"]


@pytest.mark.parametrize("do", ["", "asking", "__init__", "_side", "act", "library"])
def test_only_what_is_in_the_table_can_be_done(room, do):
    assert set(room.act(do)) == {"error"}


def test_the_table_names_every_action_by_its_method():
    assert {name: getattr(Actions, name) for name in ACTIONS} == ACTIONS


@pytest.mark.parametrize("do", ["open", "all", "rename", "export", "undo", "vote"])
@pytest.mark.parametrize("identity", ["", NOBODY, "../../etc/passwd", "\x00"])
def test_what_is_not_there_is_said_in_a_sentence(room, do, identity):
    said = room.act(do, id=identity, conversation=identity, turn=identity, text="x", vote="up")
    assert set(said) == {"error"}
    assert said["error"].startswith(("there is no such conversation", "this conversation is no longer there"))


# --- the beginning -------------------------------------------------------------------------------


class Opening(Scripted):
    """An assistant whose index takes until `go`."""

    def __init__(self, fault=None):
        super().__init__()
        self.fault, self.reached, self.go = fault, threading.Event(), threading.Event()

    def refresh(self, progress=None):
        if progress:
            progress("embedding", 3, 8)
        self.reached.set()
        assert self.go.wait(LONG)
        if self.fault:
            raise self.fault


def test_while_there_is_no_index_the_page_shows_how_far_it_is(tmp_path):
    room = Room(tmp_path, Opening())
    room.library.open()
    assert room.assistant.reached.wait(LONG)

    said = room.act("start")
    room.assistant.go.set()
    room.library.current()

    assert said["ready"] is False
    assert "3 of 8" in said["thread"]
    assert room.act("start")["ready"] is True


def test_notes_that_cannot_be_read_are_said_and_tried_again_on_request(tmp_path):
    room = Room(tmp_path, Opening(NotesError("there are no notes in this folder", safe="", run="assistant index")))
    room.assistant.go.set()
    room.library.open()
    with pytest.raises(NotesError):
        room.library.current()
    said = room.act("start")
    assert "there are no notes in this folder" in said["thread"]
    assert 'data-do="again"' in said["thread"]

    room.assistant.fault = None
    room.act("again")
    room.library.current()
    assert "What would you like to look up?" in room.act("start")["thread"]


def test_it_starts_with_the_conversation_that_was_open(room, talked):
    said = room.act("start", conversation=talked[0])
    assert (said["ready"], said["conversation"]) == (True, talked[0])
    assert said["thread"].count("<article") == 2


@pytest.mark.parametrize("identity", ["", NOBODY, "../x"])
def test_it_starts_anew_where_there_is_none(room, identity):
    said = room.act("start", conversation=identity)
    assert (said["ready"], said["conversation"]) == (True, "")
    assert "4 notes, 1 of them still without an answer." in said["thread"]
    assert "What is a mutex?" in said["thread"]
    assert "multi threading" not in said["thread"]


# --- conversations -------------------------------------------------------------------------------


def test_a_conversation_is_opened_and_marked_in_the_list(room, talked):
    other = room.ask("another")["conversation"]
    said = room.act("open", id=talked[0])

    assert said["conversation"] == talked[0]
    here = [item for item in said["side"].split("<li") if "aria-current" in item]
    assert len(here) == 1
    assert talked[0] in here[0]
    assert other not in here[0]


def test_a_new_conversation_is_not_kept_before_something_is_asked(room, talked):
    said = room.act("new")
    assert said["conversation"] == ""
    assert [heading.id for heading in room.conversations.headings()] == [talked[0]]


def test_renaming_changes_the_title_and_nothing_said(room, talked):
    before = room.conversations.open(talked[0]).exchanges
    said = room.act("rename", id=talked[0], conversation=talked[0], text="  Bread <b>\n ")

    after = room.conversations.open(talked[0])
    assert (after.title, after.exchanges) == ("Bread <b>", before)
    assert "Bread &lt;b&gt;" in said["side"]
    assert "<b>" not in said["side"]


def test_deleting_the_open_conversation_leads_to_a_new_one(room, talked):
    said = room.act("delete", id=talked[0], conversation=talked[0])

    assert room.conversations.headings() == ()
    assert said["conversation"] == ""
    assert "What would you like to look up?" in said["thread"]


def test_deleting_another_conversation_leaves_the_open_one_alone(room, talked):
    other = room.ask("another")["conversation"]
    said = room.act("delete", id=other, conversation=talked[0])

    assert [heading.id for heading in room.conversations.headings()] == [talked[0]]
    assert "thread" not in said
    assert "conversation" not in said


def test_an_export_keeps_every_turn_with_its_quote_and_lines(room, talked):
    room.act("rename", id=talked[0], text="Locks & <bread>")
    said = room.act("export", id=talked[0])

    assert said["file"] == "locks-bread.md"
    assert said["content"].startswith("# Locks & <bread>\n")
    assert said["content"].count("\n## ") == 2
    assert "[1] What is a mutex? (`notes.txt:2`)\n\n> A lock for one thread." in said["content"]


@pytest.mark.parametrize(
    ("title", "name"), [("///", "conversation.md"), ("..\\..\\x", "x.md"), ("ä" * 200, "ä" * 60 + ".md")]
)
def test_the_name_of_an_exported_file_is_only_a_name(room, talked, title, name):
    room.act("rename", id=talked[0], text=title)
    assert room.act("export", id=talked[0])["file"] == name


def test_undo_takes_the_last_question_back_into_the_box(room, talked):
    said = room.act("undo", conversation=talked[0], turn=talked[2])

    assert said["fill"] == "how long does dough rise"
    assert room.questions(talked[0]) == ["what is a mutex"]
    said = room.act("undo", conversation=talked[0], turn=talked[1])
    assert "What would you like to look up?" in said["thread"]


def test_undoing_a_turn_that_is_gone_is_said(room, talked):
    room.act("undo", conversation=talked[0], turn=talked[2])
    assert "no longer" in room.act("undo", conversation=talked[0], turn=talked[2])["error"]


# --- votes ---------------------------------------------------------------------------------------


def lines(room):
    return [json.loads(line) for line in room.feedback.read_text(encoding="utf-8").splitlines()]


def test_a_thumb_up_is_kept_without_a_question_back(room, talked):
    said = room.act("vote", conversation=talked[0], turn=talked[2], vote="up")

    assert (said["voted"], said["vote"], said["why"]) == (talked[2], "up", False)
    assert [each["vote"] for each in lines(room)] == ["up"]
    assert room.conversations.open(talked[0]).exchange(talked[2]).vote == "up"


def test_a_thumb_down_asks_why_and_is_kept_once_with_the_reason_and_what_was_said_before(room, talked):
    wish = {"conversation": talked[0], "turn": talked[2], "vote": "down"}
    first = room.act("vote", **wish)
    second = room.act("vote", **wish, reason="wrong_note", correct_note=DOUGH.id, comment="it is about bread")

    assert (first["why"], second["why"]) == (True, False)
    (line,) = lines(room)
    assert (line["vote"], line["reason"], line["correct_note"], line["comment"]) == (
        "down", "wrong_note", DOUGH.id, "it is about bread",
    )  # fmt: skip
    assert "what is a mutex" in json.dumps(line["history"])


def test_a_thumb_taken_back_leaves_no_line(room, talked):
    wish = {"conversation": talked[0], "turn": talked[2]}
    room.act("vote", **wish, vote="up")
    said = room.act("vote", **wish, vote="")

    assert said["vote"] == ""
    assert lines(room) == []


# --- notes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "state", "found"),
    [
        ("", "all", [0, 1, 2, 3]),
        ("", "answered", [0, 2, 3]),
        ("", "unanswered", [1]),
        ("", "duplicate", [0, 3]),
        ("", "no such state", [0, 1, 2, 3]),
        ("MUTEX", "all", [0, 3]),
        ("kitchen hours", "all", [2]),
        ("kitchen mutex", "all", []),
        ("notes.txt", "unanswered", [1]),
    ],
)
def test_notes_are_filtered_by_words_and_by_state(room, text, state, found):
    said = room.act("notes", text=text, state=state)

    assert [note.id for note in NOTES if f'data-note="{note.id}"' in said["notes"]] == [NOTES[i].id for i in found]
    assert said["counted"] == f"{len(found)} of 4 notes"


def test_the_list_says_what_is_unanswered_and_what_stands_twice(room):
    said = room.act("notes", text="", state="all")
    assert (said["notes"].count(">unanswered<"), said["notes"].count(">duplicate<")) == (1, 2)


def test_a_note_is_shown_as_it_is_now(room):
    said = room.act("note", note=THREADS.id)
    assert "You never wrote an answer to this." in said["note"]
    assert "<mark>" not in said["note"]


def test_a_cited_note_is_shown_with_the_cited_words_marked(room, talked):
    said = room.act("note", note=MUTEX.id, conversation=talked[0], turn=talked[1], number="1")
    assert "<mark>A lock for one thread.</mark>" in said["note"]
    assert "reads differently" not in said["note"]


def test_a_note_that_changed_since_is_shown_as_it_was_cited_and_said_to_have_changed(room, talked):
    room.assistant.now = (replace(MUTEX, answer="Something else."), *NOTES[1:])
    said = room.act("note", note=MUTEX.id, conversation=talked[0], turn=talked[1], number="1")

    assert "<mark>A lock for one thread.</mark>" in said["note"]
    assert "reads differently now" in said["note"]


def test_a_note_that_is_gone_is_shown_where_it_was_cited_and_only_there(room, talked):
    room.assistant.now = NOTES[1:]

    assert "reads differently now" in room.act("note", note=MUTEX.id, conversation=talked[0], turn=talked[1])["note"]
    assert room.act("note", note=MUTEX.id) == {"error": "This note is no longer there."}
    assert room.act("note", note="../../etc/passwd") == {"error": "This note is no longer there."}


def test_all_turns_are_shown_on_request(room, talked):
    for number in range(25):
        room.ask(f"question {number}", conversation=talked[0])

    assert room.act("open", id=talked[0])["thread"].count("<article") == 20
    assert room.act("all", conversation=talked[0])["thread"].count("<article") == 27


def test_stopping_what_is_not_written_changes_nothing(room, talked):
    assert room.act("stop", key="unknown") == {}
    assert room.questions(talked[0]) == ["what is a mutex", "how long does dough rise"]
