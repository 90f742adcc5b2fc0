"""Assistant -> a LangChain retriever, for other people's chains; loaded only when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain_core.documents import Document  # noqa: TID253 - this module is the adapter, and nothing imports it
from langchain_core.retrievers import BaseRetriever  # noqa: TID253 - likewise
from pydantic import ConfigDict

from assistant import passages
from assistant.types import ANSWERED

if TYPE_CHECKING:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun

    from assistant.types import Block, Hit

MOST_CITATIONS = 3


class NotesRetriever(BaseRetriever):
    """The notes that answer a question, best first: `NotesRetriever(assistant=Assistant(load()), k=5)`.

    Each document is one note: `page_content` its answer, `id` its note id, and in `metadata` its question,
    place and score, and `citations`: the pieces that fit best, each with its exact lines, offsets and words.
    A question that the notes do not answer gives no documents, unless `unsure` asks for the nearest anyway.
    Raises what `Assistant.search` raises.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Any
    k: int = 5
    unsure: bool = False

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun | None = None
    ) -> list[Document]:
        del run_manager
        found = self.assistant.search(query)
        if found.status != ANSWERED and not self.unsure:
            return []
        answered = [hit for hit in found.hits if hit.note.answered]
        return [_document(rank, hit) for rank, hit in enumerate(answered[: self.k], 1)]


def _document(rank: int, hit: Hit) -> Document:
    note, place = hit.note, hit.note.answer_place
    return Document(
        id=note.id,
        page_content=note.answer,
        metadata={
            "note_id": note.id,
            "note": note.question,
            "source": str(place),
            "path": place.path,
            "first_line": place.first_line,
            "last_line": place.last_line,
            "start": place.start,
            "end": place.end,
            "rank": rank,
            "score": round(float(hit.score), 4),
            "citations": _citations(hit),
        },
    )


def _citations(hit: Hit) -> list[dict[str, object]]:
    blocks = passages.blocks(hit.note)
    best = [blocks[unit.block] for unit in hit.units if 0 <= unit.block < len(blocks)]
    return [_citation(number, block) for number, block in enumerate(best[:MOST_CITATIONS], 1)]


def _citation(number: int, block: Block) -> dict[str, object]:
    place = block.place
    return {
        "number": number,
        "path": place.path,
        "first_line": place.first_line,
        "last_line": place.last_line,
        "start": place.start,
        "end": place.end,
        "quote": block.text,
    }
