"""The notes as a LangChain retriever: whole notes, exact citations, nothing for what they do not answer."""

from __future__ import annotations

import subprocess
import sys

import pytest
from prompts import notes

from assistant.errors import QuestionError
from assistant.types import Found, Hit, UnitScore

TEXT = """Q. versoning in S3
Enabling Versioning:
Versioning is enabled at the bucket level.
Restoring Versions:
You can restore previous versions by ID.

Q. multi threading in python

Q. what is subnet
A part of a VPC.
"""
S3, THREADS, SUBNET = notes(TEXT)


class Fake:
    """An assistant that finds what the test says."""

    def __init__(self, status: str = "answered") -> None:
        self.status = status

    def search(self, question: str) -> Found:
        if not question.strip():
            raise QuestionError("there is no question")
        hits = (Hit(S3, 0.9, (UnitScore(3, 0.8), UnitScore(1, 0.5))), Hit(THREADS, 0.4, ()), Hit(SUBNET, 0.2, ()))
        return Found(question, None, self.status, 0.9, hits, {})


def retriever(**more: object):
    from assistant.langchain import NotesRetriever

    return NotesRetriever(assistant=Fake(more.pop("status", "answered")), **more)


def test_each_note_found_is_one_document_best_first() -> None:
    found = retriever().invoke("how do I restore?")
    assert [document.id for document in found] == ["n1", "n3"]
    assert found[0].page_content == S3.answer
    assert (found[0].metadata["rank"], found[0].metadata["score"], found[0].metadata["source"]) == (
        1,
        0.9,
        "notes.txt:2-5",
    )


def test_every_citation_is_the_exact_slice_of_the_file() -> None:
    (first, *_) = retriever().invoke("how do I restore?")
    assert [citation["quote"] for citation in first.metadata["citations"]] == [
        "You can restore previous versions by ID.",
        "Versioning is enabled at the bucket level.",
    ]
    for citation in first.metadata["citations"]:
        assert TEXT[citation["start"] : citation["end"]] == citation["quote"]
        assert TEXT.splitlines()[citation["first_line"] - 1] == citation["quote"]


def test_k_limits_the_documents() -> None:
    assert len(retriever(k=1).invoke("q")) == 1


@pytest.mark.parametrize("status", ["not_in_notes", "noted_unanswered"])
def test_what_the_notes_do_not_answer_gives_no_documents_unless_asked_for(status: str) -> None:
    assert retriever(status=status).invoke("q") == []
    assert len(retriever(status=status, unsure=True).invoke("q")) == 2


def test_it_stands_in_a_chain() -> None:
    from langchain_core.runnables import RunnableLambda

    chain = retriever() | RunnableLambda(lambda documents: " ".join(document.id for document in documents))
    assert chain.invoke("q") == "n1 n3"
    assert [len(found) for found in retriever().batch(["a", "b"])] == [2, 2]


def test_an_error_of_the_assistant_comes_through() -> None:
    with pytest.raises(QuestionError):
        retriever().invoke(" ")


def test_nothing_of_langchain_is_loaded_by_the_package_itself() -> None:
    code = "import sys, assistant.cite, assistant.prompt, assistant.llm, assistant.rewriting; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"langchain", "langchain_core", "langchain_openai", "openai", "tiktoken", "torch"} & set(loaded)
