"""A sentence-transformers model -> an ONNX copy on the disk, published only if it gives the same vectors."""

from __future__ import annotations

import os
import secrets
import warnings
from typing import TYPE_CHECKING, Any

from assistant import disk
from assistant.embed import judging
from assistant.embed.session import GATE, GRAPH, SCORE, STATES, TOKENIZER, VECTOR, Session
from assistant.errors import NotesAssistantError, WeightsError

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.embed.bulk import Bulk
    from assistant.embed.weights import Model

FORMAT = 3
OPSET = 17
SAME = 0.99999  # cosine
CLOSE = 0.001  # log odds
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
SPECIMENS = (
    "hello",
    "How do I turn versioning on for a bucket?",
    "What is the difference between a process and a thread",
    "ALL CAPITALS, and some Punctuation!?",
    "naïve café, Ångström, señor, Straße",
    "数据库 索引 是什么",
    "Что такое индекс?",
    "emoji 🙂 and symbols → ≤ © ½",
    "def f(x):\n    return x[0] + 1  # code",
    "https://example.org/path?query=1&other=two",
    "1. first\n2. second\n3. third",
    "a",
    "",
    "   ",
    "tab\tseparated\tvalues",
    "supercalifragilisticexpialidocious antidisestablishmentarianism",
    "x" * 500,
    "zero\u200bwidth and \u00a0 spaces",
    "e\u0301 decomposed and é composed",
    "[CLS] [SEP] [PAD] [MASK] <s> </s>",
    "Cold start: the first call waits until the machine is ready. " * 5,
    "word " * 250,
    "much longer than the model reads " * 120,
    "A sentence. Another one; and, with commas, a third: done.",
)


def open_copy(model: Model, models_folder: Path) -> Session | None:
    """The newest copy of the model that verifies, or None."""
    for name in disk.sealed_in(models_folder, f"{model.short}-"):
        try:
            manifest = disk.manifest_of(models_folder / name)
            disk.check(models_folder / name, manifest)
            if _fits(manifest, model):
                return _session(models_folder / name, manifest)
        except (NotesAssistantError, OSError, KeyError, TypeError, ValueError):
            continue
    return None


def _fits(manifest: dict[str, Any], model: Model) -> bool:
    return (manifest["format"], manifest["fingerprint"], manifest["adapter"]) == (
        FORMAT,
        model.fingerprint,
        judging.fingerprint(model),
    )


def write_copy(model: Model, bulk: Bulk, models_folder: Path) -> Session:
    """Export, compare with sentence-transformers, publish.

    Raises DiskError, disk.LockHeldError when another process is at it, WeightsError when the model cannot be
    exported or its copy gives other vectors.
    """
    disk.make_folder(models_folder)
    with disk.locked(models_folder / ".lock"):
        found = open_copy(model, models_folder)
        if found is not None:
            return found
        _sweep(model, models_folder)
        return _written(model, bulk, models_folder)


def _written(model: Model, bulk: Bulk, models_folder: Path) -> Session:
    folder = models_folder / f".tmp-{os.getpid()}-{secrets.token_hex(4)}"
    disk.make_folder(folder)
    try:
        manifest = _describe(model, bulk, folder)
        final = disk.publish(folder, model.short, manifest, lambda place, _: _compare(_session(place, manifest), bulk))
    except BaseException:
        disk.remove(folder)
        raise
    return _session(final, manifest)


def _describe(model: Model, bulk: Bulk, folder: Path) -> dict[str, Any]:
    """Write the files of the copy and say what they are."""
    try:
        tokenizer = bulk.model.tokenizer.backend_tokenizer
        _export(bulk, folder)
        tokenizer.save(str(folder / TOKENIZER))
    except OSError as error:
        raise disk.refusal(folder, error) from error
    except Exception as error:
        raise WeightsError(f"the model {model.name} cannot be copied for quick questions ({error})") from error
    names = sorted(path.name for path in folder.iterdir())
    return {
        "format": FORMAT,
        "fingerprint": model.fingerprint,
        "adapter": judging.fingerprint(model),
        "dimension": bulk.dimension,
        "pieces": bulk.pieces,
        "padding": int(bulk.model.tokenizer.pad_token_id or 0),
        "files": {name: disk.settled(folder / name) for name in names},
    }


def _export(bulk: Bulk, folder: Path) -> None:
    """The whole model, pooling and normalisation with it, its weights beside it so that they can be mapped."""
    import onnx
    import torch

    whole = folder / "whole.onnx"
    given = _example(bulk)
    device = bulk.model.device
    bulk.model.to("cpu")
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter warns of its own age and of every traced branch
        torch.onnx.export(
            _as_module(bulk, tuple(given)).eval(),
            tuple(given.values()),
            str(whole),
            dynamo=False,
            opset_version=OPSET,
            input_names=list(given),
            output_names=[VECTOR, STATES, *([] if bulk.adapted is None else [SCORE])],
            dynamic_axes={name: {0: "texts"} for name in (VECTOR, SCORE)}
            | {name: {0: "texts", 1: "pieces"} for name in (STATES, *given) if name != GATE},
        )
    bulk.model.eval().to(device)  # the exporter may leave it in training mode
    # Without `location`, because onnx refuses a name that exists in the working directory.
    onnx.save_model(onnx.load(str(whole)), str(folder / GRAPH), save_as_external_data=True)
    whole.unlink()


def _example(bulk: Bulk) -> dict[str, Any]:
    """Two texts of different length as word pieces, on the processor."""
    import torch

    encoded = bulk.model.tokenizer(["hello world", "how are you today"], padding=True, return_tensors="pt")
    texts = {name: encoded[name] for name in INPUTS if name in encoded}
    return texts if bulk.adapted is None else texts | {GATE: torch.zeros(1)}


def _as_module(bulk: Bulk, names: tuple[str, ...]) -> Any:
    import torch

    class Whole(torch.nn.Module):  # type: ignore[misc]
        """The model with positional inputs and outputs, which is what can be exported."""

        def __init__(self) -> None:
            super().__init__()
            self.model = bulk.model

        def forward(self, *given: Any) -> Any:
            inputs = dict(zip(names, given, strict=True))
            with bulk.gated(inputs.pop(GATE, None)):
                found = self.model(inputs)
            states = found["token_embeddings"]
            normalize = torch.nn.functional.normalize
            vectors = normalize(found["sentence_embedding"], p=2, dim=1), normalize(states, p=2, dim=2)
            return vectors if bulk.adapted is None else (*vectors, bulk.adapted.score(states))

    return Whole()


def _compare(session: Session, bulk: Bulk) -> None:
    """Refuse a copy whose vectors are not those of sentence-transformers."""
    ours = session.embed(SPECIMENS, _ignore)
    theirs = bulk.embed(SPECIMENS, _ignore)
    if not float((ours * theirs).sum(axis=1).min()) >= SAME or not _same_pieces(session, bulk):
        raise WeightsError("the copy of the model for quick questions gives other vectors than the model")
    if bulk.adapted is not None and not _same_verdicts(session, bulk):
        raise WeightsError("the copy of the model for quick questions judges otherwise than the model")


def _same_pieces(session: Session, bulk: Bulk) -> bool:
    pairs = zip(session.read(SPECIMENS), bulk.read(SPECIMENS), strict=True)
    return all(
        ours.spans == theirs.spans and float((ours.states * theirs.states).sum(axis=1).min(initial=1.0)) >= SAME
        for ours, theirs in pairs
    )


def _same_verdicts(session: Session, bulk: Bulk) -> bool:
    question = SPECIMENS[1]
    pairs = zip(session.judge(question, SPECIMENS), bulk.judge(question, SPECIMENS), strict=True)
    return all(abs(ours - theirs) <= CLOSE for ours, theirs in pairs)


def _session(folder: Path, manifest: dict[str, Any]) -> Session:
    return Session(
        folder,
        dimension=int(manifest["dimension"]),
        pieces=int(manifest["pieces"]),
        padding=int(manifest["padding"]),
    )


def _sweep(model: Model, models_folder: Path) -> None:
    """Remove what killed processes and damaged copies left, under the lock."""
    for name in disk.sealed_in(models_folder, f"{model.short}-"):
        disk.remove(models_folder / name)
    for leftover in models_folder.glob(".tmp-*"):
        disk.remove(leftover)


def _ignore(_done: int) -> None:
    pass
