"""Every address of the site by URL name: how to reach it, and what it may show.

The leak test, the accessibility test and the HTML test walk the URL resolver with this table; an
address without a row fails them.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.urls import URLPattern, get_resolver, reverse

from casestudies.step_forms import STEPS
from commons.moderation.views import SENT_SALT
from commons.notifications.unsubscribing import SALT as UNSUBSCRIBE_SALT
from profiles.invitations.tokens import stop_token_for, token_for
from tests.world import SHARED_KEYWORD, SHARED_WORD

(
    NOTHING, POSTS, THREADS, REPORTS, EVENTS, COMING_EVENTS, PAST_EVENTS, ITEMS, PEOPLE, OWN, ONE, PERSON, REPORT,
    APPEAL, BELOW_ONE, MARKED, MARKED_PERSON, KEPT,
) = (
    "nothing", "posts", "threads", "reports", "events", "events to come", "past events", "items", "people", "own",
    "one item", "one member", "what is reported", "what was decided", "what belongs to one item", "what is marked",
    "who is followed", "what was kept",
)  # fmt: skip
DOCUMENTS, VIDEOS, LINKS, LIBRARY = "documents", "videos", "links", "the library"
CASE_STUDIES = "case studies"
INVITED = "who invites"
VISITOR, MEMBER, STAFF = "visitor", "stranger", "administrator"
HTML, OTHER = "html", "other"


@dataclass(frozen=True)
class Row:
    """`paths` takes the World and gives paths; `shows` what may stand there; `reader` who it is made for."""

    paths: object
    shows: str = NOTHING
    reader: str = VISITOR
    answer: str = HTML
    form: bool = False  # sent empty by POST, it shows errors
    exact: bool = True  # everything that may be shown is shown
    data: bool = False  # its list is there for machines too, by ?format=

    def all_paths(self, world):
        """Return the paths of the page, and those of its list as JSON and as CSV."""
        pages = self.paths(world)
        formats = ("json", "csv") if self.data else ()
        return [
            *pages,
            *(f"{page}{'&' if '?' in page else '?'}format={name}" for page in pages for name in formats),
        ]


def at(name, *args, query=None, **more):
    """A row for one address made from the URL's name."""
    suffix = f"?{urlencode(query)}" if query else ""
    return Row(paths=lambda world: [reverse(name, args=args) + suffix], **more)


def _items(kind, below=""):
    return lambda world: [i.url_below(below) for i in world.items.values() if i.kind == kind]


def _below_items(name):
    return lambda world: [reverse(name, args=[item.pk]) for item in world.items.values()]


def _principle(name):
    return lambda world: [reverse(name, args=[world.principle.slug])]


def _sector(name):
    return lambda world: [reverse(name, args=[world.sector.slug])]


def _pair(name):
    return lambda world: [reverse(name, args=[world.principle.slug, world.sector.slug])]


def _embedded(world):
    items = [f"{settings.SITE_URL}{item.get_absolute_url()}" for item in world.items.values()]
    return [f"{reverse('discovery:oembed')}?{urlencode({'url': address})}" for address in items]


def _month(name):
    def paths(world):
        now = world.items["zqpublic"].published_at
        return [reverse(name, args=[now.year, now.month])]

    return paths


def _year(name):
    return lambda world: [reverse(name, args=[world.items["zqpublic"].published_at.year])]


def _keyword(name):
    from commons.tagging.models import Keyword

    return lambda world: [reverse(name, args=[Keyword.objects.get(name=SHARED_KEYWORD).slug])]


def _report_pages(world):
    """The form for what everyone sees, and the thanks that a visitor reads after it."""
    path = reverse("contribution_report", args=[world.items["zqpublic"].pk])
    thanks = signing.dumps([path, None, world.flag.reference, True, False], salt=SENT_SALT)
    return [path, f"{path}?sent={thanks}", reverse("contribution_report", args=[world.items["zqmembers"].pk])]


def _of_public(name):
    return lambda world: [
        reverse(name, args=[world.items[marker].pk]) for marker in ("zqpublic", "zqmembers")
    ]


def _of_comment(name):
    return lambda world: [reverse(name, args=[world.comment.pk])]


def _answering(world):
    path = reverse("contribution_comments", args=[world.items["zqpublic"].pk])
    return [*_of_public("contribution_comments")(world), f"{path}?answers={world.comment.pk}&quote=1"]


def _versions(name):
    return lambda world: [path + more for path in _of_comment(name)(world) for more in ("", "?version=1")]


def _appeals(world):
    answered, unanswered = world.appeal.decision, world.unanswered
    return [reverse("appeal", args=[decision.reference]) for decision in (unanswered, answered)]


def _starts_on(name, marker, *parts):
    """The page of the year or month in which an event begins."""
    return lambda world: [
        reverse(name, args=[getattr(world.items[marker].starts_on, part) for part in parts])
    ]


def _below_dates(first, last=""):
    """What lies below each date of each event, such as people/3/table.csv."""

    def paths(world):
        events = [item for item in world.items.values() if item.kind == "event"]
        return [
            item.url_below(f"{first}/{date.pk}/{last}") for item in events for date in item.occurrences.all()
        ]

    return paths


def _steps(world):
    return [world.items["zqcase"].url_below(f"edit/{step.slug}/") for step in STEPS if step.slug != "sharing"]


def _compared(world):
    """All of them, three at a time: those that a reader may see stand beside each other."""
    numbers = [item.pk for item in world.items.values() if item.kind == "case-study"]
    groups = [numbers[:3], numbers[3:]]
    return [
        "?".join((reverse("casestudies:compare"), urlencode({"id": each}, doseq=True))) for each in groups
    ]


def _unsubscribing(world):
    """The link in an e-mail about a conversation, and one that was not copied whole."""
    token = signing.dumps([world.stranger.pk, "comment.reply", "conversation:1"], salt=UNSUBSCRIBE_SALT)
    return [reverse("unsubscribe", args=[token]), reverse("unsubscribe", args=[token[:-1]])]


def _invited(world):
    """An invitation that is open, and one that was taken back."""
    return [world.invitation.get_absolute_url(), world.taken_back.get_absolute_url()]


def _joining(world):
    """Joining by oneself, by an invitation that is open, and by one that was taken back."""
    path = reverse("account_signup")
    tokens = [token_for(invitation.pk) for invitation in (world.invitation, world.taken_back)]
    return [path, *(f"{path}?invitation={token}" for token in tokens)]


def _stopping(world):
    """The link in an invitation by which its reader wants no more, and one that was not copied whole."""
    token = stop_token_for("0" * 64)
    return [reverse("invitations:stop", args=[token]), reverse("invitations:stop", args=[token[:-1]])]


SEARCH = {"q": SHARED_WORD}

ROWS = {
    "healthz": at("healthz", answer=OTHER),
    "readyz": at("readyz", answer=OTHER),
    "robots": at("robots", answer=OTHER),
    "security": at("security", answer=OTHER),
    "home": at("home", shows=ITEMS),
    "about": at("about"),
    "about_co_production": at("about_co_production"),
    "about_network": at("about_network"),
    "terms": at("terms"),
    "privacy": at("privacy"),
    "data_held": at("data_held"),
    "data_complaint": at("data_complaint", form=True),
    "accessibility": at("accessibility"),
    "report_issue": at("report_issue", form=True),
    "style_guide": at("style_guide"),
    # signing in and out
    "account_login": at("account_login", form=True),
    "account_logout": at("account_logout", reader=MEMBER),
    "account_inactive": at("account_inactive"),
    "account_signup": Row(_joining, shows=INVITED, form=True),
    "account_reauthenticate": at("account_reauthenticate", reader=MEMBER, form=True),
    "account_email": at("account_email", reader=MEMBER, form=True),
    "account_email_verification_sent": at("account_email_verification_sent"),
    "account_change_password": at("account_change_password", reader=MEMBER, form=True),
    "account_set_password": at("account_set_password", reader=MEMBER),
    "account_reset_password": at("account_reset_password", form=True),
    "account_confirm_login_code": at("account_confirm_login_code"),
    "account_confirm_email": at("account_confirm_email", "no-such-key"),
    "account_reset_password_from_key_done": at("account_reset_password_from_key_done"),
    "account_reset_password_from_key": at("account_reset_password_from_key", "1", "no-such-key"),
    "account_reset_password_done": at("account_reset_password_done"),
    "account_request_login_code": at("account_request_login_code", form=True),
    "mfa_index": at("mfa_index", reader=MEMBER),
    "mfa_authenticate": at("mfa_authenticate"),
    "mfa_reauthenticate": at("mfa_reauthenticate", reader=MEMBER),
    "mfa_activate_totp": at("mfa_activate_totp", reader=MEMBER, form=True),
    "mfa_deactivate_totp": at("mfa_deactivate_totp", reader=MEMBER),
    "mfa_view_recovery_codes": at("mfa_view_recovery_codes", reader=MEMBER),
    "mfa_generate_recovery_codes": at("mfa_generate_recovery_codes", reader=MEMBER),
    "mfa_download_recovery_codes": at("mfa_download_recovery_codes", reader=MEMBER, answer=OTHER),
    "usersessions_list": at("usersessions_list", reader=MEMBER),
    # one's own
    "notifications:inbox": at("notifications:inbox", shows=OWN, reader=MEMBER),
    "first_steps": at("first_steps", reader=MEMBER, answer=OTHER),
    "notifications:read_all": at("notifications:read_all", reader=MEMBER, answer=OTHER),
    "notifications:read": at("notifications:read", 1, reader=MEMBER, answer=OTHER),
    "email_choices": at("email_choices", reader=MEMBER, form=True),
    "unsubscribe": Row(_unsubscribing),
    "invitations:list": at("invitations:list", shows=INVITED, reader="author"),
    "invitations:revoke": Row(
        lambda w: [reverse("invitations:revoke", args=[w.invitation.pk])], shows=INVITED, reader="author"
    ),
    # For whoever has the link: the one invited, and mail programs.
    "invitations:invitation": Row(_invited, shows=INVITED),
    "invitations:stop": Row(_stopping),
    "profiles:following": at("profiles:following", shows=OWN, reader=MEMBER),
    "profiles:bookmarks": at("profiles:bookmarks", shows=OWN, reader=MEMBER),
    "profiles:mine": at("profiles:mine", shows=OWN, reader=MEMBER),
    "profiles:edit": at("profiles:edit", shows=OWN, reader=MEMBER, form=True),
    "profiles:privacy": at("profiles:privacy", reader=MEMBER),
    "profiles:data_copy": at("profiles:data_copy", reader=MEMBER),
    # To whom it opens: tests/profiles/test_data_copies.py.
    "profiles:data_copy_file": at("profiles:data_copy_file", "a" * 32, reader=MEMBER, answer=OTHER),
    "profiles:close": at("profiles:close", reader=MEMBER, form=True),
    # To whom it opens: tests/profiles/test_closing.py.
    "profiles:reopen": at("profiles:reopen", answer=OTHER),
    # marks: a page with one button each
    "contribution_helpful": Row(_below_items("contribution_helpful"), shows=MARKED, reader=MEMBER),
    "contribution_bookmark": Row(_below_items("contribution_bookmark"), shows=MARKED, reader=MEMBER),
    "contribution_follow": Row(_below_items("contribution_follow"), shows=MARKED, reader=MEMBER),
    "library:principle_follow": Row(_principle("library:principle_follow"), reader=MEMBER),
    "library:sector_follow": Row(_sector("library:sector_follow"), reader=MEMBER),
    "discovery:keyword_follow": Row(_keyword("discovery:keyword_follow"), reader=MEMBER),
    "profiles:follow": Row(
        lambda w: [f"{member.get_absolute_url()}follow/" for member in w.people.values()],
        shows=MARKED_PERSON,
        reader=MEMBER,
    ),
    # members
    "profiles:directory": at("profiles:directory", shows=PEOPLE),
    "profiles:detail": Row(
        lambda w: [m.get_absolute_url() for m in w.people.values()], shows=PERSON, data=True
    ),
    "profiles:feed": Row(
        lambda w: [f"{m.get_absolute_url()}feed/" for m in w.people.values()], shows=PERSON, answer=OTHER
    ),
    "profiles:followed_by": Row(lambda w: [f"{w.author.get_absolute_url()}following/"], reader="author"),
    "profiles:followers": Row(lambda w: [f"{w.author.get_absolute_url()}followers/"], reader="author"),
    "profiles:contact": Row(
        lambda w: [f"{w.author.get_absolute_url()}contact/"], shows=MARKED_PERSON, reader=MEMBER, form=True
    ),
    "profiles:block": Row(
        lambda w: [f"{member.get_absolute_url()}block/" for member in w.people.values()],
        shows=MARKED_PERSON,
        reader=MEMBER,
    ),
    "profiles:blocked": at("profiles:blocked", reader=MEMBER),
    "profiles:photo": Row(
        lambda w: [reverse("profiles:photo", args=[m.username, "none.webp"]) for m in w.people.values()],
        answer=OTHER,
    ),
    # What each is for, one's own, and the one for a member's own site.
    "badges:list": at("badges:list"),
    "badges:own": at("badges:own", reader=MEMBER),
    "badges:network": Row(
        lambda w: [reverse("badges:network", args=[m.username]) for m in w.people.values()], answer=OTHER
    ),
    # reporting, and answering a decision
    "contribution_report": Row(_report_pages, shows=REPORT, form=True),
    "comment_report": Row(_of_comment("comment_report"), shows=REPORT, form=True),
    "member_report": Row(
        lambda w: [reverse("member_report", args=[w.author.username])], shows=REPORT, form=True
    ),
    "appeal": Row(_appeals, shows=APPEAL, reader="author", form=True),
    # To whom it opens: tests/contributions/test_share_pictures.py. No word in it can be read by a program.
    "contribution_picture": Row(_below_items("contribution_picture"), answer=OTHER),
    # What each file may show, and to whom: tests/house/test_file_leaks.py.
    "file": at("file", "a" * 32, "words.txt", answer=OTHER),
    "comment": at("comment", 1, answer=OTHER),
    # conversations, and how what is written came to be
    "contribution_comments": Row(_answering, shows=BELOW_ONE, reader=MEMBER, form=True),
    "contribution_history": Row(_of_public("contribution_history"), shows=BELOW_ONE, reader=MEMBER),
    "comment_edit": Row(_of_comment("comment_edit"), shows=BELOW_ONE, reader="author", form=True),
    "comment_withdraw": Row(_of_comment("comment_withdraw"), shows=BELOW_ONE, reader="author"),
    "comment_history": Row(_versions("comment_history"), shows=BELOW_ONE, reader=MEMBER),
    # blog
    "blog:list": at("blog:list", shows=POSTS, data=True),
    "blog:new": at("blog:new", reader=MEMBER, form=True),
    "blog:feed": at("blog:feed", shows=POSTS, answer=OTHER),
    "blog:archive": at("blog:archive"),
    "blog:archive_year": Row(_year("blog:archive_year"), shows=POSTS, data=True),
    "blog:archive_month": Row(_month("blog:archive_month"), shows=POSTS, data=True),
    "blog:detail": Row(_items("blog"), shows=ONE),
    "blog:edit": Row(_items("blog", "edit/"), shows=OWN, reader="author", form=True),
    "blog:withdraw": Row(_items("blog", "withdraw/"), shows=OWN, reader="author"),
    # forum
    "forum:list": at("forum:list", shows=THREADS, data=True),
    "forum:new": at("forum:new", reader=MEMBER, form=True),
    "forum:similar": at("forum:similar", query=SEARCH, shows=THREADS, answer=OTHER),
    "forum:feed": at("forum:feed", shows=THREADS, answer=OTHER),
    "forum:archive": at("forum:archive"),
    "forum:archive_year": Row(_year("forum:archive_year"), shows=THREADS, data=True),
    "forum:archive_month": Row(_month("forum:archive_month"), shows=THREADS, data=True),
    "forum:detail": Row(_items("forum"), shows=ONE),
    "forum:thread_feed": Row(lambda w: [w.items["zqthread"].url_below("feed/")], shows=THREADS, answer=OTHER),
    "forum:edit": Row(_items("forum", "edit/"), shows=OWN, reader="author", form=True),
    "forum:withdraw": Row(_items("forum", "withdraw/"), shows=OWN, reader="author"),
    "forum:pin": Row(lambda w: [w.question.url_below("pin/")], reader="moderator"),
    "forum:close": Row(lambda w: [w.question.url_below("close/")], reader="moderator", form=True),
    "forum:merge": Row(lambda w: [w.question.url_below("merge/")], reader="moderator", form=True),
    "forum:move": Row(
        lambda w: [f"{w.question.url_below('move/')}?comment={w.reply.pk}"], reader="moderator"
    ),
    "comment_helpful": Row(lambda w: [reverse("comment_helpful", args=[w.reply.pk])], reader=MEMBER),
    "comment_best": Row(lambda w: [reverse("comment_best", args=[w.reply.pk])], reader="author"),
    # library
    "library:home": at("library:home", shows=LIBRARY, exact=False),
    "library:all": at("library:all", shows=LIBRARY, data=True),
    "library:all_feed": at("library:all_feed", shows=LIBRARY, answer=OTHER),
    "library:principle_list": at("library:principle_list"),
    "library:principle": Row(_principle("library:principle"), shows=ITEMS, exact=False, data=True),
    "library:principle_feed": Row(_principle("library:principle_feed"), shows=ITEMS, answer=OTHER),
    "library:sector_list": at("library:sector_list"),
    "library:sector": Row(_sector("library:sector"), shows=ITEMS, exact=False, data=True),
    "library:sector_feed": Row(_sector("library:sector_feed"), shows=ITEMS, answer=OTHER),
    "library:report_list": at("library:report_list", shows=REPORTS, data=True),
    "library:report_feed": at("library:report_feed", shows=REPORTS, answer=OTHER),
    "library:report_archive": at("library:report_archive"),
    # A report belongs to the month in which it was published, long before it was added here.
    "library:report_archive_year": at("library:report_archive_year", 2010, shows=REPORTS, data=True),
    "library:report_archive_month": at("library:report_archive_month", 2010, 7, shows=REPORTS, data=True),
    "library:report_detail": Row(_items("report"), shows=ONE),
    "library:video_list": at("library:video_list", shows=VIDEOS, data=True),
    "library:video_new": at("library:video_new", reader=MEMBER, form=True),
    "library:video_feed": at("library:video_feed", shows=VIDEOS, answer=OTHER),
    "library:video_archive": at("library:video_archive"),
    "library:video_archive_year": Row(_year("library:video_archive_year"), shows=VIDEOS, data=True),
    "library:video_archive_month": Row(_month("library:video_archive_month"), shows=VIDEOS, data=True),
    "library:video_detail": Row(_items("video"), shows=ONE),
    "library:video_edit": Row(_items("video", "edit/"), shows=OWN, reader="author", form=True),
    "library:video_withdraw": Row(_items("video", "withdraw/"), shows=OWN, reader="author"),
    "library:video_poster": Row(_items("video", "poster.svg"), shows=BELOW_ONE, answer=OTHER),
    "library:document_list": at("library:document_list", shows=DOCUMENTS, data=True),
    "library:document_new": at("library:document_new", reader=MEMBER, form=True),
    "library:document_feed": at("library:document_feed", shows=DOCUMENTS, answer=OTHER),
    "library:document_archive": at("library:document_archive"),
    "library:document_archive_year": Row(_year("library:document_archive_year"), shows=DOCUMENTS, data=True),
    "library:document_archive_month": Row(
        _month("library:document_archive_month"), shows=DOCUMENTS, data=True
    ),
    "library:document_detail": Row(_items("document"), shows=ONE),
    "library:document_edit": Row(_items("document", "edit/"), shows=OWN, reader="author", form=True),
    "library:document_withdraw": Row(_items("document", "withdraw/"), shows=OWN, reader="author"),
    "library:link_list": at("library:link_list", shows=LINKS, data=True),
    "library:link_new": at("library:link_new", reader=MEMBER, form=True),
    "library:link_feed": at("library:link_feed", shows=LINKS, answer=OTHER),
    "library:link_archive": at("library:link_archive"),
    "library:link_archive_year": Row(_year("library:link_archive_year"), shows=LINKS, data=True),
    "library:link_archive_month": Row(_month("library:link_archive_month"), shows=LINKS, data=True),
    "library:link_detail": Row(_items("link"), shows=ONE),
    "library:link_edit": Row(_items("link", "edit/"), shows=OWN, reader="author", form=True),
    "library:link_withdraw": Row(_items("link", "withdraw/"), shows=OWN, reader="author"),
    "events:calendar_file": at("events:calendar_file", shows=EVENTS, answer=OTHER),
    "events:event_file": Row(_items("event", "event.ics"), shows=ONE, answer=OTHER),
    "events:list": at("events:list", shows=COMING_EVENTS, data=True),
    "events:past": at("events:past", shows=PAST_EVENTS, data=True),
    "events:past_year": Row(
        _starts_on("events:past_year", "zqpasteventmembers", "year"), shows=PAST_EVENTS, data=True
    ),
    "events:calendar": at("events:calendar", shows=EVENTS, exact=False),
    "events:calendar_month": Row(
        _starts_on("events:calendar_month", "zqevent", "year", "month"), shows=EVENTS, exact=False
    ),
    "events:new": at("events:new", reader=MEMBER, form=True),
    "events:feed": at("events:feed", shows=EVENTS, answer=OTHER),
    "events:detail": Row(_items("event"), shows=ONE),
    "events:edit": Row(_items("event", "edit/"), shows=OWN, reader="author", form=True),
    "events:withdraw": Row(_items("event", "withdraw/"), shows=OWN, reader="author"),
    "events:rsvp": Row(_below_dates("rsvp"), shows=KEPT, reader="author", form=True),
    "events:people": Row(_below_dates("people"), shows=KEPT, reader="author"),
    "events:people_table": Row(
        _below_dates("people", "table.csv"), shows=KEPT, reader="author", answer=OTHER
    ),
    "events:write_to_people": Row(_below_dates("people", "write/"), shows=KEPT, reader="author", form=True),
    "events:cancel": Row(_items("event", "cancel/"), shows=KEPT, reader="author", form=True),
    "events:date": Row(_below_dates("dates", "edit/"), shows=KEPT, reader="author", form=True),
    "events:afterwards": Row(_items("event", "afterwards/"), shows=KEPT, reader="author", form=True),
    # case studies
    "casestudies:list": at("casestudies:list", shows=CASE_STUDIES, data=True),
    "casestudies:new": at("casestudies:new", reader=MEMBER, form=True),
    # Whoever compares is offered all that they may see; the page names no author.
    "casestudies:compare": Row(_compared, shows=CASE_STUDIES),
    "casestudies:table": at("casestudies:table", shows=CASE_STUDIES, answer=OTHER),
    "casestudies:feed": at("casestudies:feed", shows=CASE_STUDIES, answer=OTHER),
    "casestudies:archive": at("casestudies:archive"),
    "casestudies:archive_year": Row(_year("casestudies:archive_year"), shows=CASE_STUDIES, data=True),
    "casestudies:archive_month": Row(_month("casestudies:archive_month"), shows=CASE_STUDIES, data=True),
    "casestudies:detail": Row(_items("case-study"), shows=ONE),
    "casestudies:edit": Row(_items("case-study", "edit/"), shows=OWN, reader="author", form=True),
    "casestudies:step": Row(_steps, shows=OWN, reader="author"),
    "casestudies:step_with_files": Row(_items("case-study", "edit/sharing/"), shows=OWN, reader="author"),
    "casestudies:invite": Row(_items("case-study", "invite/"), shows=OWN, reader="author", form=True),
    "casestudies:tell": Row(lambda w: [w.items["zqcase"].url_below("tell/")], shows=OWN, reader="stranger"),
    "casestudies:withdraw": Row(_items("case-study", "withdraw/"), shows=OWN, reader="author"),
    # finding
    "discovery:search": at("discovery:search", query=SEARCH, shows="found", data=True),
    "discovery:search_feed": at("discovery:search_feed", query=SEARCH, shows=ITEMS, answer=OTHER),
    "discovery:browse": at("discovery:browse", shows=ITEMS, data=True),
    "discovery:search_suggest": at(
        "discovery:search_suggest", query={"q": SHARED_WORD}, shows="suggested", answer=OTHER, exact=False
    ),
    "discovery:browse_feed": at("discovery:browse_feed", shows=ITEMS, answer=OTHER),
    # Numbers alone: tests/discovery/test_evidence_map.py holds them to what browse lists.
    "discovery:evidence_map": at("discovery:evidence_map"),
    "discovery:evidence_map_csv": at("discovery:evidence_map_csv", answer=OTHER),
    "discovery:evidence_map_picture": at("discovery:evidence_map_picture", answer=OTHER),
    "discovery:evidence_gaps": at("discovery:evidence_gaps", reader=STAFF),
    # Hubs show the first few: tests/discovery/test_hubs.py has all of them asked for.
    "discovery:pair": Row(_pair("discovery:pair"), shows=ITEMS, exact=False, data=True),
    "discovery:pair_feed": Row(_pair("discovery:pair_feed"), shows=ITEMS, answer=OTHER),
    "discovery:pair_follow": Row(_pair("discovery:pair_follow"), reader=MEMBER),
    "discovery:region_list": at("discovery:region_list"),
    "discovery:region": at("discovery:region", "wales", shows=ITEMS, exact=False, data=True),
    "discovery:region_feed": at("discovery:region_feed", "wales", shows=ITEMS, exact=False, answer=OTHER),
    "discovery:region_follow": at("discovery:region_follow", "wales", reader=MEMBER),
    # Numbers and names of feeds alone.
    "discovery:counts": at("discovery:counts"),
    "discovery:counts_csv": at("discovery:counts_csv", answer=OTHER),
    "discovery:opml": at("discovery:opml", answer=OTHER),
    "discovery:oembed": Row(_embedded, shows=ITEMS, answer=OTHER, exact=False),
    "discovery:feed": at("discovery:feed", shows=ITEMS, answer=OTHER),
    "discovery:keyword": Row(_keyword("discovery:keyword"), shows=ITEMS, data=True),
    "discovery:keyword_feed": Row(_keyword("discovery:keyword_feed"), shows=ITEMS, answer=OTHER),
    "discovery:sitemap": at("discovery:sitemap", answer=OTHER),
    "discovery:sitemap_pages": at("discovery:sitemap_pages", answer=OTHER),
    "discovery:sitemap_items": at("discovery:sitemap_items", 1, shows=ITEMS, answer=OTHER),
    "discovery:sitemap_members": at("discovery:sitemap_members", 1, shows=PEOPLE, answer=OTHER, exact=False),
    "discovery:sitemap_keywords": at(
        "discovery:sitemap_keywords", 1, shows="keywords", answer=OTHER, exact=False
    ),
    "discovery:keyword_suggest": at(
        "discovery:keyword_suggest", query={"q": "zq"}, shows="keywords", answer=OTHER, exact=False
    ),
}


def names(resolver=None, prefix=""):
    """Yield every URL name of the site but the admin's, with its namespace."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + (pattern.name or f"without a name: {pattern.pattern}")
        elif getattr(pattern, "namespace", None) != "admin":
            namespace = getattr(pattern, "namespace", None)
            yield from names(pattern, f"{prefix}{namespace}:" if namespace else prefix)
