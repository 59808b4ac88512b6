"""How far a command that takes minutes has come, on standard error."""

BAR = 30
STEPS = 10  # how many lines a bar takes where it can't be drawn over


class Bar:
    """A progress bar: drawn over itself on a terminal, else a line for each tenth of a part."""

    def __init__(self, out):
        self.out = out
        self.drawn_over = out.isatty()
        self.shown = None

    def __call__(self, name, done, of):
        part = done / of if of else 1
        if not self.drawn_over and self.shown == (name, int(part * STEPS)):
            return
        self.shown = name, int(part * STEPS)
        full = int(part * BAR)
        line = f"{name:<14} [{'#' * full}{'-' * (BAR - full)}] {part:4.0%}  {done:,} of {of:,}"
        end = "\n" if not self.drawn_over or done >= of else "\r"
        self.out.write(f"\r{line}" if self.drawn_over else line, ending=end)
        self.out.flush()
