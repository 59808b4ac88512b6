"""Texts for a sample network: they say that they are samples, and their words fall as words do.

Each passage is rendered once and used in many texts, so that making thousands of them costs little.
"""

import re
from dataclasses import dataclass
from itertools import accumulate

from commons.markup.render import render

NOTICE = "This is a sample text, made for trying out the network. Nobody wrote it and nothing in it happened."
COMMON_WORD = "people"  # in nearly every text
RARE_WORD = "lighthouse"  # in the summary of one in RARE_EVERY items, and nowhere else
RARE_EVERY = 200
PASSAGES = 90

# In each list the first words come up most often, as words do in what people write.
WORDS = {
    "who": (
        "people neighbours families carers tenants residents volunteers patients parents nurses students "
        "housing-officers councillors grandparents apprentices veterans newcomers librarians gardeners "
        "pharmacists foster-carers midwives cyclists bakers choirmasters"
    ),
    "service": (
        "housing health school library transport care advice surgery hospital council jobcentre hostel "
        "nursery clinic probation allotment kitchen museum ferry pharmacy swimming-pool crematorium"
    ),
    "thing": (
        "meeting plan service budget leaflet group visit form letter rota survey workshop contract garden "
        "timetable questionnaire festival newsletter waiting-list playground kettle noticeboard minibus "
        "greenhouse marquee tapestry telescope"
    ),
    "quality": (
        "good new local shared handy slow open gentle small equal careful practical early patient awkward "
        "generous stubborn cheerful tentative luminous"
    ),
    "did": (
        "began changed planned made held tried wrote shared opened moved tested closed painted mapped mended "
        "translated rehearsed counted rescued"
    ),
    "when": (
        "week month year morning evening spring summer autumn winter weekend term fortnight decade solstice"
    ),
}
SENTENCES = (
    "Last {when} {who} and {who} {did} the {thing} together.",
    "The {quality} {thing} was what people wanted most.",
    "Nobody had {did} the {service} {thing} before, so we began with a {quality} one.",
    "People told us that the {thing} felt {quality}.",
    "In the {when} the {service} team {did} every {thing} with {who}.",
    "What helped was a {quality} {thing} and time for people to talk.",
    "We {did} it again the next {when}, and more {who} came.",
    "It took a {when} before the {service} {thing} was {quality}.",
    "One of the {who} {did} the {thing} at home and brought it back.",
    "A {thing} alone changes little; {who} who trust each other do.",
    "The {service} budget paid for the {thing}, and {who} gave their time.",
    "Looking back, people would have liked a more {quality} {thing}.",
)
TITLES = (
    "what {who} say about the {thing}",
    "a {quality} {thing} for {service}",
    "how {who} and {who} {did} a {thing}",
    "the {service} {thing}, a {when} on",
    "who {did} the {quality} {thing}",
)
HEADINGS = ("What we did", "What we learnt", "What we would do differently", "Who took part")
KEYWORDS = (
    "listening", "peer support", "budgets", "evaluation", "trust", "young people", "older people", "training",
    "meetings", "rural", "housing first", "time credits", "carers", "language", "transport", "food", "digital",
    "gardens", "storytelling", "prevention", "hospital discharge", "employment", "mapping", "festivals", "pets",
    "oral history", "allotments", "night shift", "sewing", "tidal power",
)  # fmt: skip


def falling(things):
    """Return cumulative weights for `things` by which the first is drawn most often (1, 1/2, 1/3 ...)."""
    return list(accumulate(1 / place for place in range(1, len(things) + 1)))


_WORDS = {name: [word.replace("-", " ") for word in words.split()] for name, words in WORDS.items()}
_WEIGHTS = {name: falling(words) for name, words in _WORDS.items()}
_KEYWORD_WEIGHTS = falling(KEYWORDS)


@dataclass(frozen=True)
class Passage:
    """Some Markdown that stands between empty lines, and its HTML."""

    text: str
    html: str


class SampleTexts:
    """Writes titles, summaries and texts from `random`, a random.Random: the same for the same state of it."""

    def __init__(self, random):
        self.notice = _rendered(f"*{NOTICE}*")
        self.passages = [_rendered(self._passage(random, number)) for number in range(PASSAGES)]
        self.remark = _rendered("*A sample: nobody said this.*")
        self.quotes = [_rendered(_quoted(passage.text)) for passage in self.passages]
        self.headings = [_rendered(f"## {heading}") for heading in HEADINGS]

    def title(self, random):
        """Return a title without its number, such as "a good plan for housing"."""
        return self._fill(random, random.choice(TITLES))

    def summary(self, random, *, rare=False):
        """Return one sentence that says it is a sample; with RARE_WORD in it when `rare`."""
        words = self._sentence(random)
        return f"Sample: {words}" + (f" There was a {RARE_WORD} too." if rare else "")

    def body(self, random):
        """Return (Markdown, HTML) of a text of some paragraphs; the HTML is what rendering the whole would give."""
        passages = [self.notice]
        for heading in random.sample(self.headings, random.choice((0, 1, 2, 2, 3))):
            passages += [heading, *self._some(random, 2)]
        passages += self._some(random, random.randint(1, 3))
        return "\n\n".join(p.text for p in passages), "".join(p.html for p in passages)

    def comment(self, random, *, quoting=False):
        """Return (Markdown, HTML) of what somebody says about an item, or with a quotation before it."""
        passages = [random.choice(self.quotes)] if quoting else []
        passages += [*self._some(random, random.choice((1, 1, 2))), self.remark]
        return "\n\n".join(p.text for p in passages), "".join(p.html for p in passages)

    def about(self, random):
        """Return (Markdown, HTML) of what a member says of themselves."""
        passages = [self.notice, *self._some(random, random.randint(1, 2))]
        return "\n\n".join(p.text for p in passages), "".join(p.html for p in passages)

    def keywords(self, random):
        """Return up to four keywords, some far more often than others."""
        return sorted(set(random.choices(KEYWORDS, cum_weights=_KEYWORD_WEIGHTS, k=random.randint(0, 4))))

    def _some(self, random, count):
        return random.sample(self.passages, count)

    def _passage(self, random, number):
        if number % 9 == 8:
            return "\n".join(f"* {self._sentence(random)}" for _ in range(3)) + "\n\nSo much for the list."
        if number % 9 == 4:
            return f"> {self._sentence(random)} **{self._sentence(random)}**"
        return " ".join(self._sentence(random) for _ in range(random.randint(3, 7)))

    def _sentence(self, random):
        return self._fill(random, random.choice(SENTENCES))

    def _fill(self, random, pattern):
        filled = []
        for part in pattern.replace("}", "{").split("{"):
            known = part in _WORDS
            filled.append(random.choices(_WORDS[part], cum_weights=_WEIGHTS[part])[0] if known else part)
        return re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", "".join(filled))


def _quoted(text):
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _rendered(text):
    return Passage(text, str(render(text)))
