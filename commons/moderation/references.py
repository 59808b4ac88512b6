"""References that people read out, type and follow, and that nobody can guess."""

import secrets

# Without O and 0, I and 1: 32 signs, five bits each.
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CAPABILITY_LENGTH = 26  # 130 bits: whoever has it was sent it


def report_reference():
    """Return a reference such as "R-7K3M-Q9XD": short enough for a telephone, 40 bits."""
    return f"R-{_signs(4)}-{_signs(4)}"


def decision_reference():
    """Return a reference that is itself the right to open what it names."""
    return _signs(CAPABILITY_LENGTH)


def _signs(number):
    return "".join(secrets.choice(SIGNS) for _sign in range(number))
