"""How this package says no."""


class Refused(Exception):
    """A file is not taken. `code` is one of refusals.MESSAGES, `params` are numbers or codes for its words."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code, self.params = code, params
