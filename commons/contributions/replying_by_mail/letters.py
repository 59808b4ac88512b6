"""Reading one message as a mail server hands it over: whoever sent it, however it is made, it is read or refused.

Nothing here trusts a message: its size, its headers, their number and length, its nesting, its character sets.
"""

import codecs
import re
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import EmailPolicy

from .html_letters import text_of_html

MOST_BYTES = 25 * 1024 * 1024
MOST_PARTS = 200
MOST_HEADERS = 200_000  # bytes, of all of them
LONGEST_HEADER = 5_000  # the standard library takes the square of its length to understand one
MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,100}>")
RECIPIENTS = {"to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to"}
# Python would decode them, and take the square of their length, or run what they say.
NO_CHARACTER_SETS = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
SEALS = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}


class Unreadable(Exception):
    """The message can't be understood at all."""


class _ShortHeaders(EmailPolicy):
    """Python's modern policy, which reads of each header no more than LONGEST_HEADER characters."""

    def header_source_parse(self, sourcelines):
        name, value = super().header_source_parse(sourcelines)
        return name[:100], value[:LONGEST_HEADER]


@dataclass(frozen=True)
class Letter:
    """What arrived. `sender` is the one address of From in small letters, or ""; `addressed` all that names recipients.

    `text` is all of its words, with "> " before what is quoted; `attached` says whether files came with it, `too_large`
    that it was so large that nothing but its headers was read.
    """

    message_id: str
    sender: str
    sender_name: str
    addressed: str
    by_machine: bool
    text: str = ""
    attached: bool = False
    too_large: bool = False


def read(content):
    """Return the Letter in the bytes of a message, of which past MOST_BYTES nothing counts. Raises Unreadable."""
    too_large = len(content) > MOST_BYTES
    headers = re.match(rb"(?s:.*?)(?:\n\r?\n|\Z)", content[:MOST_BYTES])[0]
    if len(headers) > MOST_HEADERS:
        raise Unreadable("too many headers")
    if len(re.findall(rb"^content-type:", content, re.IGNORECASE | re.MULTILINE)) > MOST_PARTS:
        raise Unreadable("too many parts")
    try:
        message = BytesParser(policy=_ShortHeaders()).parsebytes(headers if too_large else content)
        return _letter(message, too_large)
    except Exception as error:  # Python's parser raises whatever it stumbles over, RecursionError among it
        raise Unreadable(type(error).__name__) from error


def _letter(message, too_large):
    name, sender = _sender(message)
    text, attached = ("", False) if too_large else _contents(message)
    identified = MESSAGE_ID.fullmatch(str(message.get("Message-ID", "")).strip())
    return Letter(
        message_id=identified[0] if identified else "",
        sender=sender,
        sender_name=name,
        addressed="\n".join(value for name, value in message.raw_items() if name.lower() in RECIPIENTS),
        by_machine=_by_machine(message),
        text=text,
        attached=attached,
        too_large=too_large,
    )


def _sender(message):
    """Return (name, address) of who says to have written it; of two at once, nobody."""
    found = message.get_all("From", ())
    addresses = found[0].addresses if len(found) == 1 else ()
    if len(addresses) != 1:
        return "", ""
    return addresses[0].display_name, addresses[0].addr_spec.lower()


def _by_machine(message):
    """Whether a machine wrote it: an automatic answer, a list, or a mail server about a message it did not deliver."""
    says = {
        header: str(message.get(header, "")).strip().lower() for header in ("Auto-Submitted", "Precedence")
    }
    return (
        says["Auto-Submitted"].partition(";")[0].strip() not in ("", "no")
        or says["Precedence"] in ("bulk", "junk", "list", "auto_reply", "auto-reply")
        or any(
            header.lower().startswith(("list-", "x-auto-response-suppress", "x-autoreply", "x-autorespond"))
            for header in message
        )
        or any(str(path).strip() == "<>" for path in message.get_all("Return-Path", ()))
        or message.get_content_type() in ("multipart/report", "message/delivery-status")
        or _sender(message)[1].partition("@")[0] in ("mailer-daemon", "postmaster")
    )


def _contents(message):
    """Return (all words of a message, whether files came with it)."""
    plain, html, attached = [], [], False
    for part in _leaves(message):
        kind = part.get_content_type()
        is_file = part.get_content_disposition() == "attachment" or bool(part.get_filename())
        if kind == "text/plain" and not is_file:
            plain.append(_plain_text(part))
        elif kind == "text/html" and not is_file:
            html.append(text_of_html(_decoded(part)))
        elif kind not in SEALS and not _belongs_to_the_words(part):
            attached = True
    text = "\n\n".join(plain)
    return (text if text.strip() else "\n\n".join(html)), attached


def _leaves(message):
    """Yield the parts of a message that hold no others, in their order. A message within one is one part."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart":
            waiting += reversed(part.get_payload() if part.is_multipart() else [])
        else:
            yield part


def _belongs_to_the_words(part):
    """Whether a part is a picture that stands within the words, such as the emblem below a signature."""
    shown = part.get_content_maintype() == "image" and part.get_content_disposition() != "attachment"
    return shown and "Content-ID" in part


def _plain_text(part):
    text = _decoded(part)
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    return unflowed(text, str(part.get_param("delsp", "")).lower() == "yes")


def _decoded(part):
    """Return the words of a part as a string with "\\n" for line ends, whatever character set it names."""
    content = part.get_payload(decode=True) or b""
    named = part.get_content_charset("us-ascii")
    try:
        codec = codecs.lookup(named).name
        if codec in NO_CHARACTER_SETS:
            raise LookupError
        if codec == "iso8859-1":  # as many programs call what is windows-1252
            codec = "windows-1252"
        text = content.decode(codec, "strict" if codec == "ascii" else "replace")
    except (LookupError, ValueError):  # unknown, no character set at all, or not what it is
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = content.decode("windows-1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def unflowed(text, without_space=False):
    """Return format=flowed text (RFC 3676) with its paragraphs in one line each; `without_space` is its DelSp."""
    paragraphs, goes_on = [], None
    for line in text.split("\n"):
        words = line.lstrip(">")
        depth = len(line) - len(words)
        words = words.removeprefix(" ")
        if goes_on == depth and words != "-- ":
            paragraphs[-1].append(words)
        else:
            paragraphs.append([f"{'>' * depth} " if depth else "", words])
        goes_on = depth if words.endswith(" ") and words != "-- " else None
        if goes_on is not None and without_space:
            paragraphs[-1][-1] = words[:-1]
    return "\n".join("".join(parts) for parts in paragraphs)
