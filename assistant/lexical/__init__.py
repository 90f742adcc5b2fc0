"""Words of the notes -> a word index: BM25 scores, how rare a word is, how the notes spell it."""

from assistant.lexical.counts import Document
from assistant.lexical.english import salience
from assistant.lexical.lexicon import VERSION, Lexicon, build, document, empty, load
from assistant.lexical.spelling import misspelt
from assistant.lexical.words import WORD, content_words, is_function_word, overlap, stem, tokens, words

__all__ = [
    "VERSION",
    "WORD",
    "Document",
    "Lexicon",
    "build",
    "content_words",
    "document",
    "empty",
    "is_function_word",
    "load",
    "misspelt",
    "overlap",
    "salience",
    "stem",
    "tokens",
    "words",
]
