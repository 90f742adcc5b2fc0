"""Words of the notes -> a word index: BM25 scores, how rare a word is, how the notes spell it."""

from assistant.lexical.english import salience
from assistant.lexical.lexicon import VERSION, Document, Lexicon, build, document, judged_in, load
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
    "is_function_word",
    "judged_in",
    "load",
    "misspelt",
    "overlap",
    "salience",
    "stem",
    "tokens",
    "words",
]
