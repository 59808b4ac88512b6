"""Turn what a person wrote in Markdown into HTML that is safe to show.

markdown-it-py writes the HTML, nh3 keeps only what the allow-list names. Headings start at level 2,
because each page has its own h1, and lower in comments; the only pictures are those that belong to the text; a member's
links carry `nofollow ugc noopener`, so that spam earns nothing.
"""

import json
import re
import secrets
from functools import lru_cache
from html import unescape

import nh3
from django.utils.html import conditional_escape, escape
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from . import pictured
from .named import link_names

BODY_LENGTH = 50_000
LOWEST_HEADING = 6
DEEPEST_NESTING = 20  # past it nested quotes and lists are text: they cost time and help nobody
HTML_LENGTH = 500_000  # ten times the longest text: what makes more of itself was made to
LONGEST_ADDRESS = 2_000

TAGS = {
    "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong",
    "del", "a", "img", "picture", "source", "table", "thead", "tbody", "tr", "th", "td", "sup", "section", "div",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "id", "class", "aria-label"},
    "img": {"src", "alt", "title", "width", "height", "loading", "decoding"},
    "source": {"type", "srcset", "sizes"},
    "ol": {"start", "class"},
    "li": {"id", "class"},
    "sup": {"class"},
    "section": {"class"},
    "div": {"class", "tabindex"},
    "th": {"scope"},
}
FOOTNOTE_ID = re.compile(r"fn(ref)?-[a-z0-9-]{1,40}\Z")
OUR_PICTURE = re.compile(r"/(files|static)/[\w./-]+\Z")
CLASSES = {"footnotes", "footnotes-list", "footnote-item", "footnote-ref", "footnote-backref", "table"}
# What neither HTML nor XML, and so no feed, may hold: control characters, lone surrogates, noncharacters.
CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
FOOTNOTE_MARKS = re.compile(r"<sup.*?</sup>|<a [^>]*footnote-backref.*?</a>", re.DOTALL)
TAG = re.compile(r'<[^>"]*(?:"[^"]*"[^>"]*)*>')  # as nh3 writes them: values in double quotes, no < in words
IMAGE = re.compile(r'<img [^>"]*(?:"[^"]*"[^>"]*)*?(?<= )alt="([^"]*)"[^>"]*(?:"[^"]*"[^>"]*)*>')
NOT_IN_EXCERPTS = re.compile(r"<(h[2-6]|table|pre|picture)\b.*?</\1>|<div class=.footnotes.*", re.DOTALL)
BLOCK_ENDS = (
    "</p>",
    "</li>",
    "</h2>",
    "</h3>",
    "</h4>",
    "</h5>",
    "</h6>",
    "</td>",
    "</th>",
    "<br>",
    "</pre>",
)
URL_SCHEMES = {"http", "https", "mailto"}
# The last word before "://", with what parts it from the word before; searched for in SCHEME_END characters.
SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])(https?)$", re.IGNORECASE)
SCHEME_END = 6
NO_TAGS = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}
# Stands in HTML that is kept where something will go that is not: nobody can have written it.
HOLE = secrets.token_hex(16)


def clean_text(text):
    """Return `text` with \\n for every line end, and without control characters, noncharacters and surrogates."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def render(text, *, document="d", trusted=False, first_heading=2, people=None, pictures=None):
    """Return the safe HTML (a SafeString) of Markdown `text`.

    `document` (letters and digits) keeps footnote ids apart where several texts share a page.
    `first_heading` is the level of its highest heading, lower where the text itself stands below one.
    `trusted` is for editors' own pages: their links are followed by search engines.
    `people` makes links of names such as @ann-lee. It is a function that takes {name: whether it stands outside
    quotations too} and returns {name: path} of those there are; it is called once, and only where there are names.
    `pictures` ({name: pictured.Picture}) are those that belong to the text: it places them as `![words](picture:name)`,
    and what it doesn't place stands below it. Of any other picture the words in the brackets are left.
    A text past BODY_LENGTH is not parsed, and one whose HTML would be past HTML_LENGTH is not taken at its word (fifty
    kilobytes can name one long address ten thousand times): it comes back escaped, in one paragraph.
    """
    text = clean_text(text)
    env = {"docId": document, "firstHeading": first_heading, "people": people, "trusted": trusted}
    env |= {"pictures": pictures or {}, "placed": set()}
    html = _parser().render(text, env) + pictured.left_over(env) if len(text) <= BODY_LENGTH else ""
    if len(text) > BODY_LENGTH or len(html) > HTML_LENGTH:
        return mark_safe(f"<p>{escape(text)}</p>")
    return mark_safe(
        nh3.clean(
            html,
            tags=TAGS,
            attributes=ATTRIBUTES,
            attribute_filter=_keep_attribute,
            url_schemes=URL_SCHEMES,
            link_rel=None if trusted else "nofollow ugc noopener",
            strip_comments=True,
        )
    )


@lru_cache(maxsize=256)
def render_standing(text):
    """Return the safe HTML of an editors' text, kept in memory: standing pages change seldom and are read often."""
    return render(text, trusted=True)


def excerpt(html, length=280):
    """Return the first words of stored `html` as plain text of at most `length` characters."""
    text = plain(NOT_IN_EXCERPTS.sub(" ", html))
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


def plain(html):
    """Return stored `html` as plain text, for the search index and for e-mails; of a picture, what describes it."""
    text = IMAGE.sub(lambda found: f" {escape(unescape(found[1]))} ", FOOTNOTE_MARKS.sub("", html))
    for block in BLOCK_ENDS:
        text = text.replace(block, f"{block} ")
    return " ".join(unescape(TAG.sub("", text)).split())


def highlight(text, start, end):
    """Return plain `text` escaped, with the parts between the markers `start` and `end` in <mark>."""
    return mark_safe(escape(text).replace(escape(start), "<mark>").replace(escape(end), "</mark>"))


def stored(html):
    """Mark HTML safe that `render` made earlier and a model kept."""
    return mark_safe(html)


def around(html):
    """Return the two parts of `html`, which a template of ours made, before and after HOLE, each safe.

    Without a HOLE the second part is empty.
    """
    before, _hole, after = html.partition(HOLE)
    return mark_safe(before), mark_safe(after)


def filled(pieces):
    """Return the HTML of (before, value, after) pieces joined: `value` is escaped unless safe, the others are safe."""
    return mark_safe(
        "".join(f"{before}{conditional_escape(value)}{after}" for before, value, after in pieces)
    )


def joined(pieces):
    """Return pieces of HTML as one: what is not safe is escaped."""
    return mark_safe("".join(map(conditional_escape, pieces)))


def json_block(values):
    """Return plain values as a block of JSON-LD, which runs nothing; nothing in it can end it or begin a tag."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(f'<script type="application/ld+json">{text.translate(NO_TAGS)}</script>')


def safe_svg(svg):
    """Mark an SVG safe that a library of ours drew from numbers alone (the authenticator's QR code)."""
    return mark_safe(svg)


@lru_cache(maxsize=1)
def _parser():
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "maxNesting": DEEPEST_NESTING})
    parser.enable(["table", "strikethrough", "linkify"])
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    parser.inline.ruler.at("linkify", _linkify)
    parser.use(footnote_plugin)
    parser.core.ruler.push("headings_from_first", _headings_from_first)
    # Before text_join, which would make one text of @ann and of an @ that is escaped.
    parser.core.ruler.before("text_join", "link_names", link_names)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("footnote_ref", _footnote_ref)
    parser.add_render_rule("footnote_anchor", _footnote_anchor)
    parser.add_render_rule("footnote_open", _footnote_open)
    parser.add_render_rule("footnote_block_open", _footnote_block_open)
    parser.add_render_rule("footnote_block_close", lambda *_: "</ol>\n</div>\n")
    parser.add_render_rule("table_open", lambda *_: '<div class="table" tabindex="0"><table>\n')
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    parser.add_render_rule("th_open", lambda *_: '<th scope="col">')
    parser.add_render_rule("td_open", lambda *_: "<td>")
    return parser


def _linkify(state, silent):
    """Make an address in a text a link, before its stars and underscores are taken for emphasis.

    In place of markdown-it's own rule, which reads all of the text so far at each "://": a text of nothing else takes
    it seconds. This one reads a few letters before and LONGEST_ADDRESS behind.
    """
    start = state.pos
    if state.linkLevel > 0 or not state.src.startswith("://", start):
        return False
    scheme = SCHEME.search(state.pending[-SCHEME_END:])
    if scheme is None:
        return False
    begun = len(scheme[1])
    found = state.md.linkify.match_at_start(state.src[start - begun : start + LONGEST_ADDRESS])
    if found is None or len(found.url) >= LONGEST_ADDRESS:
        return False
    words = found.url.rstrip("*")  # a star at its end belongs to an emphasis around it
    address = state.md.normalizeLink(words)
    if not state.md.validateLink(address):
        return False
    if not silent:
        state.pending = state.pending[:-begun]
        state.push("link_open", "a", 1).attrs = {"href": address}
        state.push("text", "", 0).content = state.md.normalizeLinkText(words)
        state.push("link_close", "a", -1)
    state.pos += len(words) - begun
    return True


def _headings_from_first(state):
    """Shift headings so that the first has the level asked for and none skips one: the page's outline stays whole."""
    first = state.env["firstHeading"]
    last, shift = first - 1, None
    opened = []
    for token in state.tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            shift = first - level if shift is None else shift
            last = max(first, min(level + shift, last + 1, LOWEST_HEADING))
            token.tag = f"h{last}"
            opened.append(token.tag)
        elif token.type == "heading_close":
            token.tag = opened.pop()


def _image(self, tokens, index, options, env):
    """Show a picture of the text's own, or in editors' texts one from this site; of any other, only its words."""
    source = tokens[index].attrGet("src") or ""
    placed = pictured.place(source, env)
    if placed is not None:
        return placed
    if not env["trusted"] or not OUR_PICTURE.match(source) or ".." in source:
        return escape(self.renderInlineAsText(tokens[index].children, options, env))
    return self.image(tokens, index, options, env)


def _footnote_names(tokens, index, env):
    number = tokens[index].meta["id"] + 1
    again = tokens[index].meta.get("subId", 0)
    document = env.get("docId", "d")
    return number, f"fn-{document}-{number}", f"fnref-{document}-{number}" + (f"-{again}" if again else "")


def _footnote_ref(_self, tokens, index, _options, env):
    number, note, reference = _footnote_names(tokens, index, env)
    return f'<sup class="footnote-ref"><a href="#{note}" id="{reference}">{number}</a></sup>'


def _footnote_anchor(_self, tokens, index, _options, env):
    number, _note, reference = _footnote_names(tokens, index, env)
    return f' <a href="#{reference}" class="footnote-backref" aria-label="Back to reference {number}">↩</a>'


def _footnote_open(_self, tokens, index, _options, env):
    _number, note, _reference = _footnote_names(tokens, index, env)
    return f'<li id="{note}" class="footnote-item">'


def _footnote_block_open(*_):
    return '<div class="footnotes">\n<ol class="footnotes-list">\n'


def _keep_attribute(tag, name, value):
    """Return the attribute's value, or None to drop it (nh3's filter)."""
    if name == "id":
        return value if FOOTNOTE_ID.match(value) else None
    if name == "class":
        kept = " ".join(word for word in value.split() if word in CLASSES)
        return kept or None
    if tag == "img" and name == "src":
        return value if OUR_PICTURE.match(value) and ".." not in value else None
    if (tag, name) in pictured.VALUES:
        return value if pictured.VALUES[tag, name].match(value) else None
    if name == "start":
        return value if value.isdigit() and len(value) < 10 else None
    return value
