"""A question and the notes found -> the prompt of a language model, within its budget of tokens."""

from assistant.prompt.compose import DECLINED, Budget, compose, declines, messages
from assistant.prompt.counting import Counter, counter

__all__ = ["DECLINED", "Budget", "Counter", "compose", "counter", "declines", "messages"]
