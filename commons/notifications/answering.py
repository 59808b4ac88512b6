"""Where answers to an e-mail about a conversation go: the floor above that keeps conversations says it."""

_answer_to = []


def register(answer_to):
    """Make known who says it: a function of (member, conversation) that returns an address or "".

    `conversation` is named as in a Told. Called from an app's AppConfig.ready().
    """
    _answer_to[:] = [answer_to]


def address_for(member, conversation):
    """Return the address at which a member can answer an e-mail about a conversation, or ""."""
    return _answer_to[0](member, conversation) if conversation and _answer_to else ""
