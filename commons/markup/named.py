"""@username in a text: which names it holds, and the links that they become. Who they are is the caller's business."""

import re

from markdown_it.token import Token

MOST_NAMES = 10
# Not within an e-mail address, an address of the web or a name on another network, such as @ann@example.org.
NAME = re.compile(r"(?<![\w@/.+-])@([a-z0-9]+(?:-[a-z0-9]+)*)(?![\w@/]|[.-]\w)", re.IGNORECASE)


def names_in(text):
    """Return the names that stand in plain `text` after an @, in small letters."""
    return {name.lower() for name in NAME.findall(text)} if "@" in text else set()


def link_names(state):
    """Make links of names (a rule of markdown-it). env["people"] is the function that render() describes.

    Code and links are left alone, and an @ with a backslash before it. Of a text's names the first MOST_NAMES count.
    """
    people = state.env.get("people")
    places = list(_places(state.tokens)) if people and "@" in state.src else []
    addressed = {}
    for inline, quoted in places:
        for name in _names(inline):
            if name in addressed or len(addressed) < MOST_NAMES:
                addressed[name] = addressed.get(name, False) or not quoted
    if not addressed:
        return
    paths = people(addressed)
    if paths:
        for inline, _quoted in places:
            inline.children = list(_with_links(inline.children, paths))


def _places(tokens):
    """Yield (inline token, whether it stands in a quotation) for each that holds an @."""
    quotations = 0
    for token in tokens:
        quotations += token.nesting if token.type.startswith("blockquote") else 0
        if token.type == "inline" and "@" in token.content:
            yield token, quotations > 0


def _outside_links(children):
    """Yield (token, whether it is text outside links)."""
    links = 0
    for token in children:
        links += token.nesting if token.type.startswith("link_") else 0
        yield token, token.type == "text" and not links


def _names(inline):
    for token, is_text in _outside_links(inline.children):
        if is_text:
            yield from (match[1].lower() for match in NAME.finditer(token.content))


def _with_links(children, paths):
    for token, is_text in _outside_links(children):
        if is_text and "@" in token.content:
            yield from _split(token, paths)
        else:
            yield token


def _split(token, paths):
    """Yield the tokens that stand for a text: words as they were, and a link for each name that has a path."""
    begin = 0
    for match in NAME.finditer(token.content):
        path = paths.get(match[1].lower())
        if path is not None:
            yield _text(token.content[begin : match.start()])
            yield Token("link_open", "a", 1, attrs={"href": path})
            yield _text(match[0])
            yield Token("link_close", "a", -1)
            begin = match.end()
    yield _text(token.content[begin:])


def _text(words):
    return Token("text", "", 0, content=words)
