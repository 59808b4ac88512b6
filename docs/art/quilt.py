# ruff: noqa: E501, T201 (paths are long)
"""Draw static/img/quilt.svg, the picture on the home page: people looking out of a patchwork.

    python docs/art/quilt.py > static/img/quilt.svg

The people are nobody in particular. The colours are the light theme's (static/css/tokens.css), fixed, as in a
photograph: an SVG shown as an image can't follow the page's tokens.
"""

CELL = 96
COLUMNS, ROWS = 5, 4
CREAM, GOLD, INK = "#FBF6EE", "#F4B23E", "#2A1F33"
COLOUR = dict(enumerate(["#C1256A", "#6E1E00", "#856717", "#295C39", "#227A7A", "#2E3671", "#76549C"], 1))
STROKE = 'fill="none" stroke="currentColor" stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round"'
FILL = 'fill="currentColor"'
PATTERN = {  # on a grid of 32, as in static/img/patches.svg
    1: f'<path {FILL} d="M8 4a4 4 0 1 0 .01 0zM24 4a4 4 0 1 0 .01 0zM16 12a4 4 0 1 0 .01 0zM8 20a4 4 0 1 0 .01 0zM24 20a4 4 0 1 0 .01 0z"/>',
    2: f'<path {FILL} d="M4 4h8v8H4zM20 4h8v8h-8zM12 12h8v8h-8zM4 20h8v8H4zM20 20h8v8h-8z"/>',
    3: f'<g {STROKE}><circle cx="16" cy="16" r="11"/><circle cx="16" cy="16" r="4.5"/></g>',
    4: f'<path {STROKE} d="M2 11l7-6 7 6 7-6 7 6M2 19l7-6 7 6 7-6 7 6M2 27l7-6 7 6 7-6 7 6"/>',
    5: f'<path {FILL} d="M16 4l9 11H7zM16 17l10 11H6z"/>',
    6: f'<path {STROKE} d="M16 4v24M4 16h24M7.5 7.5l17 17M24.5 7.5l-17 17"/>',
    7: f'<path {FILL} d="M0 0h5L0 5zM16 0h5L0 21v-5zM32 0v5L5 32H0zM32 16v5L21 32h-5z"/>',
}
# column, row: pattern, ground, figure; what is missing is taken by people
PATCHES = {
    (0, 0): (2, COLOUR[2], CREAM),
    (2, 0): (5, COLOUR[5], GOLD),
    (3, 0): (4, COLOUR[4], CREAM),
    (4, 0): (6, COLOUR[6], GOLD),
    (0, 1): (1, COLOUR[1], CREAM),
    (4, 1): (3, CREAM, COLOUR[3]),
    (0, 2): (7, COLOUR[7], CREAM),
    (4, 3): (5, COLOUR[5], CREAM),
    (0, 3): (4, CREAM, COLOUR[4]),
    (2, 3): (6, COLOUR[6], CREAM),
    (3, 3): (1, "#F6E7D2", COLOUR[1]),
}
HAIR = {
    "short": '<path d="M30 45a18 18 0 0 1 36 0v-4c0-13-8-20-18-20s-18 7-18 20z"/>',
    "long": '<path d="M27 64V42a21 21 0 0 1 42 0v22h-7V45q-14 0-22-8-4 6-6 9v18z"/>',
    "scarf": '<path d="M26 70q0-48 22-48t22 48q-6 4-9 4V46q-13-4-26 0v28q-5 0-9-4z"/>',
    "bun": '<circle cx="48" cy="20" r="8"/><path d="M30 45q0-23 18-23t18 23q-9-10-18-10t-18 10z"/>',
    "curls": '<path d="M30 48a8 8 0 0 1-2-14 9 9 0 0 1 10-11 11 11 0 0 1 20 0 9 9 0 0 1 10 11 8 8 0 0 1-2 14q-2-14-18-14T30 48z"/>',
    "bald": '<path d="M30 48q-4-6 0-12 1 6 2 8zM66 48q4-6 0-12-1 6-2 8z"/>',
}
EXTRA = {
    "glasses": f'<g fill="none" stroke="{INK}" stroke-width="2"><circle cx="41" cy="46" r="5.5"/><circle cx="55" cy="46" r="5.5"/><path d="M46.5 46h3"/></g>',
    "aid": f'<path d="M67 45q4 0 4 5t-4 6" fill="none" stroke="{INK}" stroke-width="3" stroke-linecap="round"/>',
    "beard": f'<path d="M33 52q2 14 15 14t15-14q-4 4-8 3-7-3-14 0-4 1-8-3z" fill="{INK}" opacity=".82"/>',
}


def person(skin, hair, hair_colour, top, extra=(), eyes=True):
    """Return one person from the shoulders up, on a grid of 96."""
    parts = [
        f'<path d="M12 96q2-27 36-27t36 27z" fill="{top}"/>',
        f'<path d="M42 58h12v12q-6 6-12 0z" fill="{skin}"/><circle cx="48" cy="46" r="17" fill="{skin}"/>',
        f'<g fill="{hair_colour}">{HAIR[hair]}</g>',
    ]
    if eyes and "glasses" not in extra:
        parts.append(
            f'<path d="M42 46h.01M54 46h.01" stroke="{INK}" stroke-width="4" stroke-linecap="round"/>'
        )
    if "beard" in extra:
        parts.append(EXTRA["beard"])
    mouth = CREAM if "beard" in extra else INK
    parts.append(
        f'<path d="M43 54q5 4 10 0" fill="none" stroke="{mouth}" stroke-width="2" stroke-linecap="round"/>'
    )
    parts += [EXTRA[name] for name in extra if name != "beard"]
    return "".join(parts)


def place(content, column, row, scale=1.0, dx=0.0, dy=0.0):
    x, y = column * CELL + dx, row * CELL + dy
    grow = f" scale({scale:g})" if scale != 1 else ""
    return f'<g transform="translate({x:g} {y:g}){grow}">{content}</g>'


def ground(column, row, colour, span=1):
    return f'<rect x="{column * CELL}" y="{row * CELL}" width="{CELL * span}" height="{CELL * span}" fill="{colour}"/>'


def draw():
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {COLUMNS * CELL} {ROWS * CELL}" '
        f'width="{COLUMNS * CELL}" height="{ROWS * CELL}">'
    ]
    for (column, row), (pattern, behind, before) in PATCHES.items():
        out.append(ground(column, row, behind))
        out.append(f'<g color="{before}">{place(PATTERN[pattern], column, row, CELL / 32)}</g>')
    out += [
        ground(1, 0, GOLD),
        place(person("#8D5A3B", "short", INK, COLOUR[4], ["beard"]), 1, 0),
        ground(4, 2, "#DADDEE"),
        place(person("#B97B52", "bald", "#EFE7DE", COLOUR[3], ["glasses"]), 4, 2),
        ground(1, 3, "#CFE3DC"),
        place(person("#E2B18A", "bun", "#7A4A1E", COLOUR[1]), 1, 3),
        # the large patch in the middle: three people at one piece of work
        ground(1, 1, "#F3D9DF", 2),
        ground(3, 1, "#E9DCC7"),
        ground(3, 2, COLOUR[3]),
        f'<svg x="{CELL}" y="{CELL}" width="{CELL * 2}" height="{CELL * 2}" viewBox="0 0 192 192">',
        place(person("#5C3A28", "curls", "#1D1720", GOLD), 0, 0, 1.15, -16, 22),
        place(person("#F0C7A4", "long", "#9A5B2A", COLOUR[5], ["glasses"]), 0, 0, 1.15, 94, 26),
        place(person("#C98F66", "scarf", COLOUR[6], COLOUR[6], ["aid"]), 0, 0, 1.35, 31, 66),
        "</svg>",
        place(person("#F3D6BC", "short", "#C9C2C9", COLOUR[7]), 3, 1),
        f'<g color="{CREAM}">{place(PATTERN[2], 3, 2, CELL / 32)}</g>',
    ]
    seams = "".join(f"M{x * CELL} 0V{ROWS * CELL}" for x in (1, 3, 4))
    seams += f"M{2 * CELL} 0V{CELL}M{2 * CELL} {3 * CELL}V{4 * CELL}"
    seams += "".join(f"M0 {y * CELL}H{COLUMNS * CELL}" for y in (1, 3))
    seams += f"M0 {2 * CELL}H{CELL}M{3 * CELL} {2 * CELL}H{5 * CELL}"
    out.append(
        f'<path d="{seams}" fill="none" stroke="{CREAM}" stroke-width="2.5" stroke-dasharray="9 7" stroke-linecap="round"/></svg>'
    )
    return "".join(out)


if __name__ == "__main__":
    print(draw())
