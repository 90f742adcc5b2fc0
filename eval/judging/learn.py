"""Notes and labelled questions -> the adapter with which the embedding model judges whether a text answers.

`python eval/judging/learn.py` reads `notes/*.txt` and `questions/*.jsonl` beside this file, searches each set of notes
with the assistant as it is, and learns from pairs of a question and a window that the search brings up: the window that
holds the answer, and those that only look like it. It writes `assistant/embed/judging.npz`. An hour on two cores; the
numbers differ a little from run to run and from machine to machine, so what counts is what `assistant eval` says after.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from assistant import embed, passages, settings
from assistant.app import Assistant
from assistant.embed.bulk import Bulk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.types import Note

HERE = Path(__file__).parent
OUT = Path(embed.__file__).parent / "judging.npz"

NOTES = 5  # of the first notes found, those that may give a pair
WINDOWS = 2  # of a note
NEGATIVES = {"near_miss": 3, "answered": 2, "open": 2, "off": 1}  # notes
ALIKE = 0.35  # the cosine from which an open question may be taken for the one that was asked
BEGINNING = 30  # characters of a quote; a window without them, and without its end, holds nothing of it

RANK, SCALE, HIDDEN = 8, 2.0, 64
RATE, BATCH, WARM_UP = 1e-3, 24, 40
DROPOUT, DECAY, LARGEST_STEP = 0.1, 0.01, 1.0


@dataclass(frozen=True)
class Pair:
    """A question and a text; `answers` says whether the text answers, `weight` how much that counts."""

    question: str
    text: str
    answers: bool
    weight: float


# --- notes and questions -> pairs ----------------------------------------------------------------


def pairs_of(name: str) -> list[Pair]:
    """All pairs of one set of notes and its questions."""
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        notes.mkdir()
        shutil.copy(HERE / "notes" / f"{name}.txt", notes)
        flags = {"notes": notes, "index": Path(folder) / "index", "gaps": False}
        assistant = Assistant(settings.load(flags))
        lines = (HERE / "questions" / f"{name}.jsonl").read_text("utf-8").splitlines()
        return [pair for line in lines for pair in _pairs(json.loads(line), assistant)]


def _pairs(case: dict[str, Any], assistant: Assistant) -> Iterator[Pair]:
    found = assistant.search(case["q"])
    question, negatives = found.read_as or found.question, 0
    gold = {case.get("note"), *case.get("also", ())} if case["kind"] == "answered" else set()
    for note in [hit.note for hit in found.hits if hit.note.answered][:NOTES]:
        windows = _nearest_windows(assistant, question, note)
        if note.question in gold:
            yield from _of_the_gold(question, windows, case["quotes"])
        elif negatives < NEGATIVES[case["kind"]]:
            most = WINDOWS if case["kind"] == "near_miss" and not negatives else 1
            weight = 1.0 if case["kind"] == "near_miss" else 0.7
            yield from (Pair(question, text, answers=False, weight=weight) for text in windows[:most])
            negatives += 1
    yield from _of_the_open(question, case, [hit.note for hit in found.hits if not hit.note.answered], assistant)


def _of_the_gold(question: str, windows: Sequence[str], quotes: Sequence[str]) -> Iterator[Pair]:
    """The windows that hold a quote answer; one that holds no part of any does not."""
    folded = [_folded(quote) for quote in quotes]
    holding = [text for text in windows if any(quote in _folded(text) for quote in folded)]
    without = [text for text in windows if not any(_holds_a_part(_folded(text), quote) for quote in folded)]
    yield from (Pair(question, text, answers=True, weight=1.0) for text in holding[:WINDOWS])
    yield from (Pair(question, text, answers=False, weight=0.5) for text in without[: bool(holding)])


def _of_the_open(question: str, case: dict[str, Any], opened: Sequence[Note], assistant: Assistant) -> Iterator[Pair]:
    """An open question as a text of one line: it was asked, or it only looks so."""
    for note in opened[:1]:
        asked = case["kind"] == "open" and note.question == case["note"]
        if asked or (case["kind"] != "open" and _cosine(assistant, question, note.question) > ALIKE):
            yield Pair(question, note.question, answers=asked, weight=1.0 if asked else 0.7)


def _nearest_windows(assistant: Assistant, question: str, note: Note) -> list[str]:
    texts = [one.text for one in passages.split(0, note) if one.kind == "window"]
    return sorted(texts, key=lambda text: -_cosine(assistant, question, text))


def _cosine(assistant: Assistant, question: str, text: str) -> float:
    one, other = assistant._embed().embed([question, text])  # noqa: SLF001 - the model that the assistant holds
    return float(one @ other)


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _holds_a_part(text: str, quote: str) -> bool:
    return quote[:BEGINNING] in text or quote[-BEGINNING:] in text


# --- pairs -> adapter ----------------------------------------------------------------------------


class Learner(torch.nn.Module):
    """MiniLM, whose weights stay as they are, with low-rank updates in every linear layer, and a head."""

    def __init__(self) -> None:
        super().__init__()
        bulk = Bulk(embed.checked_weights(embed.MINILM))
        self.bert, self.pieces = bulk.model[0].model, bulk.pieces
        self.tokenizer = bulk.model.tokenizer.backend_tokenizer
        self.bert.requires_grad_(False)
        self.updates = torch.nn.ParameterDict()
        self.head = torch.nn.Sequential(
            torch.nn.Dropout(DROPOUT), torch.nn.Linear(384, HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, 1)
        )
        for name, layer in self.bert.encoder.named_modules():
            if isinstance(layer, torch.nn.Linear):
                self._adapt(f"encoder.{name}", layer)

    def _adapt(self, name: str, layer: torch.nn.Linear) -> None:
        down = torch.nn.Parameter(torch.empty(RANK, layer.in_features))
        up = torch.nn.Parameter(torch.zeros(layer.out_features, RANK))
        torch.nn.init.kaiming_uniform_(down, a=math.sqrt(5))
        key = name.replace(".", "/")
        self.updates[f"{key}/down"], self.updates[f"{key}/up"] = down, up
        layer.register_forward_hook(lambda _, given, found: found + (given[0] @ down.T) @ up.T * SCALE)

    def forward(self, pairs: Sequence[Pair]) -> torch.Tensor:
        """Log odds that each text answers its question."""
        self.tokenizer.enable_truncation(self.pieces)
        encoded = [self.tokenizer.encode(pair.question, pair.text) for pair in pairs]
        given = {
            "input_ids": _padded([one.ids for one in encoded]),
            "attention_mask": _padded([one.attention_mask for one in encoded]),
            "token_type_ids": _padded([one.type_ids for one in encoded]),
        }
        return self.head(self.bert(**given).last_hidden_state[:, 0]).squeeze(-1)

    def arrays(self) -> dict[str, Any]:
        """What `assistant.embed.judging` reads, in half precision."""
        scaled = {name: SCALE if name.endswith("/up") else 1.0 for name in self.updates}
        found = {name.replace("/", "."): value * scaled[name] for name, value in self.updates.items()}
        _, hidden, _, out = self.head
        found |= {"hidden": hidden.weight, "hidden_bias": hidden.bias, "out": out.weight, "out_bias": out.bias}
        return {name: value.detach().numpy().astype(np.float16) for name, value in found.items()}


def _padded(rows: Sequence[Sequence[int]]) -> torch.Tensor:
    return torch.nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], batch_first=True)


def learn(pairs: Sequence[Pair], epochs: int) -> Learner:
    """Fit the updates and the head; the rate rises for some steps and then falls to nothing."""
    learner = Learner().train()
    learner.bert.eval()  # no dropout: it costs a third of the time and brought nothing
    free = [each for each in learner.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(free, lr=RATE, weight_decay=DECAY)
    every = [batch for _ in range(epochs) for batch in _batches(pairs)]
    began = time.monotonic()
    for step, batch in enumerate(every):
        for group in optimizer.param_groups:
            group["lr"] = RATE * min((step + 1) / WARM_UP, 1 - step / len(every))
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            learner(batch),
            torch.tensor([float(pair.answers) for pair in batch]),
            weight=torch.tensor([pair.weight for pair in batch]),
        )
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(free, LARGEST_STEP)
        optimizer.step()
        if step % 100 == 0:
            print(f"{step} of {len(every)}: loss {loss.item():.3f}, {time.monotonic() - began:.0f} s", flush=True)
    return learner


def _batches(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """All pairs in a new order, those of about the same length together, so that little is filled up."""
    shuffled = random.sample(list(pairs), len(pairs))
    groups = [shuffled[at : at + 20 * BATCH] for at in range(0, len(shuffled), 20 * BATCH)]
    ordered = [pair for group in groups for pair in sorted(group, key=lambda pair: len(pair.text))]
    return random.sample([ordered[at : at + BATCH] for at in range(0, len(ordered), BATCH)], -(-len(ordered) // BATCH))


def main() -> None:
    """Read, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--only", nargs="*", help="names of sets; all without it")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    torch.manual_seed(1)
    random.seed(1)
    names = given.only or sorted(path.stem for path in (HERE / "notes").glob("*.txt"))
    pairs = [pair for name in names for pair in pairs_of(name)]
    print(
        f"{len(pairs)} pairs from {len(names)} sets, {sum(pair.answers for pair in pairs)} of them answer", flush=True
    )
    np.savez_compressed(given.out, **learn(pairs, given.epochs).arrays())


if __name__ == "__main__":
    main()
