"""Many texts -> vectors, by sentence-transformers: slow to load, quick with thousands."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from assistant.embed.judging import Judge
from assistant.embed.texts import batches
from assistant.errors import WeightsError
from assistant.types import Pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from assistant.embed.judging import Adapter
    from assistant.types import Matrix

BATCH = 32
HALVES_PAY = 2_000  # texts; below, the exact numbers cost a few seconds more
CLOSE = 0.9999  # cosine of the same text in halves and in full


class Bulk:
    """A sentence-transformers model in memory, with the adapter that judges where there is one for it."""

    def __init__(self, folder: Path, adapter: Adapter | None = None) -> None:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        quieten: Any = logging.disable_progress_bar
        quieten()
        try:
            self.model: Any = SentenceTransformer(str(folder), local_files_only=True)
        except Exception as error:
            what = f"sentence-transformers cannot load the model at {folder} ({type(error).__name__})"
            raise WeightsError(what, run="assistant doctor") from error
        self.model.eval()
        self.adapted = None if adapter is None else Judge(self.model[0].model, adapter)

    @property
    def dimension(self) -> int:
        return int(self.model.get_embedding_dimension())

    @property
    def pieces(self) -> int:
        """How many word pieces the model reads."""
        return int(self.model.max_seq_length or 512)

    def embed(self, texts: Sequence[str], progress: Callable[[int], None]) -> Matrix:
        """Vectors of length 1, shape (texts, dimension)."""
        import numpy as np

        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        done = 0
        with self._halves(texts):
            for positions in batches(texts, BATCH):
                vectors[positions] = self._encode([texts[position] for position in positions])
                done += len(positions)
                progress(done)
        return vectors

    def read(self, texts: Sequence[str]) -> list[Pieces]:
        """The word pieces of each text, without the marks that the model puts around it."""
        return [self._read(text) for text in texts]

    def judge(self, question: str, texts: Sequence[str]) -> list[float]:
        """Log odds that each text answers the question, as the adapter judges them."""
        if self.adapted is None:
            raise TypeError("this model has no adapter to judge with")
        return [self._judge(self.adapted, question, text) for text in texts]

    def gated(self, gate: Any) -> contextlib.AbstractContextManager[None]:
        """The model with its adapter on (1) or off (0), where it has one."""
        return contextlib.nullcontext() if self.adapted is None else self.adapted.gated(gate)

    def _judge(self, judge: Judge, question: str, text: str) -> float:
        import torch

        tokenizer = self.model.tokenizer.backend_tokenizer
        tokenizer.enable_truncation(self.pieces)
        encoded = tokenizer.encode(question, text)
        fed = {"input_ids": encoded.ids, "attention_mask": encoded.attention_mask, "token_type_ids": encoded.type_ids}
        given = {name: torch.tensor([values], device=self.model.device) for name, values in fed.items()}
        with torch.no_grad(), judge.gated(torch.ones(1)):
            return float(judge.score(self.model(given)["token_embeddings"])[0])

    def _read(self, text: str) -> Pieces:
        import numpy as np
        import torch

        encoded = self.model.tokenizer.backend_tokenizer.encode(text)
        ids = torch.tensor([encoded.ids[: self.pieces]], device=self.model.device)
        with torch.no_grad():
            found = self.model({"input_ids": ids, "attention_mask": torch.ones_like(ids)})["token_embeddings"][0]
            states = torch.nn.functional.normalize(found.float(), p=2, dim=1).cpu().numpy()
        inside = np.flatnonzero(np.array(encoded.special_tokens_mask[: len(states)]) == 0)
        return Pieces(states[inside], tuple(encoded.offsets[position] for position in inside))

    def _encode(self, texts: Sequence[str]) -> Matrix:
        import numpy as np

        found = self.model.encode(list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)

    def _halves(self, texts: Sequence[str]) -> contextlib.AbstractContextManager[Any]:
        """Half precision for very many texts where the processor has it and a sample shows that it is close."""
        import torch

        if len(texts) < HALVES_PAY or not _has_halves() or self.model.device.type != "cpu":
            return contextlib.nullcontext()
        sample = list(texts[:: len(texts) // BATCH][:BATCH])
        full = self._encode(sample)
        with torch.autocast("cpu", torch.bfloat16):
            halves = self._encode(sample)
        if float((full * halves).sum(axis=1).min()) < CLOSE:
            return contextlib.nullcontext()
        chosen: contextlib.AbstractContextManager[Any] = torch.autocast("cpu", torch.bfloat16)
        return chosen


def _has_halves() -> bool:
    """Whether the processor multiplies bfloat16 itself; emulated, it is slower than float32."""
    import torch

    has: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(has.get("avx512_bf16") or has.get("amx_bf16"))
