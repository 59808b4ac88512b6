"""Where news comes from: each app above declares what its notices are about, and how they read today.

A notice of news keeps no words, only what it is about. Its words are asked for each time it is shown or mailed, for
the member it is for, and so go through the gate: what is taken down is gone from inboxes and e-mails too.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Choice:
    """A sort of news that a member can have by e-mail or not: `code` is stored, `label` and `why` are for people."""

    code: str
    label: object
    why: object


@dataclass(frozen=True)
class Told:
    """What a notice says to its member now. `conversation` names what it belongs to, for mail programs and `stop`."""

    subject: str
    text: str = ""
    url: str = ""
    conversation: str = ""


@dataclass(frozen=True)
class Source:
    """Where notices of some kinds come from.

    `kinds` gives the Choice of each kind ("comment.reply"); `load(notices, member)` returns {notice id: Told} for
    those whose subject the member may see, in a fixed number of queries; `stop(member, conversation)` ends what made
    the member hear of one conversation; `conversation_label` says what that is.
    """

    kinds: dict = field(hash=False)
    load: object
    stop: object
    conversation_label: object


_sources = []


def register(source):
    """Make a Source known. Called from an app's AppConfig.ready()."""
    if source not in _sources:
        _sources.append(source)


def of_kind(kind):
    """Return the Source of a kind of notice, or None: then the notice carries its own words."""
    return next((source for source in _sources if kind in source.kinds), None)


def choices():
    """Return every Choice once, in the order in which they were declared."""
    return list({choice.code: choice for source in _sources for choice in source.kinds.values()}.values())


def tell(notices, member):
    """Give each of the member's notices its `told`: a Told, or None where what it is about can't be seen any more.

    As many queries as there are sources among them, whatever their number.
    """
    by_source = {}
    for notice in notices:
        source = of_kind(notice.kind)
        if source is None:
            notice.told = Told(notice.subject, notice.text, notice.url)
        else:
            by_source.setdefault(_sources.index(source), []).append(notice)
    for index, theirs in by_source.items():
        told = _sources[index].load(theirs, member)
        for notice in theirs:
            notice.told = told.get(notice.pk)
    return notices
