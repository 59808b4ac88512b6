"""The words of an HTML e-mail as plain text, with "> " before what is quoted: for mails that come as HTML alone."""

import re
from html.parser import HTMLParser

import nh3

PARAGRAPHS = {"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"}
LINES = {
    "address",
    "article",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "header",
    "hr",
    "li",
    "main",
    "section",
    "tr",
}
UNSEEN = {"script", "style", "template", "title"}
LONGEST = 1_000_000
MOST_TAGS = 20_000  # nested ones take the square of their number
SPACE = re.compile(r"[ \t\n\r\f\xa0]+")


def text_of_html(html):
    """Return the words of `html`, with "[image]" for pictures that came along; very long ones are cut off."""
    reader = _Reader()
    html = "<".join(html[:LONGEST].split("<", MOST_TAGS)[:MOST_TAGS])
    # What is left is well nested, and has no comments, declarations or conditions for one program alone.
    reader.feed(
        nh3.clean(
            html,
            tags=PARAGRAPHS | LINES | {"br", "img"},
            clean_content_tags=UNSEEN,
            attributes={"img": {"src"}},
            url_schemes={"cid"},
        )
    )
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.lines, self.line, self.quotations = [], [], 0

    def handle_starttag(self, tag, attrs):
        if tag == "br":
            self.end_line(even_empty=True)
        elif tag == "img":
            self.line += ["[image]"] if dict(attrs).get("src") else []
        else:
            self.end_line(with_space=tag in PARAGRAPHS)
            self.line += ["- "] if tag == "li" else []
            self.quotations += tag == "blockquote"

    def handle_endtag(self, tag):
        self.end_line(with_space=tag in PARAGRAPHS)
        self.quotations -= tag == "blockquote"

    def handle_data(self, data):
        self.line.append(data)

    def end_line(self, *, even_empty=False, with_space=False):
        typed = "".join(self.line)
        words = SPACE.sub(" ", typed).strip()
        mark = "> " if self.quotations else ""
        self.line = []
        if words or even_empty or "\xa0" in typed:  # so do many programs keep an empty line open
            self.lines.append(f"{mark}{words}")
        if with_space and self.lines and self.lines[-1].strip("> "):
            self.lines.append(mark)

    def text(self):
        self.end_line()
        return "\n".join(self.lines)
