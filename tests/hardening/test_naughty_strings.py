"""About 500 strings that break software, through every kind of field and parameter: never a 5xx, nothing that runs.

What can be stored is stored and read again on every page, feed, e-mail and admin page it comes to.
"""

import contextlib
import itertools
import re
import xml.etree.ElementTree as ElementTree

import pytest
from django.contrib.admin.sites import site as admin_site
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from blog.models import Post
from commons.contributions import conversation
from commons.contributions.models import Comment, Follow
from commons.moderation.models import Case, Status
from commons.notifications.news_mail import write_due
from commons.search.find import Search
from commons.search.models import SearchEntry
from commons.tagging.models import Principle, ServiceSector
from forum.models import Thread
from profiles.forms import LinksField
from profiles.models import Member
from tests.addresses import HTML, ROWS
from tests.factories import PASSWORD, consume, make_administrator, make_member
from tests.hardening.hostile import NAUGHTY, dealt, executable_in, joined, query
from tests.world import build_world

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
addresses = (f"198.51.{high}.{low}" for high in range(256) for low in range(1, 255))  # each its own limits


@pytest.fixture(autouse=True)
def _without_limits(settings):
    settings.NETWORK_POST_RATE = "0"


@pytest.fixture
def administrator():
    return make_administrator()


def ask(client, path, pairs=()):
    """GET a path; fail on a 5xx or anything that could run; return the response."""
    asked = f"{path}?{query(pairs)}"[:3900]
    return judge(client.get(asked, REMOTE_ADDR=next(addresses)), asked)


def send(client, path, pairs, *, thoroughly=False):
    response = client.generic("POST", path, query(pairs), FORM, REMOTE_ADDR=next(addresses))
    return judge(response, f"POST {path} {pairs}", thoroughly=thoroughly)


def judge(response, where, *, thoroughly=False):
    content = consume(response)
    assert response.status_code < 500, where
    if response.headers.get("Content-Type", "").startswith("text/html"):
        assert executable_in(content.decode(), thoroughly=thoroughly) == [], where
    return response


def read(client, path):
    """Read a page that what was stored comes to, as a browser would."""
    response = judge(client.get(path), path, thoroughly=True)
    assert response.status_code == 200, path
    return response


def read_feed(client, path):
    """Read a feed: well-formed, and nothing in the HTML it carries runs."""
    response = client.get(path)
    assert response.status_code == 200
    for element in ElementTree.fromstring(response.content).iter():  # noqa: S314 -- ours
        if element.get("type") == "html":
            assert executable_in(element.text or "", thoroughly=True) == []
        for name in ("href", "src"):
            assert re.match(r"https?://|/|urn:|$", element.get(name) or ""), element.attrib


# --- asking -----------------------------------------------------------------------------------------
FACETS = (
    "kind",
    "principle",
    "sector",
    "keyword",
    "region",
    "year",
    "sort",
    "version",
    "next",
    "kept",
    "sent",
    "a b",
)
LISTS = ["/", "/blog/", "/browse/", "/members/", "/library/", "/library/reports/", "/blog/archive/", "/blog/feed/",
         "/browse/feed/", "/library/reports/feed/", "/terms/", "/report-an-issue/", "/accounts/login/",
         "/accounts/signup/", "/keywords/suggest/", "/feed/"]  # fmt: skip


def test_every_string_is_searched_for(client):
    entries = SearchEntry.objects.listed_to(AnonymousUser())
    for string in NAUGHTY:
        search = Search(string, entries)
        if search:
            search.snippets(search.ranked())
    for number, text in enumerate(joined(NAUGHTY, 190)):
        others = [
            (name, NAUGHTY[(number + 7 * step) % len(NAUGHTY)][:100]) for step, name in enumerate(FACETS)
        ]
        # Every other time with facets, which find nothing; every other time what was typed alone.
        ask(client, "/search/", [("q", text), *(others if number % 2 else [])])


@pytest.mark.parametrize("reader", ["visitor", "member"])
def test_every_string_is_a_facet_a_page_and_an_address_to_go_on_to(client, member, reader):
    if reader == "member":
        client.force_login(member)
    strings = [string[:250] for string in NAUGHTY[:: 4 if reader == "member" else 1]]
    for hand, path in zip(dealt(strings, ("q", *FACETS)), itertools.cycle(LISTS), strict=False):
        ask(client, path, hand.items())
    for string, path in zip(strings, itertools.cycle(LISTS), strict=False):
        ask(client, path, [("page", string)])


PATHS = ["/{}", "/{}/", "/blog/{}/", "/blog/1-{}/", "/members/{}/", "/members/a/photo/{}", "/keywords/{}/",
         "/library/principles/{}/", "/accounts/confirm-email/{}/", "/accounts/password/reset/key/{}/",
         "/admin/blog/post/{}/change/", "/admin/{}/"]  # fmt: skip


def test_every_string_stands_in_an_address(client, administrator):
    visitor = Client()
    client.force_login(administrator)
    for string, path in zip(NAUGHTY, itertools.cycle(PATHS), strict=False):
        reader = client if path.startswith("/admin/") else visitor
        ask(reader, path.format(query([("", string[:250])])[1:]))


def test_every_string_is_asked_of_the_admin(client, administrator):
    client.force_login(administrator)
    lists = itertools.cycle(
        (reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), admin.list_filter)
        for model, admin in list(admin_site._registry.items())
    )
    for text, (path, _filters) in zip(joined(NAUGHTY, 250), lists, strict=False):
        ask(client, path, [("q", text)])
    suffixes = itertools.cycle(("__exact", "__gte", "__isnull", "", "__in"))
    others = itertools.cycle(("o", "p", "e", "all", "_to_field", "_popup", "standing", "answered", "id__in"))
    for string, (path, filters) in zip(NAUGHTY[::6], lists, strict=False):
        names = [name + next(suffixes) for name in filters if isinstance(name, str)] or [next(others)]
        ask(client, path, [(names[len(string) % len(names)], string[:250])])
        ask(client, path, [(next(others), string[:250])])


# --- sending ----------------------------------------------------------------------------------------
NAME = re.compile(r'<(?:input|textarea|select|button)\b[^>]*?\bname="([^"]+)"')
KEPT_AS_IT_IS = {"csrfmiddlewaretoken", "written_by", "form_key"}
ROUNDS = 3


def test_every_form_there_is_takes_any_string(client):
    """Whatever form a later page brings, its row in tests/addresses.py brings it here."""
    world = build_world()
    strings = itertools.cycle(NAUGHTY)
    tried = 0
    for row in ROWS.values():
        if row.answer != HTML:
            continue
        path = row.paths(world)[0]
        reader = world.client_for(row.reader)
        page = reader.get(path).content.decode()
        form = page[page.find("<main") : page.find("</main")]
        fields = [name for name in dict.fromkeys(NAME.findall(form)) if name not in KEPT_AS_IT_IS]
        if 'method="post"' not in form.lower() or not fields or path.endswith(("logout/", "deactivate/")):
            continue
        tried += 1
        for _round in range(ROUNDS):
            send(reader, path, [(name, next(strings)[:600]) for name in fields])
    assert tried > 10


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/accounts/login/code/"])
def test_every_string_is_an_address_that_nobody_has(path):
    client = Client()
    for string in NAUGHTY[::3]:
        field = "login" if path == "/accounts/login/" else "email"
        send(client, path, [(field, string[:600]), ("password", string[:600])])
    assert mail.outbox == []  # none of them is an address


def test_whoever_joins_under_any_name_is_shown_and_written_to_safely(administrator):
    for number, name in enumerate(itertools.islice(joined(NAUGHTY, 80), 0, None, 3)):
        client = Client()
        given = {"display_name": name, "email": f"n{number}@example.org", "password1": PASSWORD,
                 "old_enough": "on", "terms": "on"}  # fmt: skip
        send(client, "/accounts/signup/", given.items())
    joined_as = Member.objects.filter(email__regex=r"^n\d+@")
    assert joined_as.count() > 20
    assert len(mail.outbox) == joined_as.count()
    check_mails()
    for member in joined_as:
        member.confirm()
    admin = Client()
    admin.force_login(administrator)
    read(Client(), "/members/")
    read(admin, reverse("admin:profiles_member_changelist"))
    for member in joined_as.order_by("pk")[::12]:
        read(Client(), member.get_absolute_url())
        read(admin, reverse("admin:profiles_member_change", args=[member.pk]))


def test_every_string_in_a_profile(client, administrator, member):
    client.force_login(member)
    admin = Client()
    admin.force_login(administrator)
    fields = (
        "display_name",
        "about",
        "organisation",
        "place",
        "username",
        "links",
        "roles",
        "region",
        "show_links",
    )
    texts = [text[:110] for text in joined(NAUGHTY, 110)]
    saved = 0
    for hand in dealt(texts, ("about", "organisation", "place", "display_name")):
        kept = {"display_name": "Ann", **hand}
        kept["display_name"] = re.sub("@", "", kept["display_name"])[:80]
        if send(client, "/members/me/edit/", kept.items()).status_code == 302:
            judge(client.get(member.get_absolute_url()), hand, thoroughly=saved % 6 == 0)
            saved += 1
    assert saved > 20
    read(admin, reverse("admin:profiles_member_change", args=[member.pk]))
    for hand in dealt([s[:300] for s in NAUGHTY], fields):
        send(client, "/members/me/edit/", hand.items())
    about = "\n\n".join(s for s in NAUGHTY if len(s) < 300)[:5000]
    assert send(client, "/members/me/edit/", [("display_name", "Ann"), ("about", about)]).status_code == 302
    for reader in (Client(), client):
        read(
            reader,
            "/members/ann/" if Member.objects.filter(username="ann").exists() else member.get_absolute_url(),
        )


def test_links_of_a_profile_lead_to_web_pages_only(client, member):
    client.force_login(member)
    field, accepted = LinksField(), []
    for string in NAUGHTY:
        with contextlib.suppress(ValidationError):
            accepted += field.clean(string[:180])
    assert accepted
    assert [link for link in accepted if not re.match(r"https?://", link)] == []
    for link in accepted[:8]:
        send(client, "/members/me/edit/", [("display_name", "Ann"), ("links", link)])
        read(client, "/members/me/edit/")


MARKDOWN = [
    "{}",
    "# {}",
    "[{}]({})",
    "<a href='{}'>{}</a>",
    "![{}]({})",
    "> {}\n\n- {}",
    "`{}`\n\n```{}\n{}\n```",
    "|{}|\n|-|\n|{}|",
    "Word[^{}].\n\n[^{}]: {}",
]


def publish_all(client, administrator):
    """Publish a post for every title that the strings make, with the same in all its fields; return the posts."""
    terms = [
        ("principles", str(Principle.objects.first().pk)),
        ("sectors", str(ServiceSector.objects.first().pk)),
    ]
    bodies = itertools.cycle(joined([s for s in NAUGHTY if len(s) < 400], 3000, "\n\n"))
    summaries = itertools.cycle(joined(NAUGHTY[1::3], 390))
    keywords = itertools.cycle([s[:50] for s in NAUGHTY])
    for number, title in enumerate(joined(NAUGHTY[::3], 190)):
        pattern = MARKDOWN[number % len(MARKDOWN)]
        body = next(bodies)
        body += "\n\n" + "\n\n".join(
            pattern.replace("{}", string[:100]) for string in NAUGHTY[number::35] if "\n" not in string
        )
        words = ", ".join(next(keywords) for _word in range(5))
        typed = [
            ("title", f"t {title}"),
            ("summary", next(summaries)),
            ("body", body),
            ("audience", "everyone"),
        ]
        answer = send(client, "/blog/new/", [*typed, ("keywords", words), ("do", "publish"), *terms])
        if answer.status_code == 200:  # a keyword may be refused: without them, then
            send(client, "/blog/new/", [*typed, ("do", "publish"), *terms])
    for post in Post.objects.filter(status=Status.AWAITING):
        post.approve(administrator)
    return list(Post.objects.filter(status=Status.PUBLISHED).order_by("pk"))


def test_every_string_in_a_post_and_wherever_that_comes_to(client, administrator):
    author = make_member("Ann <b>Lee</b>")
    client.force_login(author)
    posts = publish_all(client, administrator)
    assert len(posts) > 20
    admin, visitor = Client(), Client()
    admin.force_login(administrator)
    for path in ("/", "/blog/", "/blog/?page=2", "/search/?q=script"):
        read(visitor, path)
    for number, post in enumerate(posts[::4]):
        judge(visitor.get(post.get_absolute_url()), post.title, thoroughly=number % 3 == 0)
        send(client, post.url_below("edit/"), [("title", "a"), ("body", post.body), ("do", "preview")])
    read(client, posts[0].url_below("edit/"))
    read(client, posts[1].url_below("withdraw/"))
    for path in ("/blog/feed/", "/feed/", "/browse/feed/"):
        read_feed(visitor, path)
    slugs = [keyword.slug for post in posts[::6] for keyword in post.keywords.all()[:2]]
    for slug in slugs[:3]:
        read(visitor, reverse("discovery:keyword", args=[slug]))
        read_feed(visitor, reverse("discovery:keyword_feed", args=[slug]))
    ask(visitor, "/keywords/suggest/", [("q", "s")])
    read(admin, reverse("admin:contributions_contribution_changelist"))
    read(admin, reverse("admin:contributions_contribution_changelist") + "?q=script")
    for post in posts[::12]:
        judge(
            admin.get(reverse("admin:blog_post_change", args=[post.pk]), follow=True),
            post.title,
            thoroughly=True,
        )
    posts[2].remove(administrator, " ".join(NAUGHTY)[:1500])
    read(client, "/inbox/")
    read(client, "/members/me/")
    check_mails()


def ask_each(client, thread, comment):
    """Ask every page of a conversation with every string in turn as each of its parameters."""
    paths = itertools.cycle(
        (thread.get_absolute_url(), f"/contributions/{thread.pk}/comments/", f"/comments/{comment.pk}/history/",
         f"/contributions/{thread.pk}/history/", f"/comments/{comment.pk}/edit/", f"/comments/{comment.pk}/report/",
         thread.url_below("move/"), "/forum/", "/forum/feed/", f"/comments/{comment.pk}/helpful/")
    )  # fmt: skip
    names = ("page", "answers", "quote", "passage", "version", "comment", "want", "sort", "show", "sent")
    for hand, path in zip(dealt([s[:250] for s in NAUGHTY], names), paths, strict=False):
        ask(client, path, hand.items())
        passage = [("answers", str(comment.pk)), ("quote", "1"), ("passage", next(iter(hand.values())))]
        ask(client, f"/contributions/{thread.pk}/comments/", passage)


def answer_all(client, path, other):
    """Answer with all strings, plainly and as Markdown, and answer those again; every third is edited."""
    short = [s for s in NAUGHTY if len(s) < 400]
    sent = 0
    for number, body in enumerate(joined(short, 700, "\n\n")):
        pattern = MARKDOWN[number % len(MARKDOWN)]
        body += "\n\n" + pattern.replace("{}", NAUGHTY[number * 7][:100])
        last = Comment.objects.order_by("pk").last()
        answers = [("answers", str(last.pk))] if last and number % 2 else []
        sent += send(client, path, [("body", body), ("do", "publish"), *answers]).status_code == 302
        made = Comment.objects.order_by("pk").last()
        if made and number % 3 == 0:
            send(
                client,
                f"/comments/{made.pk}/edit/",
                [("body", f"{body} @{other.username}"), ("version", "1")],
            )
            send(client, f"/comments/{made.pk}/edit/", [("body", body), ("do", "preview")])
    return sent


def test_every_string_in_a_conversation_and_wherever_that_comes_to(client, administrator):
    author, other = make_member("Ann <b>Lee</b>"), make_member("Bola <i>Ade</i>")
    terms = [
        ("principles", str(Principle.objects.first().pk)),
        ("sectors", str(ServiceSector.objects.first().pk)),
    ]
    client.force_login(author)
    for title in itertools.islice(joined(NAUGHTY[::3], 190), 0, None, 6):
        typed = [("title", f"t {title}"), ("body", title), ("audience", "everyone"), ("is_question", "on")]
        send(client, "/forum/new/", [*typed, ("do", "publish"), *terms])
    for waiting in Thread.objects.filter(status=Status.AWAITING):
        waiting.approve(administrator)
    thread = Thread.objects.published().first()
    Follow.objects.set(other, thread, True)
    path = f"/contributions/{thread.pk}/comments/"
    assert answer_all(client, path, other) > 15
    for waiting in Comment.objects.filter(status=Status.AWAITING):
        waiting.approve(administrator)
    for hand in dealt(
        [s[:600] for s in NAUGHTY[::3]], ("body", "answers", "seen", "asked", "form_key", "follow", "do")
    ):
        send(client, path, {"body": "a", **hand}.items())
    admin, visitor = Client(), Client()
    admin.force_login(administrator)
    comments = list(Comment.objects.filter(listed=True).order_by("pk"))
    ask_each(admin, thread, comments[0])
    thread = Thread.objects.get(pk=thread.pk)
    for reader in (visitor, client, admin):
        for page in range(1, conversation.page_of(thread.last_position) + 1):
            read(reader, f"{thread.get_absolute_url()}?page={page}")
    for url in ("/forum/", "/search/?q=script", f"/comments/{comments[0].pk}/report/"):
        read(visitor, url)
    read_feed(visitor, "/forum/feed/")
    read_feed(visitor, "/feed/")
    for comment in comments[::9]:
        read(client, f"/comments/{comment.pk}/history/")
        read(client, f"/comments/{comment.pk}/edit/")
        read(admin, reverse("admin:contributions_comment_change", args=[comment.pk]))
    read(admin, reverse("admin:contributions_comment_changelist"))
    comments[0].remove(administrator, " ".join(NAUGHTY)[:1500])
    read(
        admin, reverse("admin:moderation_case_change", args=[Case.objects.about(comments[0]).latest("pk").pk])
    )
    while write_due():
        pass
    for reader in (client, visitor):
        reader.force_login(author if reader is client else other)
        read(reader, "/inbox/")
    for field in ("reason", "title", "into"):
        for text in joined(NAUGHTY[::11], 190):
            for below in ("close/", f"move/?comment={comments[1].pk}", "merge/"):
                send(admin, thread.url_below(below), [(field, text), ("comment", str(comments[1].pk))])
    read(visitor, Thread.objects.get(pk=thread.pk).get_absolute_url())
    check_mails()


def check_mails():
    """No header holds a line break, and nothing in a message's HTML runs."""
    for message in mail.outbox:
        assert "\n" not in message.subject
        assert "\r" not in message.subject
        for html, _kind in message.alternatives:
            # Only e-mails have style attributes: no content policy reaches into a mail program.
            assert [fault for fault in executable_in(html) if " style=" not in fault] == [], message.subject
        message.message().as_bytes()


def test_every_string_in_a_report_about_the_site(administrator):
    visitor, admin = Client(), Client()
    admin.force_login(administrator)
    kinds = itertools.cycle(["not-working", "accessibility", "content", "personal-data", "other"])
    sent = 0
    for hand in dealt(list(joined(NAUGHTY, 290)), ("text", "page")):
        pairs = [("kind", next(kinds)), ("text", "a"), *hand.items()]
        sent += send(visitor, "/report-an-issue/", pairs).status_code == 302
    assert sent > 15
    for hand in dealt(
        [s[:290] for s in NAUGHTY], ("text", "page", "email", "kind", "form_key", "leave_empty")
    ):
        send(visitor, "/report-an-issue/", hand.items())
    read(admin, reverse("admin:network_siteissue_changelist"))
    check_mails()
