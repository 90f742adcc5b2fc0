"""What a question's wording asks for is read from it, and a note is seen to have it or not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_index import MODEL, always, index_of

from assistant import lexical, retrieval
from assistant.retrieval.asking import asked, met
from assistant.retrieval.framing import unframed


def nothing(_words: str) -> float:
    return 0.0


def lacks_quantity(question, text):
    return met(asked(question), "", text, nothing)["quantity_missing"] == 1.0


# --- a quantity


@pytest.mark.parametrize(
    ("question", "has", "lacks"),
    [
        ("how long does a container stay warm?", "it stays for about five minutes", "it has 3 states"),
        ("how often are the keys changed", "every 365 days", "the keys of 2 people"),
        ("after how many hours is it cold?", "after 2-3 hours", "after version 3"),
        ("what's the longest a job may run", "15 min at most", "it may run long"),
        ("how big may an object be?", "up to 5 TB", "up to the owner"),
        ("maximum message size", "1 MB unless raised", "the broker says"),
        ("salt ratio of the brine", "salt to water is 1:20", "with 20 jars"),
        ("how strong is the solution?", "4 % of lye", "strong as steel"),
        ("what temperature for bread", "nozzle 220", "hot enough"),
        ("how hot is the oil", "180 degrees", "hot oil"),
        ("how many brokers do I need", "at least three", "at least some"),
        ("default number of partitions", "it is 200", "it depends"),
        ("which version brought it?", "since 3.13", "since the last one"),
    ],
)
def test_a_quantity_asked_for_is_missing_where_none_of_its_kind_is_given(question, has, lacks):
    assert asked(question).quantity is not None
    assert not lacks_quantity(question, has)
    assert lacks_quantity(question, lacks)


def test_a_quantity_in_the_title_answers_nothing():
    wanted = asked("how many brokers should there be")
    assert met(wanted, "Can two clusters be merged?", "Rarely done.", nothing)["quantity_missing"] == 1.0
    assert met(wanted, "Can clusters be merged?", "Two of them can.", nothing)["quantity_missing"] == 0.0


@pytest.mark.parametrize(
    "question",
    [
        "how does versioning work?",
        "what is a partition",
        "max.poll.records",
        "what do fetch.min.bytes and max_wait control",
        "I don't know how often I read my files, which tier fits?",
        "wofür brauche ich Kafka?",
        "",
    ],
)
def test_a_question_for_no_quantity_misses_none(question):
    assert not lacks_quantity(question, "no number here")


# --- two things compared


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("what's the difference between a lock and a semaphore?", ("a lock", "a semaphore")),
        ("lists vs tuples", ("lists", "tuples")),
        ("Redis or Valkey, which should I choose?", ("Redis", "Valkey")),
        ("redis or memcached which one for sessions", ("redis", "memcached")),
        ("what separates a hot from a cold standby", ("a hot", "a cold standby")),
        ("how is repartition different from coalesce", ("repartition", "coalesce")),
        ("compare decorators and generators", ("decorators", "generators")),
    ],
)
def test_both_sides_of_a_comparison_are_read(question, sides):
    compared = asked(question).compared

    assert compared is not None
    assert tuple(side.strip() for side in compared) == sides


@pytest.mark.parametrize(
    "question",
    [
        "who says which people may write to each other or to the public in a forum?",
        "do I have to close the file myself in Ruby, or what does it for me?",
        "why and how to use a mutex",
        "is it this or that",
    ],
)
def test_an_or_inside_a_longer_question_compares_nothing(question):
    assert asked(question).compared is None


def test_a_side_that_the_note_lacks_is_missing_as_far_as_it_is_lacked():
    wanted = asked("lists vs tuples")

    assert met(wanted, "", "", lambda words: float("lists" in words))["side_missing"] == 1.0
    assert met(wanted, "", "", lambda words: 0.75 if "lists" in words else 0.5)["side_missing"] == 0.5
    assert met(wanted, "", "", lambda _: 1.0)["side_missing"] == 0.0


def test_the_other_side_may_be_a_note_of_its_own():
    index = index_of("Q. What is kafka\nA log of messages.\n\nQ. What is spark\nAn engine.\n\nQ. lambda\nA function.\n")
    signals = retrieval.find("kafka vs spark", index, MODEL, always("answered")).signals
    stranger = retrieval.find("kafka vs pulsar", index, MODEL, always("answered")).signals

    assert signals["side_missing"] == 0.0
    assert stranger["side_missing"] == 1.0


# --- names of code


@pytest.mark.parametrize("name", ["functools.wraps", "explode_outer", "--executor-memory", "groupByKey", "DataFrame"])
def test_a_name_of_code_that_the_note_lacks_is_missing(name):
    wanted = asked(f"what does {name} do")

    assert met(wanted, "", "something else", nothing)["name_missing"] == 1.0
    assert met(wanted, "", f"use {name} here", nothing)["name_missing"] == 0.0
    assert met(wanted, "", f"use {name.upper()} here", nothing)["name_missing"] == 0.0


def test_a_name_may_be_written_in_two_words_in_the_note():
    assert met(asked("how do I split a DataFrame"), "", "a data frame is split by", nothing)["name_missing"] == 0.0


@pytest.mark.parametrize(
    "question", ["what are RDDs", "a queue, e.g. Kafka", "is S3 safe?", "what is GIL", "A.B testing"]
)
def test_acronyms_and_abbreviations_are_no_names_of_code(question):
    assert asked(question).names == ()


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_wording_gives_signals_of_the_same_names_and_in_bounds(question, text):
    found = met(asked(question), "", text, nothing)
    count = found.pop("function_words")

    assert set(found) == {"quantity_missing", "side_missing", "name_missing", "how_to"}
    assert all(0 <= value <= 1 for value in found.values())
    assert count == sum(map(lexical.is_function_word, lexical.words(question)))


# --- words that only address the notes


@pytest.mark.parametrize(
    ("asked_as", "searched_for"),
    [
        ("what do my notes say about caching?", "caching?"),
        ("According to my notes, how does caching work?", "how does caching work?"),
        ("what did I write about subnets", "subnets"),
        ("do my Spark notes mention anything on skew?", "skew?"),
        ("how do I use a mutex in my notes?", "how do I use a mutex?"),
        ("Hello! Can you please explain what the GIL is, thanks", "what the GIL is"),
        ("tell me about S3 versioning please", "S3 versioning"),
        ("did I note anything about Airflow?", "Airflow?"),
        ("I forgot what a cold start is", "what a cold start is"),
    ],
)
def test_words_that_only_address_the_notes_are_not_searched_for(asked_as, searched_for):
    assert unframed(asked_as) == searched_for


@pytest.mark.parametrize(
    "question",
    [
        "well-architected pillars",
        "well known ports",
        "how do release notes work?",
        "what do notes in music mean",
        "please",
        "can you tell me",
        "what did I write about it?",
        "so called lambdas",
        "how is it written in Python?",
    ],
)
def test_a_question_that_addresses_nobody_or_is_nothing_else_stays_whole(question):
    assert unframed(question) == question


@given(st.text(max_size=200))
def test_what_is_left_is_a_part_of_the_question_and_is_left_the_next_time(question):
    inner = unframed(question)

    assert inner in question
    assert unframed(inner) == inner


def test_the_person_is_not_told_that_such_words_were_left_out():
    index = index_of("Q. kafka\nA log of messages.\n")
    found = retrieval.find("what do my notes say about kafka", index, MODEL, always("answered"))

    assert found.read_as is None
    assert found.signals["coverage"] == pytest.approx(1.0)
