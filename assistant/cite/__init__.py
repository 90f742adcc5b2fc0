"""A writer's text with `[n]` marks -> a Draft in which every mark names an exact span of a note."""

from assistant.cite.checker import NOT_IN_NOTES_SUFFIX, Checker, check
from assistant.cite.marks import MARK
from assistant.cite.statements import Language

__all__ = ["MARK", "NOT_IN_NOTES_SUFFIX", "Checker", "Language", "check"]
