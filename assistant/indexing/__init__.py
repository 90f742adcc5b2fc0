"""A folder of notes -> a verified index on the disk, built anew only where something changed."""

from assistant.indexing.generation import open_index
from assistant.indexing.looking import hashes
from assistant.indexing.manifest import Manifest, Source
from assistant.indexing.refreshing import LOCK, describe, is_current, refresh

__all__ = ["LOCK", "Manifest", "Source", "describe", "hashes", "is_current", "open_index", "refresh"]
