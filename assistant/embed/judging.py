"""The adapter of the package -> the model as a judge of a question and a text that it reads together.

Small low-rank updates beside the model's own weights (LoRA, Hu et al. 2021, arXiv 2106.09685) and a small head on the
first word piece. A gate turns them off: with 0 the model is what it was, to the last bit, so one graph and one set of
weights in memory serve both. `eval/judging` holds what the adapter was learnt from, and how.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from assistant.embed.weights import MINILM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assistant.embed.weights import Model
    from assistant.types import Matrix

FILE = "judging.npz"
DOWN, UP = "down", "up"


@dataclass(frozen=True, slots=True)
class Adapter:
    """What is added to each linear layer, by the layer's name, and the head: `hidden`, then `out`."""

    arrays: Mapping[str, Matrix]


def fits(model: Model) -> bool:
    """Whether the adapter was learnt for that model."""
    return model.name == MINILM


def fingerprint(model: Model) -> str:
    """The hash of the adapter that fits a model; empty for a model that has none."""
    return hashlib.sha256(_bytes()).hexdigest() if fits(model) else ""


def adapter(model: Model) -> Adapter | None:
    """The adapter that fits a model."""
    return _read() if fits(model) else None


@cache
def _bytes() -> bytes:
    return (files("assistant.embed") / FILE).read_bytes()


@cache
def _read() -> Adapter:
    import io

    import numpy as np

    with np.load(io.BytesIO(_bytes()), allow_pickle=False) as stored:
        return Adapter({name: stored[name].astype(np.float32) for name in stored.files})


class Judge:
    """A BERT model with the adapter in its layers. It changes the layers in place; the gate is off until it is set."""

    def __init__(self, bert: Any, adapter: Adapter) -> None:
        import torch

        self.bert = bert
        self.gate: Any = torch.zeros(1)
        self._head = [torch.from_numpy(adapter.arrays[name]) for name in ("hidden", "hidden_bias", "out", "out_bias")]
        for name, down, up in _layers(adapter):
            self._adapt(name, torch.from_numpy(down), torch.from_numpy(up))

    @contextmanager
    def gated(self, gate: Any) -> Iterator[None]:
        """The model with its adapter on (1) or off (0)."""
        before, self.gate = self.gate, gate
        try:
            yield
        finally:
            self.gate = before

    def score(self, states: Any) -> Any:
        """Log odds that the second text answers the first, shape (texts,), from states of shape (texts, pieces, n)."""
        import torch

        hidden, hidden_bias, out, out_bias = self._head
        return (torch.tanh(states[:, 0] @ hidden.T + hidden_bias) @ out.T + out_bias).squeeze(-1)

    def _adapt(self, name: str, down: Any, up: Any) -> None:
        linear = self.bert.get_submodule(name)
        linear.register_forward_hook(lambda _, given, found: found + (given[0] @ down.T * self.gate) @ up.T)


def _layers(adapter: Adapter) -> Iterator[tuple[str, Matrix, Matrix]]:
    for name, array in adapter.arrays.items():
        layer, _, part = name.rpartition(".")
        if part == DOWN:
            yield layer, array, adapter.arrays[f"{layer}.{UP}"]
