"""What was found becomes an answer: written and checked, quoted when the writer fails, or honestly refused."""

from __future__ import annotations

import pytest
from prompts import notes

from assistant import answering, lexical
from assistant.answering import Writing
from assistant.errors import WriterError
from assistant.prompt import declines
from assistant.quote import Quote
from assistant.types import Answer, Found, Hit, Prompt, Tokens, UnitScore, Written

TEXT = """Q. versoning in S3
Versioning is enabled at the bucket level. Once enabled, versioning can only be suspended.

Q. what is versioning
Versioning keeps every version of an object in the bucket.

Q. multi threading in python

Q. cold starts
Functions stay warm for 45 minutes.
"""
S3, AGAIN, THREADS, COLD = NOTES = notes(TEXT)
SAME = {S3.id: (AGAIN.id,), AGAIN.id: (S3.id,)}
SUPPORTED = "Once enabled, versioning can only be suspended [1]."
DECLINED = "Your notes do not answer this."


class Scripted:
    """A writer that writes what it was told; an exception among the pieces is raised."""

    name = "scripted:1"

    def __init__(self, *pieces):
        self.pieces = pieces
        self.prompts = []
        self.closed = False

    def write(self, prompt):
        self.prompts.append(prompt)
        try:
            for piece in self.pieces:
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        finally:
            self.closed = True


def compose(question, sources):
    return Prompt(question, tuple(sources), "", "", Tokens(), ())


QUOTING = Writing(Quote(lexical.tokens, lambda _: 1.0), compose, lambda _: False)


def writing(*pieces, compose=compose, notices=()):
    return Writing(Scripted(*pieces), compose, declines, notices)


def case_of(*chosen, status="answered", question="can versioning be turned off", read_as=None):
    hits = tuple(
        Hit(note, 1.0 - rank / 10, (UnitScore(0, 0.5),) if note.answered else ()) for rank, note in enumerate(chosen)
    )
    return answering.case(Found(question, read_as, status, 0.75, hits, {}), SAME, 12.0)


def answered(case, by):
    *pieces, last = answering.answer(case, by, QUOTING)
    assert isinstance(last, Answer)
    assert all(isinstance(piece, str) for piece in pieces)
    return "".join(pieces), last


# --- refusals


@pytest.mark.parametrize("status", ["noted_unanswered", "not_in_notes"])
def test_no_writer_is_called_for_a_question_without_an_answer(status):
    scripted = writing("anything [1]")
    shown, answer = answered(case_of(THREADS, S3, status=status), scripted)
    assert (scripted.writer.prompts, shown, answer.text) == ([], "", "")
    assert (answer.status, answer.writer, answer.complete, answer.fault) == (status, "scripted:1", True, None)
    assert (answer.confidence, answer.retrieve_ms) == (0.75, 12.0)


def test_a_question_that_was_left_open_is_cited_by_its_own_line():
    _, answer = answered(case_of(THREADS, S3, COLD, status="noted_unanswered"), QUOTING)
    (citation,) = answer.citations
    assert (citation.number, citation.note_id, citation.quote) == (1, THREADS.id, "Q. multi threading in python")
    assert TEXT[citation.place.start : citation.place.end] == citation.quote
    assert answer.closest == (S3, COLD)


def test_what_is_not_in_the_notes_cites_nothing_and_names_the_nearest_three():
    _, answer = answered(case_of(S3, AGAIN, COLD, S3, status="not_in_notes"), QUOTING)
    assert answer.citations == ()
    assert answer.closest == (S3, AGAIN, COLD)


def test_a_refusal_without_any_hit_is_still_an_answer():
    _, answer = answered(case_of(status="not_in_notes"), QUOTING)
    assert (answer.citations, answer.closest, answer.hits) == ((), (), ())


# --- what the writer sees


def test_sources_are_the_answered_hits_with_their_earlier_repeats():
    first, second, third = answering.sources(case_of(S3, THREADS, COLD, AGAIN).found.hits, SAME)
    assert [source.note for source in (first, second, third)] == [S3, COLD, AGAIN]
    assert [source.number for source in (first, second, third)] == [1, 2, 3]
    assert [source.repeats for source in (first, second, third)] == [(), (), (1,)]
    assert third.blocks[0].text == AGAIN.answer


def test_an_open_question_among_the_hits_takes_no_place_from_an_answered_one():
    hits = case_of(S3, THREADS, COLD, AGAIN).found.hits
    assert [source.note for source in answering.sources(hits, SAME, limit=2)] == [S3, COLD]


def test_the_writer_reads_the_repaired_question_and_the_answer_tells_both():
    scripted = writing(SUPPORTED)
    _, answer = answered(case_of(S3, question="versoning of", read_as="versioning off"), scripted)
    assert scripted.writer.prompts[0].question == "versioning off"
    assert (answer.question, answer.read_as) == ("versoning of", "versioning off")


# --- answers


def test_the_pieces_shown_are_the_text_of_the_answer():
    shown, answer = answered(
        case_of(S3, COLD), writing("Once enabled, ", "versioning can only be ", "suspended [1", "].")
    )
    assert shown == answer.text == "Once enabled, versioning can only be suspended. [1]" or shown == answer.text
    assert [citation.note_id for citation in answer.citations] == [S3.id]
    assert (answer.status, answer.writer, answer.complete, answer.fault) == ("answered", "scripted:1", True, None)


def test_every_quote_is_the_slice_of_the_file():
    _, answer = answered(case_of(S3, AGAIN), QUOTING)
    assert answer.citations
    for citation in answer.citations:
        assert TEXT[citation.place.start : citation.place.end] == citation.quote


@pytest.mark.parametrize(
    "said", ["Yes.", "no", "It is.", "yes\nit is", "2", "Only then, and not before.", "\N{THUMBS UP SIGN}"]
)
def test_an_answer_of_small_words_alone_is_quoted_and_cited(said):
    (note,) = notes(f"Q. one?\n{said}\n")
    answer = answered(case_of(note, question="one"), QUOTING)[-1]
    assert (answer.fault, answer.text) == (None, f"{said} [1]")
    assert [citation.quote for citation in answer.citations] == [said]


def test_the_end_of_a_writing_is_told():
    ending = Written(complete=False, tokens=Tokens(11, 7), warnings=("it was cut",))
    _, answer = answered(case_of(S3), writing(SUPPORTED, ending, notices=("it leaves this machine",)))
    assert not answer.complete
    assert answer.tokens == Tokens(11, 7)
    assert answer.warnings == ("it leaves this machine", "it was cut")


def test_tokens_are_estimated_where_the_server_did_not_count():
    def counted(question, sources):
        return Prompt(question, tuple(sources), "", "", Tokens(120, 0), ())

    _, answer = answered(case_of(S3), writing(SUPPORTED, compose=counted))
    assert (answer.tokens.prompt, answer.tokens.estimated) == (120, True)


def test_notes_that_did_not_fit_are_named():
    def short(question, sources):
        return Prompt(question, tuple(sources[:1]), "", "", Tokens(), tuple(one.note for one in sources[1:]))

    _, answer = answered(case_of(S3, COLD), writing(SUPPORTED, compose=short))
    (warning,) = answer.warnings
    assert "cold starts" in warning
    assert str(COLD.place) in warning


# --- failures


@pytest.mark.parametrize(
    "before", [(), ("Once enabled, versioning ",), (SUPPORTED + " And then more of it, at length,",)]
)
def test_when_the_writer_fails_the_notes_are_quoted_and_the_fault_is_told(before):
    fault = WriterError("the server went away", run="try again")
    by = writing(*before, fault, notices=("it leaves this machine",))
    _, answer = answered(case_of(S3, COLD), by)
    _, quoted = answered(case_of(S3, COLD), QUOTING)
    assert answer.fault is fault
    assert (answer.text, answer.citations, answer.writer) == (quoted.text, quoted.citations, "quote")
    assert answer.status == "answered"
    assert "it leaves this machine" in answer.warnings


@pytest.mark.parametrize(
    "text", ["Buckets are round.", "Versioning can be suspended [7].", "", "The moon is made of cheese [1]."]
)
def test_an_answer_that_cites_nothing_valid_is_a_fault(text):
    _, answer = answered(case_of(S3, COLD), writing(text))
    assert isinstance(answer.fault, WriterError)
    assert answer.writer == "quote"
    assert answer.citations


def test_when_not_even_one_note_fits_the_notes_are_quoted():
    def none(question, sources):
        return Prompt(question, (), "", "", Tokens(), tuple(one.note for one in sources))

    by = writing(SUPPORTED, compose=none)
    _, answer = answered(case_of(S3), by)
    assert isinstance(answer.fault, WriterError)
    assert by.writer.prompts == []
    assert answer.citations


def test_a_bug_of_ours_is_not_taken_for_a_fault_of_the_model():
    with pytest.raises(ZeroDivisionError):
        answered(case_of(S3), writing(ZeroDivisionError()))


# --- a model that declines


@pytest.mark.parametrize(
    "pieces", [(DECLINED,), ("Your notes ", "do not answer ", "this."), (DECLINED + " " + "They are about S3. " * 9,)]
)
def test_a_model_that_declines_gives_the_honest_outcome(pieces):
    shown, answer = answered(case_of(S3, COLD), writing(*pieces, notices=("it leaves this machine",)))
    assert (shown, answer.text, answer.citations) == ("", "", ())
    assert (answer.status, answer.writer, answer.fault) == ("not_in_notes", "scripted:1", None)
    assert answer.closest == (S3, COLD)
    assert answer.warnings == ("it leaves this machine",)


def test_an_answer_is_shown_from_its_first_word_on():
    stream = answering.answer(case_of(S3), writing("Once", " enabled, versioning can only be suspended [1]."), QUOTING)
    assert next(stream) == "Once"
    stream.close()


def test_declining_also_counts_when_the_writer_tells_its_end():
    _, answer = answered(case_of(S3), writing(DECLINED, Written(complete=True, tokens=Tokens(11, 7))))
    assert answer.status == "not_in_notes"


def test_closing_the_stream_closes_the_writer():
    by = writing("Once enabled, versioning can only be suspended [1]. " * 4, "More of it. " * 9, "And more.")
    stream = answering.answer(case_of(S3), by, QUOTING)
    next(stream)
    stream.close()
    assert by.writer.closed
