"""Reading what a page tells search engines."""

import json
import re

BLOCK = re.compile(r'<script type="application/ld\+json">([^<>]*)</script>')


def told_in(html, schema_type=None):
    """Return the things of JSON-LD that a page tells, all of them or those of a type."""
    blocks = [json.loads(told) for told in BLOCK.findall(html)]
    assert all(block["@context"] == "https://schema.org" for block in blocks)
    things = [thing for block in blocks for thing in block["@graph"]]
    return [thing for thing in things if schema_type in (None, thing["@type"])]
