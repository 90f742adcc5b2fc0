"""A prompt -> a language model's text, piece by piece, behind a guard of our own."""

from assistant.llm.choice import Choice, choose
from assistant.llm.guard import Limits
from assistant.llm.model import Model, open_model

__all__ = ["Choice", "Limits", "Model", "choose", "open_model"]
