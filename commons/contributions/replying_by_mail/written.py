"""What a member wrote in an e-mail, without what they quote, the lines that lead to it, and the signature.

How mail programs of many languages begin a quotation and a signature, mail-parser-reply knows. It looks for that with
expressions that can take long, and that would take a sentence for a signature: so it is asked about short lines
alone, and what it finds counts only where more speaks for it. Rather a signature is left than a word lost.
"""

import re
from functools import lru_cache

from mailparser_reply import EmailMessage
from mailparser_reply.constants import MAIL_LANGUAGES

from commons.markup.render import clean_text

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl")
LONGEST_TEXT = 200_000  # with all that it quotes
LONG_LINE = 200  # no line is longer that leads to a quotation or closes a letter
MOST_TRIES = 20
QUOTED, HIDDEN = "\ue001", "\ue000"  # stand for lines; of no meaning in any text, and taken out of what comes
A_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
HEADER_LINE = re.compile(r"[*\s]*[^\W\d][\w .-]{0,20}:[*\s]*\S.*")
DIVIDER = re.compile(r"\s*(?:[-_]{5,}.*|[-_]{2}\s*)")
POSTSCRIPT = re.compile(r"p\.? ?s\b", re.IGNORECASE)
IMAGE = re.compile(r"\[(?:image|cid|inline image)\b[^\]\n]{0,200}\]", re.IGNORECASE)


def what_was_written(text, *, ours=(), names=(), secrets=()):
    """Return (what its writer added in the `text` of a mail, whether it holds pictures that are left out).

    `ours` are words that name this site in what is quoted: its address and its name; `names` are the writer's.
    Lines that hold one of `secrets` are never kept, whatever else of a quotation might be.
    Answers above, below and between what is quoted are kept.
    """
    text = re.sub(f"[{HIDDEN}{QUOTED}\u200b\ufeff]", "", clean_text(text[:LONGEST_TEXT]))
    lines = _without_block(_with_marks([line.rstrip() for line in text.split("\n")], ours), ours)
    kept = _without_signature(_up_to_quotation(lines, ours), names)
    text = "\n".join("" if line == QUOTED else line for line in kept if not _holds_any(line, secrets))
    text, pictures = IMAGE.subn("", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n"), pictures > 0


def _with_marks(lines, ours):
    """Return the lines with one QUOTED for each run of quoted ones, without what leads to it, such as "Ann wrote:"."""
    marked = []
    for line in lines:
        if not line.lstrip().startswith(">"):
            if line or marked[-2:] != ["", ""]:
                marked.append(line)
        elif marked[-1:] != [QUOTED]:
            _take_lead(marked, ours)
            marked.append(QUOTED)
    return marked


def _take_lead(marked, ours):
    """Take from the end of `marked` the one to three lines that say whom and when the lines to come quote."""
    end = len(marked)
    while end and not marked[end - 1]:
        end -= 1
    if not end or not marked[end - 1].endswith(":"):
        return
    for start in range(end - 1, max(-1, end - 4), -1):
        lead = " ".join(marked[start:end])
        if not marked[start] or marked[start] == QUOTED or len(lead) > 2 * LONG_LINE:
            return
        stands_alone = start == 0 or not marked[start - 1]
        if A_YEAR.search(lead) or (stands_alone and ("@" in lead or _holds_any(lead, ours))):
            del marked[start:]
            return


def _without_block(lines, ours):
    """Return the lines up to a block such as "From: Sent: To: Subject:", in any language, that names this site."""
    start = 0
    for number, line in enumerate([*lines, ""]):
        if HEADER_LINE.fullmatch(line):
            continue
        block = lines[start:number]
        if len(block) >= 3 and any(_holds_any(one, ours) for one in block):
            return _without_dividers(lines[:start])
        start = number + 1
    return lines


def _without_dividers(lines):
    end = len(lines)
    while end and (not lines[end - 1] or DIVIDER.fullmatch(lines[end - 1])):
        end -= 1
    return lines[:end]


def _holds_any(text, words):
    return any(word and word.lower() in text.lower() for word in words)


@lru_cache(maxsize=1)
def _library():
    return EmailMessage(text="", languages=list(LANGUAGES), keep_hyphen_lists=True)


def _up_to_quotation(lines, ours):
    """Return the lines up to where a mail is quoted without marks, as told by the line or block that leads to it."""
    text = _as_short_lines(lines)
    for match in _library().HEADER_REGEX.finditer(text):
        lead = match[0].strip()
        if _holds_any(lead, ours) or lead.startswith("-----"):
            return _without_dividers(lines[: text[: text.index(lead, match.start())].count("\n")])
    return lines


def _without_signature(lines, names):
    """Return the lines without the signature: from its first line to what is quoted below it, or to the end."""
    lines, first = list(lines), 0
    for _try in range(MOST_TRIES):
        text = _as_short_lines(lines)
        match = _library().SIGNATURE_REGEX.search(text, _place_of(first, text))
        if match is None:
            break
        first = text[: match.end() - len(match[0].lstrip())].count("\n")
        if _is_signature(lines[first:], names):
            end = next((at for at in range(first, len(lines)) if lines[at] == QUOTED), len(lines))
            del lines[first:end]
        else:
            first += 1
    return lines


def _place_of(number, text):
    """Return where the line of this number begins in `text`."""
    return sum(len(line) + 1 for line in text.split("\n")[:number])


def _is_signature(lines, names):
    """Whether the lines from one on that may begin a signature are one: a mark of it, a phone's own, or a name."""
    first = lines[0].strip()
    if first == "--":
        return True
    if re.match(_of_every_language("sent_from"), first, re.IGNORECASE):
        return len(first) <= 80
    closing = re.fullmatch(rf"(?:{_of_every_language('signatures')})[\s,.!]*", first, re.IGNORECASE)
    after = [line.strip() for line in lines[1:] if line.strip() and line != QUOTED]
    return bool(
        closing
        and after
        and len(after[0]) <= 60
        and set(re.findall(r"\w+", after[0].lower())) & set(names)
        and not any(POSTSCRIPT.match(line) for line in after)
    )


@lru_cache(maxsize=2)
def _of_every_language(name):
    found = [MAIL_LANGUAGES[language].get(name, "") for language in LANGUAGES]
    return "|".join("|".join(one) if isinstance(one, list) else one for one in found if one)


def _as_short_lines(lines):
    """Return the lines as one text in which those that lead nowhere, for they are long or indented, are hidden."""
    return "\n".join(HIDDEN if len(line) > LONG_LINE or line != line.lstrip() else line for line in lines)
