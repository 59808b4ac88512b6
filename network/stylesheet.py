"""Static files: one stylesheet written from the many in static/css, hashed names, compressed beforehand.

A visitor's first page may ask for eight files at most, while we want a stylesheet per component. So the
parts named in static/css/order.txt are joined, without comments, when static files are looked for.
"""

import re
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

JOINED = "css/site.css"


def joined_stylesheet():
    """Return the text of css/site.css: the parts of order.txt, in order, made small."""
    folder = Path(settings.BASE_DIR) / "static" / "css"
    names = [line.strip() for line in (folder / "order.txt").read_text().splitlines() if line.strip()]
    return join([(folder / name).read_text() for name in names])


def join(parts):
    """Return the texts of stylesheets as one, small: neighbours that are one block of the same layer become one."""
    blocks = [_layer_and_rules(_small(part)) for part in parts]
    joined = [
        (layer, "".join(rules for _, rules in same))
        for layer, same in groupby(blocks, lambda block: block[0])
    ]
    return "".join(f"@layer {layer}{{{rules}}}" if layer else rules for layer, rules in joined)


def _small(css):
    """Return a stylesheet without comments and needless spaces."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,>])\s*", r"\1", css)
    # After a property, never inside a selector, where the space before or after a colon means something.
    css = re.sub(r"(?<=[{;(])([\w-]+): ", r"\1:", css)
    return css.replace(";}", "}").strip()


def _layer_and_rules(css):
    """Return (name, what is inside) of a small stylesheet that is one layer's block, else ("", all of it)."""
    opened = re.match(r"@layer ([\w-]+)\{", css)
    if not opened:
        return "", css
    depth = 0
    for brace in re.finditer(r"[{}]", css):
        depth += 1 if brace[0] == "{" else -1
        if not depth:
            break
    return (opened[1], css[opened.end() : -1]) if brace.end() == len(css) else ("", css)


class JoinedStylesheetFinder(BaseFinder):
    """Gives static files the joined stylesheet, written under NETWORK_DATA when its parts have changed."""

    def find(self, path, find_all=False, **_kwargs):
        if path != JOINED:
            return []
        found = str(self._written() / JOINED)
        return [found] if find_all else found

    def list(self, ignore_patterns):
        yield JOINED, FileSystemStorage(location=self._written())

    def _written(self):
        folder = Path(settings.NETWORK_DATA) / "stylesheet"
        target = folder / JOINED
        css = joined_stylesheet()
        if not target.exists() or target.read_text() != css:
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_suffix(".part")
            fresh.write_text(css)
            fresh.replace(target)
        return folder


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed; a file that is missing fails when files are collected, not for a reader."""

    manifest_strict = False

    def hashed_name(self, name, content=None, filename=None):
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            if content is not None:
                raise
            return name  # not collected: a page without its looks is better than none
