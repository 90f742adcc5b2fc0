"""A folder of notes -> its files, their entries with exact places, and the ids of the notes."""

from assistant.notes.folder import files, load
from assistant.notes.formats import FORMATS
from assistant.notes.naming import name
from assistant.notes.reading import read

__all__ = ["FORMATS", "VERSION", "files", "load", "name", "read"]

VERSION = "notes-6"  # what is read from the same bytes changes with it: the index reads them anew
