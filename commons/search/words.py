"""What somebody typed, turned into a Query that any search engine behind the interface can be asked.

Any text is safe here: nothing of a search engine's own language survives, only words.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

QUERY_LENGTH = 200
MOST_WORDS = 20
MARKS = 20  # of a title that is what was typed, so many may be no letters of it: dashes, question marks
MOST_SPELLINGS = 8  # of one quoted phrase: each joined word in it doubles them

LETTERS_BEGUN = 3  # of a word in our letters, before it may stand for longer ones
# What English words end in: an engine knows "evaluation" by its stem, with which "evaluat" does not begin.
ENDINGS = (
    "ability", "able", "ally", "ance", "ation", "ative", "eer", "ence", "ement", "ful", "ible", "ibility", "ical",
    "ing", "ion", "ism", "ist", "ition", "ity", "ive", "less", "ment", "ness", "ship",
)  # fmt: skip

WORD = re.compile(r"[^\W_]+")
POSSESSIVE = re.compile(r"(?<=\w)['’]s\b", re.IGNORECASE)
QUOTES = str.maketrans("“”„‟«»", '""""""')

# Words so common that asking for them finds nothing better, and those that only ask: a question in a whole sentence is
# about its other words. They count again in quotes and when alone.
COMMON = frozenset({
    "a", "about", "all", "am", "an", "and", "any", "anybody", "anyone", "are", "as", "at", "be", "because", "been",
    "but", "by", "can", "could", "did", "do", "does", "example", "examples", "explain", "find", "for", "from", "had",
    "has", "have", "her", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its", "know", "looking",
    "me", "my", "of", "on", "or", "our", "please", "she", "he", "should", "so", "tell", "than", "that", "the", "their",
    "them", "then", "there", "these", "they", "this", "those", "to", "us", "was", "we", "were", "what", "when",
    "where", "which", "who", "whom", "whose", "why", "will", "with", "would", "you", "your",
})  # fmt: skip


@dataclass(frozen=True)
class Term:
    """One thing asked for: any of its `spellings` will do, each a tuple of words side by side.

    Of each spelling in `begun` the last word may be only the beginning of one.
    """

    spellings: tuple
    begun: tuple = ()

    @property
    def is_common(self):
        return self.spellings[0][0] in COMMON and len(self.spellings) == len(self.spellings[0]) == 1


@dataclass(frozen=True)
class Query:
    """`terms` are to be found; `words` is all that was typed, to be compared with titles.

    `unfinished` are the terms again, those outside quotes with their words taken for beginnings too.
    """

    terms: tuple = ()
    words: tuple = ()
    unfinished: tuple = ()

    def __bool__(self):
        return bool(self.terms)


def clean(text):
    """Return `text` as NFKC with single spaces, without control, private or unassigned characters."""
    if (
        not text.isprintable()
    ):  # what is printable has none of those: most texts need no look at each character
        text = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text)
    return " ".join(unicodedata.normalize("NFKC", text).split())


def parse(text, pairs=()):
    """Return the Query in what was typed.

    `pairs` are the joined spellings as (first, second): ("co", "production"). Words in quotes are wanted
    side by side. At most QUERY_LENGTH characters and MOST_WORDS words are read.
    """
    text = POSSESSIVE.sub("", clean(text[: QUERY_LENGTH * 2]).translate(QUOTES).lower())[:QUERY_LENGTH]
    terms, unfinished, words = [], [], []
    parts = text.split('"')
    for number, part in enumerate(parts):
        found = WORD.findall(part)[: MOST_WORDS - len(words)]
        quoted = number % 2 == 1 and number < len(parts) - 1
        units = joined(found, pairs)
        words += [unit[-1][0] for unit in units]
        if quoted:
            phrase = [Term(_phrase(units))] if units else []
            terms += phrase
            unfinished += phrase
        else:
            terms += map(Term, units)
            unfinished += map(_unfinished, joined(found, pairs, begun=True))
    return Query(_telling(terms), tuple(words), _telling(unfinished))


def _telling(terms):
    """Return terms, each once, without those that are too common to tell anything where there are others."""
    terms = list(dict.fromkeys(terms))
    return tuple([term for term in terms if not term.is_common] or terms)


def joined(words, pairs, *, begun=False):
    """Return the spellings of each word, joined words as one: [(("co", "design"), ("codesign",)), ...].

    With `begun` the second half may be unfinished: "co-desi".
    """
    units, position = [], 0
    while position < len(words):
        word = words[position]
        following = words[position + 1] if position + 1 < len(words) else ""
        unit, used = ((word,),), 1
        for first, second in pairs:
            if word == first and _is_half(following, second, begun):
                unit, used = ((first, following), (first + following,)), 2
                break
            if word.startswith(first) and _is_half(word[len(first) :], second, begun):
                unit = ((first, word[len(first) :]), (word,))
                break
        units.append(unit)
        position += used
    return units


def _is_half(word, second, begun):
    """Whether a word is the second half of a joined one, such as "banking" of time-bank, or may become it."""
    return word.startswith(second) or (begun and len(word) >= LETTERS_BEGUN and second.startswith(word))


def flat(text, pairs=()):
    """Return the words of a stored (so cleaned) title as Query.words has them, to compare the two."""
    text = bare(text.lower())
    words = WORD.findall(text)
    if not pairs or not _first_halves(tuple(pairs)).search(text):
        return tuple(words)
    return tuple(unit[-1][0] for unit in joined(words, pairs))


def comparing(words, pairs=()):
    """Return a function of a stored title: (whether it is these words, whether it has them side by side or is part of
    them). `words` are Query.words, without accents.

    A thousand titles are compared for each search: most are told by one look for the words, and not taken apart.
    """
    phrase = r"[\W_]+".join(words)
    side_by_side = re.compile(rf"(?<![^\W_]){phrase}(?![^\W_])").search
    may_be_joined = _first_halves(tuple(pairs)).search if pairs else lambda text: None
    longest = len(" ".join(words)) + MARKS

    def compare(title):
        text = bare(title.lower())
        if len(text) > longest and not may_be_joined(text):
            return False, side_by_side(text) is not None
        title = flat(title, pairs)
        return title == words, _within(words, title) or (len(title) > 1 and _within(title, words))

    return compare


def _within(part, whole):
    """Whether the words of `part` stand in `whole` side by side."""
    if len(part) == 1:
        return part[0] in whole
    return bool(part) and any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))


@lru_cache(maxsize=4)
def _first_halves(pairs):
    """Return what finds the beginning of a joined word, so that a text without any need not be taken apart."""
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted({re.escape(first) for first, _second in pairs}))})")


def bare(text):
    """Return text without its accents."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _phrase(units):
    spellings = [()]
    for unit in units:
        longer = [before + spelling for before in spellings for spelling in unit]
        spellings = longer if len(longer) <= MOST_SPELLINGS else [before + unit[0] for before in spellings]
    return tuple(spellings)


def _unfinished(spellings):
    """Return the Term of a word that may be only the beginning of one."""
    begun = tuple(
        spelling for spelling in spellings if len(spelling[-1]) >= LETTERS_BEGUN or not spelling[-1].isascii()
    )
    if Term(spellings).is_common:  # "when" is no beginning of "whence": it stays as common as it is
        return Term(spellings, begun)
    finished = [(*spelling[:-1], word) for spelling in begun for word in _finished(spelling[-1])]
    return Term(tuple(dict.fromkeys([*spellings, *finished])), begun)


def _finished(word):
    """Yield what a word becomes whose ending was begun: "evaluation" for "evaluat", "planning" for "plann"."""
    if len(word) > LETTERS_BEGUN and word[-1] == word[-2]:
        yield f"{word}ing"
    for ending in ENDINGS:
        for letters in range(len(ending) - 1, 0, -1):
            if len(word) - letters >= LETTERS_BEGUN and word.endswith(ending[:letters]):
                yield word + ending[letters:]
                break
