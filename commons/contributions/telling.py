"""Who hears of a comment, and in what words: whom it answers or names, and who follows the conversation."""

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commons.markup.render import excerpt
from commons.notifications import sources
from commons.notifications.notify import spread
from commons.notifications.sources import Choice, Source, Told
from commons.notifications.when import When

from .models import Comment, Contribution, Follow

REPLY, MENTION, BEST, NAMED = "comment.reply", "comment.mention", "comment.best", "contribution.mention"
WORDS_IN_NOTICES = 600

REPLIES = Choice(
    "reply",
    gettext_lazy("answers in conversations you follow"),
    gettext_lazy("You get this e-mail because you follow this conversation or somebody answered you."),
    default=When.AT_ONCE,
)
MENTIONS = Choice(
    "mention",
    gettext_lazy("somebody who mentions you"),
    gettext_lazy("You get this e-mail because somebody mentioned you."),
    default=When.AT_ONCE,
)
BEST_ANSWERS = Choice(
    "best",
    gettext_lazy("an answer of yours that was chosen as the best"),
    gettext_lazy("You get this e-mail because something you wrote was chosen as the best answer."),
)


def tell_of(comment):
    """Tell all whom it concerns of a comment that can now be read for the first time; each hears of it once."""
    named = set(comment.mentioned.values_list("pk", flat=True))
    followers = Follow.objects.on(comment.contribution).values_list("member", flat=True)
    hear = {*followers} | ({comment.answers.author_id} if comment.answers_id else set())
    _spread(named, MENTION, comment)
    _spread(hear - named, REPLY, comment)


def tell_named(thing, ids):
    """Tell members that a text names them: `ids` are those it did not name before."""
    _spread(set(ids), MENTION if isinstance(thing, Comment) else NAMED, thing)


def tell_best(comment, by):
    """Tell the author of a comment that it was chosen as the best answer, unless they chose it themselves."""
    _spread({comment.author_id}, BEST, comment, by=by.pk)


def _spread(ids, kind, thing, by=None):
    """Tell those members of `ids` who may act, but for who did it: `by`, or the author. The gate is asked later.

    Who blocked the one who did it, or was blocked by them, is not told.
    """
    actor = by or thing.author_id
    members = get_user_model().objects.filter(pk__in=ids - {actor, None}, is_active=True)
    members = members.on_terms_with(actor) if actor else members
    spread([member for member in members.order_by("pk") if member.may_act], kind, thing.pk)


def conversation_name(contribution_id):
    """Return what notices about one contribution and its comments belong to, as in a Told."""
    return f"conversation:{contribution_id}"


def load_comments(notices, member):
    """Return {notice id: Told} of the comments that the member may read. One query."""
    ids = {notice.target_id for notice in notices}
    listed = Comment.objects.listed_to(member).filter(pk__in=ids).select_related("contribution").in_bulk()
    return {
        notice.pk: _told(notice.kind, listed[notice.target_id])
        for notice in notices
        if notice.target_id in listed
    }


def _told(kind, comment):
    subjects = {
        REPLY: _("%(name)s answered in “%(title)s”"),
        MENTION: _("%(name)s mentioned you in “%(title)s”"),
        BEST: _("Your answer in “%(title)s” was chosen as the best"),
    }
    names = {"name": comment.byline.get("name", ""), "title": comment.contribution.title}
    return Told(
        subjects[kind] % names,
        excerpt(comment.body_html, WORDS_IN_NOTICES),
        comment.get_absolute_url(),
        conversation_name(comment.contribution_id),
        who=names["name"],
        by=comment.author_id,
        about=names["title"],
    )


def _together(told):
    """Return the subject of several answers in one conversation, such as "3 people answered in “…”"."""
    title, people = told[0].about, len({one.by for one in told})
    if people == 1:
        words = ngettext(
            "%(name)s answered %(number)d time in “%(title)s”",
            "%(name)s answered %(number)d times in “%(title)s”",
            len(told),
        )
    else:
        words = ngettext(
            "%(people)d person answered in “%(title)s”", "%(people)d people answered in “%(title)s”", people
        )
    return words % {"name": told[0].who, "number": len(told), "people": people, "title": title}


def load_contributions(notices, member):
    """Return {notice id: Told} of the contributions that the member may read. One query."""
    ids = {notice.target_id for notice in notices}
    listed = Contribution.objects.listed_to(member).filter(pk__in=ids).in_bulk()
    told = {}
    for notice in notices:
        item = listed.get(notice.target_id)
        if item is not None:
            subject = _("%(name)s mentioned you in “%(title)s”")
            names = {"name": item.card.get("byline", {}).get("name", ""), "title": item.title}
            told[notice.pk] = Told(
                subject % names,
                item.lead() or excerpt(item.body_html, WORDS_IN_NOTICES),
                item.get_absolute_url(),
                conversation_name(item.pk),
            )
    return told


def stop(member, conversation):
    """Let a member follow a conversation, named as in a Told, no more."""
    _name, _colon, number = conversation.partition(":")
    Follow.objects.filter(member=member, contribution_id=int(number)).delete()


def register():
    """Make the news of conversations known to the inbox and the mails."""
    label = gettext_lazy("Stop e-mails about this conversation")
    of_comments = {REPLY: REPLIES, MENTION: MENTIONS, BEST: BEST_ANSWERS}
    sources.register(Source(of_comments, load_comments, stop, label, {REPLY: _together}))
    sources.register(Source({NAMED: MENTIONS}, load_contributions, stop, label))
