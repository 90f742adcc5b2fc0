"""What conversations promise: they outlive the process, are private, and lose nothing to a half-written line."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.conversations import ConversationMissingError, Conversations, Exchange, KeptNote, new_id

NOTE = KeptNote("a", "What are spaces?", "a.txt", "Q. What are spaces?", 1, 0, "Between words.", 2, 20)


def exchange(asked="why?", answer="because [1]"):
    return Exchange(new_id(), asked, {"answer": answer, "status": "answered"}, (NOTE,))


@pytest.fixture
def kept(tmp_path):
    return Conversations(tmp_path / "conversations")


def test_a_conversation_is_read_back_by_another_process_as_it_was_kept(kept, tmp_path):
    said = exchange()
    identity = kept.begin("why?")
    kept.add(identity, said)

    opened = Conversations(tmp_path / "conversations").open(identity)

    assert opened.title == "why?"
    assert opened.exchanges == (said,)


def test_files_are_for_their_owner_only_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        kept = Conversations(tmp_path / "made" / "conversations")
        identity = kept.begin("private")
        kept.add(identity, exchange())
        kept.rename(identity, "still private")
    finally:
        os.umask(before)

    folder = tmp_path / "made" / "conversations"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_the_last_used_conversation_is_listed_first(kept, tmp_path):
    first, second = kept.begin("first"), kept.begin("second")
    for name, moment in ((first, 2_000), (second, 1_000)):
        os.utime(tmp_path / "conversations" / f"{name}.jsonl", (moment, moment))

    assert [heading.title for heading in kept.headings()] == ["first", "second"]


def test_a_half_written_line_is_as_if_it_had_not_been_said(kept, tmp_path):
    identity = kept.begin("t")
    said = exchange("whole")
    kept.add(identity, said)
    kept.add(identity, exchange("torn"))
    path = tmp_path / "conversations" / f"{identity}.jsonl"
    path.write_bytes(path.read_bytes()[:-7])

    assert kept.open(identity).exchanges == (said,)
    later = exchange("later")
    kept.add(identity, later)
    assert kept.open(identity).exchanges == (said, later)


def test_cutting_takes_an_exchange_and_all_after_it(kept):
    identity = kept.begin("t")
    said = [exchange(str(number)) for number in range(4)]
    for each in said:
        kept.add(identity, each)

    kept.cut(identity, said[1].id)

    assert kept.open(identity).exchanges == (said[0],)


def test_a_deleted_conversation_is_gone_and_may_be_deleted_again(kept):
    identity = kept.begin("t")
    kept.delete(identity)
    kept.delete(identity)

    with pytest.raises(ConversationMissingError):
        kept.open(identity)
    with pytest.raises(ConversationMissingError):
        kept.add(identity, exchange())
    assert kept.headings() == ()


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 17, "A" * 16, "0123456789abcde/", "0123456789abcdef\n"])
def test_only_an_id_is_ever_part_of_a_path(kept, name):
    for act in (kept.open, kept.delete, lambda each: kept.rename(each, "x"), lambda each: kept.add(each, exchange())):
        with pytest.raises(ConversationMissingError):
            act(name)


def test_many_threads_lose_no_exchange(kept):
    identity = kept.begin("t")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: kept.add(identity, exchange(str(number))), range(60)))

    assert {each.asked for each in kept.open(identity).exchanges} == {str(number) for number in range(60)}


def test_what_is_no_conversation_is_neither_listed_nor_fatal(kept, tmp_path):
    identity = kept.begin("mine")
    folder = tmp_path / "conversations"
    (folder / "0123456789abcdef.jsonl").write_bytes(b"\x00\xff not json\n")
    (folder / "notes.txt").write_text("hello")

    assert [heading.id for heading in kept.headings()] == [identity]


def test_history_holds_the_last_turns_before_an_exchange(kept):
    identity = kept.begin("t")
    said = [exchange(f"q{number}", f"a{number}") for number in range(9)]
    for each in said:
        kept.add(identity, each)
    found = kept.open(identity)

    assert [turn.content for turn in found.history(said[1].id)] == ["q0", "a0"]
    assert len(found.history()) == 12
    assert found.history()[-1].content == "a8"


def test_a_vote_stays_with_its_exchange(kept):
    identity = kept.begin("t")
    said = exchange()
    kept.add(identity, said)
    kept.vote(identity, said.id, "up")

    assert kept.open(identity).exchange(said.id).vote == "up"


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_comes_back_as_it_was(kept, title, words):
    identity = kept.begin(title)
    kept.add(identity, exchange(words, words))

    found = kept.open(identity).exchanges[0]
    assert (found.asked, found.answer["answer"]) == (words, words)
    assert len(kept.open(identity).title) <= 80
