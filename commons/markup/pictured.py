"""Pictures in a text: `![words](picture:name)`. Which ones a text has, and where they lie, is the caller's business."""

import re
from dataclasses import dataclass

from django.utils.html import format_html

SCHEME = "picture:"
# The column of a text is 38rem wide, and a little less than the window where that is narrower.
COLUMN = "(min-width: 41rem) 38rem, 95vw"
NARROWER_THAN_COLUMN = 608

ADDRESS = r"/files/[\w-]+/[\w.-]+"
# What each attribute of a picture may say: all of it is written here, and nothing else passes.
VALUES = {
    ("source", "type"): re.compile(r"image/webp\Z"),
    ("source", "srcset"): re.compile(rf"{ADDRESS} \d{{1,5}}w(, {ADDRESS} \d{{1,5}}w)*\Z", re.ASCII),
    ("source", "sizes"): re.compile(rf"({re.escape(COLUMN)}|\d{{1,3}}px)\Z"),
    ("img", "width"): re.compile(r"\d{1,5}\Z", re.ASCII),
    ("img", "height"): re.compile(r"\d{1,5}\Z", re.ASCII),
    ("img", "loading"): re.compile(r"lazy\Z"),
    ("img", "decoding"): re.compile(r"async\Z"),
}
# What Markdown would take for something else than itself within the brackets.
SIGNS = re.compile(r"([\\`*_\[\]<|]|~(?=~)|&(?=[#\w])|:(?=//))")


@dataclass(frozen=True)
class Picture:
    """A picture that a text may show. `webps` are (path, pixels wide), the narrowest first; `path` is for browsers
    that know no WebP; `width` and `height` are of the widest."""

    description: str
    path: str
    webps: tuple
    width: int
    height: int

    def html(self):
        sizes = COLUMN if self.width > NARROWER_THAN_COLUMN else f"{self.width}px"
        return format_html(
            '<picture><source type="image/webp" srcset="{}" sizes="{}"><img src="{}" alt="{}" width="{}" height="{}" '
            'loading="lazy" decoding="async"></picture>',
            ", ".join(f"{path} {width}w" for path, width in self.webps),
            sizes,
            self.path,
            self.description,
            self.width,
            self.height,
        )


def line_for(name, description):
    """Return what puts a picture into a text."""
    words = SIGNS.sub(r"\\\1", " ".join(description.split()))
    return f"![{words}]({SCHEME}{name})"


def place(source, env):
    """Return the HTML of the picture that an address in a text names, or None where the text has no such picture."""
    name = source.removeprefix(SCHEME)
    picture = env["pictures"].get(name) if name != source else None
    if picture is None:
        return None
    env["placed"].add(name)
    return picture.html()


def left_over(env):
    """Return the HTML of the pictures that the text did not place, in order."""
    return "".join(
        f"<p>{picture.html()}</p>\n" for name, picture in env["pictures"].items() if name not in env["placed"]
    )
