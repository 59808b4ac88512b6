"""Where news comes from: each app above declares what its notices are about, and how they read today.

A notice of news keeps no words, only what it is about. Its words are asked for each time it is shown or mailed, for
the member it is for, and so go through the gate: what is taken down is gone from inboxes and e-mails too.
"""

from dataclasses import dataclass, field

from .when import When


@dataclass(frozen=True)
class Choice:
    """A sort of news that a member can have by e-mail or not: `code` is stored, `label` and `why` are for people.

    `offers` are the When there are to choose from, `default` is the one that stands until something is chosen.
    """

    code: str
    label: object
    why: object
    default: When = When.WEEKLY
    offers: tuple = tuple(When)


@dataclass(frozen=True)
class Told:
    """What a notice says to its member now. `conversation` names what it belongs to, for mail programs and `stop`.

    `who` is the name of the one who did it and `by` their number, `about` the title of what it is about. Several of
    one conversation, or of one `group`, may be told together. In a digest a `note` says what sort of thing it is, and
    whose.
    """

    subject: str
    text: str = ""
    url: str = ""
    conversation: str = ""
    who: str = ""
    by: int | None = None
    about: str = ""
    group: str = ""
    note: str = ""


@dataclass(frozen=True)
class Source:
    """Where notices of some kinds come from.

    `kinds` gives the Choice of each kind ("comment.reply"); `load(notices, member)` returns {notice id: Told} for
    those whose subject the member may see, in a fixed number of queries; `stop(member, conversation)` ends what made
    the member hear of one conversation; `conversation_label` says what that is. `together` gives, for the
    kinds of which several in one conversation are told as one, a function of [Told] that returns their subject.
    """

    kinds: dict = field(hash=False)
    load: object
    stop: object
    conversation_label: object
    together: dict = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Worded:
    """Notices that keep their own words, and when their e-mails come: `kinds` gives the Choice of each kind.

    They offer no digest: what was written for the moment may be wrong when a digest comes.
    """

    kinds: dict = field(hash=False)


@dataclass(frozen=True)
class Section:
    """Some of what a digest says, under a heading: `lines` are Told, the newest first; `url` is where all of it is."""

    heading: str
    url: str
    lines: list
    has_more: bool = False


@dataclass(frozen=True)
class Part:
    """What a digest tells beside notices: what is new in what somebody follows, for one.

    `load(member, since, until)` returns Sections of what the member may see and became public after `since`, until
    `until`, in a fixed number of queries; `has(until)` is the condition on members for whom there may be anything.
    """

    choice: Choice
    load: object
    has: object


AT_ONCE_OR_NEVER = (When.AT_ONCE, When.NEVER)
_sources = []
_worded = []
_parts = []


def register(source):
    """Make a Source known, a Worded or a Part. Called from an app's AppConfig.ready()."""
    known = {Source: _sources, Worded: _worded, Part: _parts}[type(source)]
    if source not in known:
        known.append(source)


def of_kind(kind):
    """Return the Source of a kind of notice, or None: then the notice carries its own words."""
    return next((source for source in _sources if kind in source.kinds), None)


def choice_of(kind):
    """Return the Choice of a kind of notice, or None: then its e-mail always comes."""
    return next((known.kinds[kind] for known in (*_sources, *_worded) if kind in known.kinds), None)


def parts():
    """Return what digests tell beside notices."""
    return list(_parts)


def choices():
    """Return every Choice once, in the order in which they were declared; first those of notices."""
    declared = [choice for known in (*_sources, *_worded) for choice in known.kinds.values()]
    return list({choice.code: choice for choice in (*declared, *(part.choice for part in _parts))}.values())


def kinds_of(codes):
    """Return the kinds of notices that belong to the choices with these codes."""
    return [
        kind
        for known in (*_sources, *_worded)
        for kind, choice in known.kinds.items()
        if choice.code in codes
    ]


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
