"""A comment's words as a quotation in Markdown, to begin an answer with."""

import re

from django.utils.translation import gettext as _

from commons.markup.render import clean_text, plain

MOST_OF_PASSAGE = 1_000
SIGNS = re.compile(r"([\\`*_\[\]<>&~|!])")
# At the start of a line these would begin a heading, a list or a rule.
AT_START = re.compile(r"(#|[-+=]|\d+(?=[.)]))")


def quotation(comment, passage=""):
    """Return `comment` quoted, with a line that says whose words they are and leads to them, and room to answer.

    Only `passage` of it when that stands in what readers see of it, however it is spaced; else the whole.
    """
    passage = " ".join(clean_text(passage).split())
    if passage and len(passage) <= MOST_OF_PASSAGE and passage in plain(comment.body_html):
        words = _escaped(passage)
    else:
        words = comment.body.strip("\n")
    said = _("%(name)s wrote") % {"name": comment.byline.get("name") or _("A member")}
    lines = [f"[{SIGNS.sub(_escape, said)}]({comment.get_absolute_url()}):", "", *words.split("\n")]
    return "".join(f"> {line}\n" if line.strip() else ">\n" for line in lines) + "\n"


def _escaped(passage):
    """Return plain words as Markdown that shows them as they are."""
    words = SIGNS.sub(_escape, passage)
    start = AT_START.match(words)
    if start is None:
        return words
    end = start.end()
    return f"{words[:end]}\\{words[end:]}" if start[0].isdecimal() else f"\\{words}"


def _escape(match):
    return f"\\{match[0]}"
