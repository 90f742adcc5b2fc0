"""A question about the notes themselves -> an answer by counting them, which no retrieval could give."""

from assistant.counting.answering import answer
from assistant.counting.wording import Wish, understood

__all__ = ["Wish", "answer", "understood"]
