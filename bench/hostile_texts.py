"""How long the longest texts take that somebody has made to take long.

    .venv/bin/python -m bench.hostile_texts [--limit 5]

Each text is as long as a body may be. It is made HTML, cut to an excerpt and to plain words, and read for signs of
spam, as saving it does. Prints the slowest and the largest; exit status 1 when one took more than --limit seconds of
the processor.
"""

import argparse
import os
import sys
import time

UNITS = [
    *"*_`[]()<>|#>-+~!&\\1a.: \n\t^",
    "> ", "- ", "1. ", "- > ", "> a\nb\n", "- a\nb\n", "a\n", "a\n-\n", "# a\n", "```\n", "---\n", "  \n", "~~a", "`a",
    "*a ", "a**b", "***a", "*_", "**x*", "_a", "[a](", "![", "[]", "[^", "^[", "^[a]", "[a](<b", '[a](b "c', "*_`[<&!~",
    "<a ", "<!--", "<![CDATA[", "<?", "&amp", "&#x1F600;", "http://a", "<http://", "http://a ", "www.", "a@a", "a.",
    "a-", "1-", "1,", "1 ", "a dot ", "a . ", "a at ", "text me ", "my whatsapp ", "my ", "1 million ", "aa(", "\u0301",
]  # fmt: skip
WHOLE = [
    "[a]: x\n\n" + "[a]" * 16_000,
    '[a]: x "' + "y" * 5_000 + '"\n\n' + "[a] " * 11_000,
    "".join(f"[^{n}]\n" for n in range(2_500)) + "".join(f"\n[^{n}]: x\n" for n in range(2_500)),
    "[^1]: x\n\n" + "[^1] " * 9_800,
    "|a" * 1_000 + "|\n" + "|-" * 1_000 + "|\n" + "x\n" * 22_000,
    "|a" * 200 + "|\n" + "|-" * 200 + "|\n" + ("|" * 200 + "\n") * 240,
    ">" * 20 + "a\n" * 24_000,
    "".join("`" * n + "a" for n in range(1, 310)),
    "aa" + " " * 49_000,
    "aa" + " " * 24_000 + "dot" + " " * 24_000,
    "http://" + "a." * 24_000,
    "a" * 25_000 + "@" + "a." * 12_000,
]


def main():
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--limit", type=float, default=5, help="seconds of the processor")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")
    import django

    django.setup()
    from commons.markup.render import BODY_LENGTH

    texts = [unit * (BODY_LENGTH // len(unit)) for unit in UNITS] + [text[:BODY_LENGTH] for text in WHOLE]
    measured = [(*cost_of(text), text[:30]) for text in texts]
    print(f"{len(texts)} texts of up to {BODY_LENGTH:,} characters, the slowest first")  # noqa: T201
    for seconds, length, beginning in sorted(measured, reverse=True)[:10]:
        print(f"{seconds:6.2f} s  {length:9,} characters of HTML  {beginning!r}")  # noqa: T201
    print(f"the largest: {max(length for _seconds, length, _text in measured):,} characters of HTML")  # noqa: T201
    return int(max(measured)[0] > options.limit)


def cost_of(text):
    """Return (seconds of the processor, characters of HTML) of all that saving `text` does with its words."""
    from commons.markup.render import excerpt, plain, render
    from commons.moderation.signs import ways_off_this_site, wording

    began = time.process_time()
    html = render(text)
    excerpt(html)
    plain(html)
    list(ways_off_this_site(text))
    list(wording(text))
    return time.process_time() - began, len(html)


if __name__ == "__main__":
    sys.exit(main())
