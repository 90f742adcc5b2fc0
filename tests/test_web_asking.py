"""What becomes of a question on the page: kept in its conversation, stopped, asked anew, or refused in a sentence."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from servers import Hang, delta, event, head, serving
from web_room import LONG, MUTEX, Room
from web_server import NOTES, settings

from assistant.app import Assistant
from assistant.conversations import Conversations
from assistant.web.asking import LONGEST_QUESTION, SHOWN, Asked

pytestmark = pytest.mark.filterwarnings("ignore")
SOON = 2.0  # seconds


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path).opened()


def test_an_answer_is_kept_with_the_notes_that_it_cites(room):
    last = room.ask("what is a mutex")

    kept = room.conversations.open(last["conversation"])
    (exchange,) = kept.exchanges
    assert (kept.title, exchange.asked, exchange.answer["answer"]) == (
        "what is a mutex", "what is a mutex", "A lock for one thread. [1]",
    )  # fmt: skip
    assert [(note.id, note.answer) for note in exchange.notes] == [(MUTEX.id, MUTEX.answer)]
    assert exchange.id == last["turn"]
    assert f'id="turn-{exchange.id}"' in last["thread"]
    assert last["running"] == ""
    assert "what is a mutex" in last["side"]


def test_while_it_is_written_the_question_and_what_there_is_are_shown(room):
    first, *_ = states = list(room.asking.ask(Asked("what is a mutex"), "somebody"))

    assert "what is a mutex" in first["running"]
    assert all("error" not in state for state in states)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("what is it", "Answered from your notes, with 1 source."),
        ("open question", "You noted this question but never answered it."),
        ("absent question", "Not in your notes."),
    ],
)
def test_a_screen_reader_is_told_how_it_ended(room, question, said):
    assert room.ask(question)["say"] == said


def test_warnings_of_the_index_and_of_the_answer_are_kept_once_each(tmp_path):
    room = Room(tmp_path).opened()
    room.assistant.warnings = ("a file was left out", "taken from an older index")

    last = room.ask("what is a mutex")

    (exchange,) = room.conversations.open(last["conversation"]).exchanges
    assert exchange.answer["warnings"] == ["a file was left out", "taken from an older index"]


def test_a_follow_up_goes_into_its_conversation_and_is_told_what_was_said(room):
    first = room.ask("what is a mutex")
    last = room.ask("and when is it free", conversation=first["conversation"])

    assert last["conversation"] == first["conversation"]
    assert room.questions(last["conversation"]) == ["what is a mutex", "and when is it free"]
    _, history, _ = room.assistant.asked[-1]
    assert [(turn.role, turn.content) for turn in history] == [
        ("user", "what is a mutex"),
        ("assistant", "A lock for one thread. [1]"),
    ]


def test_the_writer_and_the_number_of_sources_are_those_that_were_chosen(room):
    room.ask("what is a mutex", quote=False, sources=3)
    assert room.assistant.asked[-1][2] == {"quote": False, "sources": 3}


def test_asking_instead_replaces_the_turn_and_all_after_it_once_there_is_an_answer(room):
    identity = room.ask("first")["conversation"]
    second = room.ask("second", conversation=identity)["turn"]
    room.ask("third", conversation=identity)

    states = room.asking.ask(Asked("changed", conversation=identity, instead=second), "somebody")
    before = next(states)
    assert room.questions(identity) == ["first", "second", "third"]
    assert "first" in before["thread"]
    assert "second" not in before["thread"]
    *_, last = states

    assert room.questions(identity) == ["first", "changed"]
    assert last["conversation"] == identity
    _, history, _ = room.assistant.asked[-1]
    assert [turn.content for turn in history if turn.role == "user"] == ["first"]


@pytest.mark.parametrize("question", ["refused", "broken"])
def test_what_fails_when_asked_instead_leaves_the_old_turns(room, question):
    identity = room.ask("first")["conversation"]
    turn = room.ask("second", conversation=identity)["turn"]

    last = room.ask(question, conversation=identity, instead=turn)

    assert room.questions(identity) == ["first", "second"]
    assert "second" in last["thread"]
    assert last["error"]


@pytest.mark.parametrize("conversation", ["0123456789abcdef", "../../etc/passwd", "\x00", "x" * 9_000])
def test_a_conversation_that_is_not_there_is_said_and_the_question_given_back(room, conversation):
    last = room.ask("what is a mutex", conversation=conversation)

    assert last["error"]
    assert (last["fill"], last["running"], last["thread"]) == ("what is a mutex", "", "")
    assert room.conversations.headings() == ()


def test_a_refused_question_is_told_in_its_sentence_and_comes_back_into_the_box(room):
    last = room.ask("refused")
    assert (last["error"], last["fill"], last["running"]) == ("there is no question", "refused", "")


def test_a_fault_of_ours_is_told_by_a_number_and_not_by_its_text(room, caplog):
    last = room.ask("broken")

    assert "internal error" in last["error"]
    assert "secret" not in str(last)
    assert last["error"].rsplit(" ", 1)[1].rstrip(")") in caplog.text


def test_a_question_that_is_too_long_is_never_asked(room):
    last = room.ask("x" * (LONGEST_QUESTION + 1))
    assert "2,000 characters" in last["error"]
    assert room.assistant.asked == []


def test_each_visitor_may_ask_so_many_questions_a_minute(tmp_path):
    room = Room(tmp_path, per_minute=2).opened()
    said = [room.ask("what is a mutex").get("error") for _ in range(3)]

    assert said[:2] == [None, None]
    assert "2 questions a minute" in said[2]
    assert "error" not in room.ask("what is a mutex", visitor="somebody else")


def stopped_after_the_first_words(room, **more):
    """The rest of the states of a question whose writing was stopped in the middle."""
    states = room.asking.ask(Asked("slowly", key="the-key", **more), "somebody")
    next(states)
    ended = []
    reader = threading.Thread(target=lambda: ended.extend(states))
    reader.start()
    while not room.asking.writings["the-key"].text:
        assert reader.is_alive()
    room.asking.stop("the-key")
    reader.join(LONG)
    return ended[-1]


def test_a_stopped_answer_is_kept_as_far_as_it_was_written(room):
    last = stopped_after_the_first_words(room)

    (exchange,) = room.conversations.open(last["conversation"]).exchanges
    assert exchange.stopped
    assert exchange.answer["answer"] == "A lock "
    assert exchange.answer["complete"] is False
    assert last["say"] == "Stopped."
    assert room.assistant.closed.wait(LONG)
    assert room.asking.writings == {}


def test_a_key_that_nobody_writes_under_stops_nothing(room):
    room.asking.stop("unknown")
    assert "error" not in room.ask("what is a mutex", key="known")


def test_a_visitor_who_goes_away_finds_what_was_written_until_then(room):
    states = room.asking.ask(Asked("slowly", key="the-key"), "somebody")
    next(states)
    while "A lock" not in next(states)["running"]:
        pass
    states.close()

    (heading,) = room.conversations.headings()
    (exchange,) = room.conversations.open(heading.id).exchanges
    assert exchange.stopped
    assert exchange.answer["answer"] == "A lock "
    assert room.assistant.closed.wait(LONG)
    assert room.asking.writings == {}


def test_a_visitor_who_goes_away_before_anything_was_asked_leaves_nothing(room):
    states = room.asking.ask(Asked("what is a mutex"), "somebody")
    next(states)
    states.close()

    assert room.conversations.headings() == ()
    assert room.asking.writings == {}


def test_only_the_last_turns_are_shown_with_a_way_to_the_others(room):
    identity = room.ask("question 0")["conversation"]
    for number in range(1, SHOWN + 3):
        last = room.ask(f"question {number}", conversation=identity)

    assert last["thread"].count("<article") == SHOWN
    assert "Show the 3 turns before" in last["thread"]


def test_twenty_who_ask_at_once_find_each_their_own_question_in_their_own_conversation(room):
    own = [room.ask(f"first of {number}")["conversation"] for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        states = list(pool.map(lambda pair: room.ask(f"second of {pair[0]}", conversation=pair[1]), enumerate(own)))

    assert [state["conversation"] for state in states] == own
    for number, identity in enumerate(own):
        assert room.questions(identity) == [f"first of {number}", f"second of {number}"]


@pytest.mark.parametrize("follow_up", [False, True], ids=["while it writes", "while it words a follow-up"])
def test_stop_lets_go_of_a_model_that_hangs_at_once_and_sends_no_more(tmp_path, models_folder, follow_up):
    silent = threading.Event()

    def script(_request):
        yield head()
        yield event(delta("A mutex is a lock that one thread holds at a time [1]."))
        yield event(delta(" Other threads"))
        silent.set()
        yield Hang()

    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "notes.txt").write_text(NOTES, encoding="utf-8")
    with serving(script) as model:
        chosen = settings(tmp_path, models_folder, llm="openai:scripted", base_url=model.base_url)
        room = Room(tmp_path, Assistant(chosen)).opened()
        before = room.ask("what is a mutex", quote=True)["conversation"] if follow_up else ""
        asked = Asked("and how do I use it?", key="the-key", conversation=before, quote=False)
        states = room.asking.ask(
            asked if follow_up else Asked("what is a mutex", key="the-key", quote=False), "somebody"
        )
        ended = []
        reader = threading.Thread(target=lambda: ended.extend(states))
        reader.start()
        assert silent.wait(LONG)
        room.asking.stop("the-key")
        assert model.gone.wait(SOON)
        reader.join(SOON)
        writer = next((thread for thread in threading.enumerate() if thread.name == "writing"), None)
        if writer is not None:
            writer.join(SOON)
        assert len(model.requests) == 1

    (heading,) = Conversations(tmp_path / "conversations").headings()
    assert ended[-1]["conversation"] == heading.id
    assert room.conversations.open(heading.id).exchanges[-1].stopped
