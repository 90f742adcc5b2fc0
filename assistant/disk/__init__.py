"""Bytes -> files and folders that are whole or not there, also after a kill, a full disk or a power cut."""

from assistant.disk.files import link, make_folder, move, read, refusal, remove, replace, rewrite, rewrite_all, write
from assistant.disk.locks import LockHeldError, locked
from assistant.disk.sealed import check, contents, damaged, is_sealed, manifest_of, publish, seal_of, sealed_in, settled

__all__ = [
    "LockHeldError",
    "check",
    "contents",
    "damaged",
    "is_sealed",
    "link",
    "locked",
    "make_folder",
    "manifest_of",
    "move",
    "publish",
    "read",
    "refusal",
    "remove",
    "replace",
    "rewrite",
    "rewrite_all",
    "seal_of",
    "sealed_in",
    "settled",
    "write",
]
