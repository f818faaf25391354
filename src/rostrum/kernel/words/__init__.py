"""Words: the one tokeniser, the one query language, and what a query means. Pure.

Both search engines are fed what `index_words` returns, and both answers are held to `matches` by one conformance
suite: a match missed because two engines cut a text differently would be a record withheld.
"""

from rostrum.kernel.words.matching import highlights, matches
from rostrum.kernel.words.query import (
    AllOf,
    AnyOf,
    Mark,
    Not,
    Phrase,
    Query,
    QueryProblem,
    Word,
    parse,
)
from rostrum.kernel.words.tokens import LONGEST_WORD, Token, fold, index_words, storable, tokens

__all__ = [
    "LONGEST_WORD",
    "AllOf",
    "AnyOf",
    "Mark",
    "Not",
    "Phrase",
    "Query",
    "QueryProblem",
    "Token",
    "Word",
    "fold",
    "highlights",
    "index_words",
    "matches",
    "parse",
    "storable",
    "tokens",
]
