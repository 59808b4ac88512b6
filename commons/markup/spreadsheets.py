"""Tables as CSV that a spreadsheet opens as it was meant: no cell is taken for a formula, every letter is right."""

import csv

# A cell that begins so is calculated and not shown: OWASP, "CSV Injection". Full-width forms count in some programs.
CALCULATED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # else a well-known spreadsheet reads UTF-8 as something else


class _Echo:
    """Gives back what csv writes, a line at a time."""

    def write(self, line):
        return line


def lines(columns, rows):
    """Yield a table line by line: the names of its columns, then each row (an iterable of cells)."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield BYTE_ORDER_MARK + writer.writerow([str(name) for name in columns])
    for row in rows:
        yield writer.writerow([safe(cell) for cell in row])


def safe(cell):
    """Return a cell's text so that no spreadsheet takes it for a formula: as text, with an apostrophe before it."""
    text = str(cell)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(CALCULATED) else text
