"""What in a text makes one look twice: ways off this site, and the wording of the scams networks like ours suffer.

Pure: text in, signs out. Who is held for which signs is decided in holds.py.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

ENOUGH = 3  # weights that add up to this hold a new member's text


@dataclass(frozen=True)
class Sign:
    """One reason to look twice: `weight` says how much it counts, `found` (plain words) what it was seen in."""

    code: str
    words: object
    weight: int
    found: str = ""


# --- ways off this site ---------------------------------------------------------------------------
LINK = _("It has a link or the address of a page.")
EMAIL = _("It has an e-mail address.")
PHONE = _("It has a telephone number.")
MESSENGER = _("It asks people to write somewhere else.")

_TOP = (
    "com|net|org|info|biz|edu|gov|int|io|co|ai|app|dev|xyz|top|club|online|site|shop|store|live|pro|icu|"
    "vip|win|bid|loan|loans|click|link|tech|space|website|fun|press|host|cash|finance|credit|money|casino|"
    "bet|poker|games|mobi|asia|cc|tv|ws|ly|gd|gg|ee|fm|nu|tk|ml|ga|cf|gq|uk|ie|de|fr|nl|eu|es|pt|pl|ru|su|"
    "ua|kz|cn|jp|kr|hk|tw|sg|ph|vn|th|pk|bd|lk|ng|gh|ke|za|ug|tz|eg|br|mx|ar|cl|pe|au|nz|ca|ch|se|dk|fi|"
    "cz|sk|hu|ro|bg|gr|tr|il|ae|sa|scot|wales|cymru|london"
)
# English words as well: only with a path behind them, or every forgotten space after a full stop would be a link.
_TOP_AND_WORD = "it|in|is|me|so|to|us|do|am|be|no|my|at|as|by|id|la|st|ma|im|ms|work|world|today|news|life"
_brackets = r"\s?[(\[{<]?\s?", r"\s?[)\]}>]?\s?"
_ADDRESS_AS_NAME = re.compile(
    r"://|\bwww\.|\w\.(?:com|net|org|info|biz|xyz|ru|top|shop|online|site|uk)(?:$|[/\s,;)])", re.I
)
_NAMES = {"gov.uk"}  # written as the name of a service, not as an address

_GAP = re.compile(r"\s{2,}")
_SCHEME = re.compile(r"\b(?:h(?:tt|xx)ps?|ftp)\s?:\s?/\s?/\s?\S", re.I)
_WWW = re.compile(r"\bwww\s?[.,]\s?\w", re.I)
_DOMAIN = re.compile(
    rf"(?<![\w.@-])(?:[^\W_][\w-]{{0,62}}\.){{1,8}}"
    rf"(?:(?:{_TOP}|(?i:com|net|org|info|biz|xyz))\b(?![.-]?\w)|(?:{_TOP_AND_WORD})/\w)"
)
_SPELT = re.compile(
    rf"\b[a-z0-9-]{{2,63}}(?:{_brackets[0]}\b(?:dot|d0t)\b{_brackets[1]}|\s?[(\[{{]\s?\.\s?[)\]}}]\s?|\s\.\s?|\.\s|,)"
    r"(?:com|net|org|info|biz|xyz|ru|co\s?(?:\.|dot)\s?uk|io|online|site|shop)\b",
    re.I,
)
_SPELT_OF_OLD = re.compile(r"\b(?:the|a|an|this|that|of|first|early)\sdot\s?-?\s?com\b", re.I)
_EMAIL = re.compile(r"[\w.+-]{1,64}\s?@\s?[\w-]{1,63}(?:\s?\.\s?[\w-]{2,63}){1,4}")
_mailers = (
    "gmail|g mail|googlemail|hotmail|yahoo|ymail|outlook|protonmail|aol|gmx|yandex|icloud|rocketmail|mail"
)
_EMAIL_SPELT = re.compile(
    rf"\b[\w.+-]{{2,64}}\s?(?:[(\[{{<]\s?(?:at|@)\s?[)\]}}>]\s?[\w-]{{2,63}}"
    rf"|\sat\s(?:{_mailers})\s?(?:\.|,|[(\[]?\s?dot\b|com\b)|@\s?(?:{_mailers})\b)",
    re.I,
)
_DIGITS = re.compile(r"(?<![\w.,/])(?:\+|\(\+?)?\d[\d ().\-–]{6,22}\d(?![\w/])")
_messengers = r"whats\s?app|wats\s?app|telegram|wechat|viber|hangouts?|skype|kik|snap\s?chat|signal|imo|zangi"
_MESSENGER = re.compile(
    rf"\b(?:(?:contact|text|message|messages|add|reach|write|chat|talk|call|find|dm|inbox|mail|e-?mail)\W{{1,3}}"
    rf"(?:to\W|with\W)?(?:me|us|him|her|now|dr)\b(?:\W{{1,3}}\w{{1,20}}){{0,5}}?\W{{1,3}}(?:{_messengers})"
    rf"|my\W{{1,3}}(?:{_messengers})|(?:whats\s?app|telegram)\W{{1,3}}(?:me|us|(?:us|me)?\W{{0,3}}(?:on|at|now))\b"
    rf"|(?:whats\s?app|telegram|wechat|skype|kik)\W{{0,3}}(?:number|no|id|handle|user\s?name|line)\b"
    rf"|(?:telegram|wechat|skype|kik)\s?:\s?@?\w|\bt\.me\b|\bwa\.me\b)",
    re.I,
)


def ways_off_this_site(text):
    """Yield the Signs of links, addresses and numbers in a text, also of those spelt to go unnoticed.

    The patterns see one space where there are several, and repeat nothing without end: the time it takes grows with
    the text's length and no faster, whatever is in it.
    """
    text = _GAP.sub(_one_space, _own_addresses().sub(" ", _readable(text)))
    for pattern in (_SCHEME, _WWW, _DOMAIN, _SPELT):
        for match in pattern.finditer(text):
            found = _squeezed(_token_at(text, match.start()) if pattern is _SCHEME else match[0])
            if found in _NAMES or (pattern is _SPELT and _SPELT_OF_OLD.search(match[0])):
                continue
            yield Sign("link", LINK, ENOUGH, found)
    # "GOV.UK" and "EXAMPLE.COM" are written in capitals; a sentence after a forgotten space is not.
    for match in _DOMAIN.finditer(" ".join(w.lower() if w.isupper() else "-" for w in text.split())):
        if match[0] not in _NAMES:
            yield Sign("link", LINK, ENOUGH, match[0])
    for pattern in (_EMAIL, _EMAIL_SPELT):
        for match in pattern.finditer(text):
            yield Sign("email", EMAIL, ENOUGH, _squeezed(match[0]))
    for match in _DIGITS.finditer(text):
        if _is_phone(match[0]):
            yield Sign("phone", PHONE, ENOUGH, re.sub(r"\D", "", match[0]))
    for match in _MESSENGER.finditer(text):
        yield Sign("messenger", MESSENGER, ENOUGH, _squeezed(match[0]))


def is_address(name):
    """Whether what should be a name holds the address of a page."""
    return bool(_ADDRESS_AS_NAME.search(_readable(name)))


def _is_phone(written):
    """Whether digits as written are a telephone number: abroad, British, or in the North American way."""
    digits = re.sub(r"\D", "", written)
    start = written.strip("( ")
    if start.startswith("+"):
        return 9 <= len(digits) <= 16
    if start.startswith("00"):
        return 11 <= len(digits) <= 17
    if re.match(r"\(?0[1-9]\d", start):
        return 10 <= len(digits) <= 11
    return bool(re.fullmatch(r"(?:1[ .-]?)?(?:\(\d{3}\)|\d{3})[ .-]\d{3}[ .-]\d{4}", written.strip()))


def _own_addresses():
    """Addresses of this site itself lead nowhere else."""
    own = re.escape(settings.SITE_URL)
    return re.compile(rf"{own}(?![\w@:%-]|\.\w)[^\s<>()\[\]\"']*", re.I)


def _token_at(text, start):
    return text[start : start + 200].split(maxsplit=1)[0]


def _one_space(gap):
    """Return what stands for several spaces: still the end of a line where it was one, so that numbers don't meet."""
    return "\n" if "\n" in gap[0] else " "


def _squeezed(text):
    return "".join(text.lower().split())[:100]


# --- wording --------------------------------------------------------------------------------------
# What each table of scam_wording.toml reads like, in words for moderators.
READS_LIKE = {
    "advance_fee": _("It reads like an offer of somebody else’s money."),
    "lottery": _("It reads like a made-up prize."),
    "romance": _("It reads like a stranger’s approach to win somebody’s trust."),
    "loan": _("It reads like an offer of a loan."),
    "gambling": _("It reads like an advertisement for gambling."),
    "medicine": _("It reads like an advertisement for medicines."),
    "miracle": _("It reads like an advertisement for miracles."),
    "writing": _("It reads like an advertisement for essays written by others."),
    "marketing": _("It reads like an advertisement for marketing or services."),
    "investment": _("It reads like a promise of quick profit."),
    "support": _("It reads like a false support line."),
    "phishing": _("It reads like an attempt to get passwords or payments."),
    "adult": _("It reads like an advertisement for sex."),
    "forged": _("It reads like an offer of forged papers or goods."),
}
SEVERAL = 4
LONG = 4_000  # characters: long texts have more of everything
_WEIGHTS = {"enough": 3, "strong": 2, "weak": 1}


def _read_wording():
    """Return {code: [(weight, pattern), ...]} as scam_wording.toml has it."""
    tables = tomllib.loads((Path(__file__).parent / "scam_wording.toml").read_text(encoding="utf-8"))
    money = f"(?:{tables.pop('money')})"
    return {
        code: [
            (_WEIGHTS[name], re.compile("|".join(phrases).replace("{money}", money)))
            for name, groups in table.items()
            for phrases in groups
        ]
        for code, table in tables.items()
    }


_WORDING = _read_wording()


def wording(text):
    """Yield a Sign for each kind of scam that a text reads like.

    Its weight is what the phrases found come to. Phrases that honest people use too say nothing by themselves
    until there are several.
    """
    text = _folded(text)
    several = SEVERAL + len(text) // LONG
    for code, phrases in _WORDING.items():
        weights = [weight for weight, pattern in phrases if pattern.search(text)]
        if any(weight >= _WEIGHTS["strong"] for weight in weights) or len(weights) >= several:
            yield Sign(code, READS_LIKE[code], min(sum(weights), ENOUGH), str(sum(weights)))


# --- reading what is written to go unread -----------------------------------------------------------
_LOOKALIKES = str.maketrans("аеорсухіѕјԁһԛԝкмтвнαβορετνικχυ", "aeopcyxisjdhqwkmtbhabopetvikxu")


def _readable(text):
    """Return a text without what can't be seen, and with its full-width and styled letters made plain."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if unicodedata.category(c) != "Cf")


def _folded(text):
    """Return a text as the phrases expect it: small plain letters, single spaces, no accents, no look-alikes."""
    letters = unicodedata.normalize("NFD", _readable(text).casefold().translate(_LOOKALIKES))
    plain = "".join(c for c in letters if not unicodedata.combining(c)).replace("’", "'")
    return " ".join(re.sub(r"[*_~`>#|]+", " ", plain).split())
