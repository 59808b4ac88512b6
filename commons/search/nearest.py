"""Nothing holds the words: what else may have been meant, from words that the asker may see.

No list of words is kept, so no word can outlive what it stood in, or be told to somebody who may not see that:
entries that have passed the gate are read each time (docs/decisions/0038).
"""

# ruff: noqa: S608 -- names in the SQL are our models' own; whatever was typed is a parameter.

from difflib import get_close_matches
from itertools import pairwise

from django.core.exceptions import EmptyResultSet
from django.db import connection

from commons.tagging import vocabulary

from .backends import backend, held
from .words import LETTERS_BEGUN, WORD, Term, bare, parse

SHORTEST = 4  # of fewer letters too much is alike
LIKE = 0.8  # of the letters of both words, as difflib counts them
READ_ALIKE, READ_NEWEST = 400, 200
LOOKED_AMONG = 1_000  # of those that hold a word, for others than may see them may be among them


def nearest(search):
    """Return what a Search that finds nothing may have meant, as text that finds something, or "".

    At most four queries, one when nothing is near, none when no word is long enough to tell.
    """
    spelt = WORD.findall(search.cleaned.lower())
    typed = [word for word in spelt if len(word) >= SHORTEST and word.isalpha()]
    together = [first + second for first, second in pairwise(spelt) if len(first + second) >= SHORTEST]
    if not typed and not together:
        return ""
    words = _words(search, [*typed, *together])
    return _written_otherwise(search, words) or _misspelt(search, typed, words)


def _written_otherwise(search, words):
    """Return what was typed with two words run together ("key ring") or one taken apart ("uservoice"), or ""."""
    for first, second in pairwise(WORD.finditer(search.cleaned)):
        whole = first[0] + second[0]
        if len(whole) >= SHORTEST and bare(whole.lower()) in words:
            text = search.cleaned[: first.start()] + whole + search.cleaned[second.end() :]
            if _is_found(search, text):
                return text
            break  # one is asked for, however many there are
    for found in WORD.finditer(search.cleaned):
        word = bare(found[0].lower())
        if word in words or len(word) != len(found[0]):
            continue
        for end in range(LETTERS_BEGUN, len(word) - LETTERS_BEGUN + 1):
            if word[:end] in words and word[end:] in words:
                place = found.start() + end
                text = f"{search.cleaned[:place]} {search.cleaned[place:]}"
                return text if _is_found(search, text) else ""
    return ""


def _misspelt(search, typed, words):
    """Return what was typed with the nearest word for each that is not known, or "" where that finds nothing."""
    meant = {}
    for word in map(bare, typed):
        # Two letters changed places at the beginning at most: to compare with every word there is would take long.
        near = [known for known in words if known[0] in word[:2] and -3 < len(known) - len(word) < 3]
        if word not in words and (alike := get_close_matches(word, near, 1, LIKE)):
            meant[word] = words[alike[0]]
    text = WORD.sub(lambda found: meant.get(bare(found[0].lower()), found[0]), search.cleaned)
    return text if meant and _is_found(search, text) else ""


def _words(search, typed):
    """Return {word without accents: word}: of the vocabulary, of entries with words that begin like those typed, and of
    the newest entries, for what was mistyped at its beginning."""
    terms = vocabulary.current()
    texts = [term.name for term in (*terms.principles.values(), *terms.sectors.values())]
    texts += ["".join(pair) for pair in search.pairs]
    texts += [text for row in _entries(search.entries, typed) for text in row]
    return {bare(word): word for word in dict.fromkeys(WORD.findall(" ".join(texts).lower()))}


def _entries(entries, typed):
    """Return (title, summary, keywords and names) of the entries to take words from. One query."""
    begun = dict.fromkeys(word[:LETTERS_BEGUN] for word in typed)
    alike = backend().some([Term((), begun=((letters,),)) for letters in begun])
    parts, values = [], []
    try:
        for found, most in (
            (backend().matching(entries, alike, LOOKED_AMONG), READ_ALIKE),
            (entries, READ_NEWEST),
        ):
            newest = found.order_by("-pk").values_list("title", "summary", "extra")[:most]
            sql, parameters = newest.query.sql_with_params()
            parts.append(f"SELECT * FROM ({sql}) part{len(parts)}")
            values += parameters
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return cursor.fetchall()


def _is_found(search, text):
    query = parse(text, search.pairs)
    return bool(held(search.entries, search.entries, [backend().every(query.terms)], 1)[0])
