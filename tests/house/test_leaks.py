"""Nothing leaks: every address, asked as visitor, stranger, author, reporter, moderator and administrator."""

import pytest
from django.contrib import admin
from django.urls import URLPattern, get_resolver, reverse

from casestudies.step_forms import STEPS as CASE_STUDY_STEPS
from commons.moderation.models import Decision, Flag
from commons.moderation.steps import STEPS
from profiles.invitations.tokens import token_for
from tests import addresses
from tests.addresses import (
    APPEAL,
    BELOW_ONE,
    CASE_STUDIES,
    COMING_EVENTS,
    DOCUMENTS,
    EVENTS,
    INVITED,
    ITEMS,
    KEPT,
    LIBRARY,
    LINKS,
    MARKED,
    MARKED_PERSON,
    NOTHING,
    ONE,
    OWN,
    PAST_EVENTS,
    PEOPLE,
    PERSON,
    POSTS,
    REPORT,
    REPORTS,
    ROWS,
    THREADS,
    VIDEOS,
)
from tests.world import READERS, STAFF, build_world

pytestmark = pytest.mark.django_db


def test_every_address_has_a_row():
    assert set(addresses.names()) == set(ROWS)


@pytest.fixture
def world():
    return build_world()


def allowed(world, row, reader, path):
    """Return the markers that a page may show to a reader."""
    # What is made for programs on other machines is the same for all.
    for_all = row.answer == addresses.OTHER and ("feed" in path or "sitemap" in path)
    items = world.listed_to("visitor" if for_all else reader)

    def of(*kinds):
        return {marker for marker in items if world.items[marker].kind in kinds}

    past = {marker for marker in of("event") if "past" in marker}
    own = {marker for marker, item in world.items.items() if item.author_id == world.author.pk}
    byline = world.bylines()
    return {
        NOTHING: set(),
        ITEMS: items | byline,
        POSTS: of("blog") | byline,
        THREADS: of("forum") | byline,
        VIDEOS: of("video") | byline,
        REPORTS: of("report"),
        DOCUMENTS: of("document") | byline,
        LIBRARY: of("report", "document", "link", "video") | byline,
        LINKS: of("link") | byline,
        CASE_STUDIES: of("case-study") | byline,
        # A list of events names no author; the feed and the calendar files have them all.
        EVENTS: of("event") | byline,
        COMING_EVENTS: of("event") - past,
        PAST_EVENTS: past,
        PEOPLE: world.people_listed(),
        "found": items | world.people_listed() | byline,
        "keywords": items,
        "suggested": items | world.people_listed(),
        OWN: {
            # Why something was removed is told to its author alone, and who comes to an event to its organiser.
            "author": own | {"zqauthor", "zqreason", "zqflagger"},
            "reporter": {"zqpublic"},  # what they reported
        }.get(reader, set()),
    }[row.shows]


LISTS = {
    ITEMS, POSTS, THREADS, REPORTS, DOCUMENTS, VIDEOS, LINKS, LIBRARY, EVENTS, COMING_EVENTS, PAST_EVENTS, PEOPLE,
    CASE_STUDIES, "found", "keywords", "suggested",
}  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
def test_pages_show_what_they_may_and_no_more(world, reader):
    """All addresses in one test: making the world costs more than asking for a page."""
    client = world.client_for(reader)
    chrome = world.own_name(reader)
    wrong = []
    for name, row in ROWS.items():
        if row.shows in {ONE, BELOW_ONE, PERSON, REPORT, APPEAL, MARKED, MARKED_PERSON, KEPT, INVITED}:
            continue
        for path in row.all_paths(world):
            response = client.get(path)
            # No worker runs beside the tests, and /readyz says so.
            if response.status_code >= 500 and name != "readyz":
                wrong.append(f"{path}: {response.status_code}")
            found = world.found_in(response) - chrome
            may = allowed(world, row, reader, path)
            if "format=" in path:
                may = (
                    may | world.bylines()
                )  # a list for machines says whose each item is, whatever its page says
            if name == "home" and reader == "author":
                drafts = {marker for marker, item in world.items.items() if item.is_draft}
                may = may | drafts | {"zqawaiting"}  # what one has begun
            if found - may:
                wrong.append(f"{name} {path} shows {found - may}")
            if row.shows in LISTS and row.exact and name != "home" and may - found - chrome - world.bylines():
                wrong.append(f"{name} {path} misses {may - found}")
    assert wrong == []


# What its author withdrew after others could read it.
WITHDRAWN = {
    "zqwithdrawn", "zqthreadwithdrawn", "zqdocumentwithdrawn", "zqvideowithdrawn", "zqeventwithdrawn",
    "zqcasewithdrawn",
}  # fmt: skip


# All readers in one test each: making the world costs more than asking for its pages.


def authors_name(world, marker):
    """Return the marker of the member who wrote an item, as a set; empty where no member did."""
    item = world.items.get(marker)
    return {m for m, member in world.people.items() if item and member.pk == item.author_id}


@pytest.mark.parametrize(
    "kind", ["blog", "forum", "report", "document", "video", "link", "event", "case-study"]
)
def test_an_items_page_opens_only_for_those_who_may_see_it(world, kind):
    for reader in READERS:
        client = world.client_for(reader)
        for marker, item in world.items.items():
            if item.kind != kind:
                continue
            where = f"{marker} as {reader}"
            response = client.get(item.get_absolute_url())
            found = world.found_in(response) - world.own_name(reader)
            if marker in world.visible_to(reader):
                why = {"zqreason"} if "removed" in marker and item.author_id else set()
                assert response.status_code == 200, where
                # Under what is listed stands what is like it, as far as it is listed to the same reader.
                listed = world.listed_to(reader)
                beside = listed | world.bylines() if marker in listed else set()
                assert found <= {marker, *authors_name(world, marker), *why, *beside}, where
            else:
                gone = marker in WITHDRAWN
                assert (response.status_code, found) == (410 if gone else 404, set()), where


def test_every_kind_of_item_page_is_asked_for():
    assert {name for name, row in ROWS.items() if row.shows == ONE} == {
        "blog:detail",
        "forum:detail",
        "casestudies:detail",
        "events:detail",
        "events:event_file",
        "library:report_detail",
        "library:document_detail",
        "library:video_detail",
        "library:link_detail",
    }


def test_the_drawn_poster_of_a_video_opens_only_for_those_who_may_see_it(world):
    for reader in READERS:
        client = world.client_for(reader)
        for marker, item in world.items.items():
            if item.kind != "video":
                continue
            response = client.get(item.url_below("poster.svg"))
            found = world.found_in(response) - world.own_name(reader)
            expected = (200, {marker}) if marker in world.visible_to(reader) else (404, set())
            assert (response.status_code, found) == expected, f"{marker} as {reader}"


@pytest.mark.parametrize("mark", ["helpful", "bookmark", "follow"])
def test_only_what_is_listed_can_be_marked(world, mark):
    for reader in READERS:
        client, marking = world.client_for(reader), world.client_for(reader)
        for marker, item in world.items.items():
            path = reverse(f"contribution_{mark}", args=[item.pk])
            may = reader != "visitor" and marker in world.listed_to(reader)
            answers = [client.get(path), marking.post(path, {"want": "1"})]
            found = world.found_in(answers[0]) - world.own_name(reader)
            own = mark == "helpful" and item.author_id and item.author_id == getattr(world, reader, item).pk
            expected = [200, 403 if own else 302] if may else [302 if reader == "visitor" else 404] * 2
            where = f"{marker} as {reader}"
            assert ([answer.status_code for answer in answers], found) == (
                expected,
                {marker} if may else set(),
            ), where


def test_only_members_whose_page_opens_can_be_followed(world):
    for reader in READERS[1:]:
        client = world.client_for(reader)
        for marker, member in world.people.items():
            path = f"{member.get_absolute_url()}follow/"
            opens = marker in world.people_visible(reader) and member.pk != getattr(world, reader).pk
            assert client.get(path).status_code == (200 if opens else 404), f"{marker} as {reader}"


def test_a_profile_opens_only_for_those_who_may_see_it(world):
    for reader in READERS:
        client = world.client_for(reader)
        listed = world.listed_to(reader)
        for marker, member in world.people.items():
            wrote = {m for m in listed if world.items[m].author_id == member.pk}
            # The feed is for programs on other machines: a visitor's, whoever asks.
            of_feed = {m for m in world.listed_to("visitor") if world.items[m].author_id == member.pk}
            for below, seen, shown in (
                ("", world.people_visible(reader), wrote),
                ("?format=json", world.people_visible(reader), wrote),
                ("?format=csv", world.people_visible(reader), wrote),
                ("feed/", world.people_visible("visitor"), of_feed),
            ):
                where = f"{marker} {below} as {reader}"
                response = client.get(f"{member.get_absolute_url()}{below}")
                found = world.found_in(response) - world.own_name(reader)
                if marker in seen:
                    assert (response.status_code, found - {marker}) == (200, shown), where
                else:
                    assert (response.status_code, found) == (404, set()), where


def test_what_one_sees_one_can_report_and_nothing_else(world):
    pages = {
        **{marker: reverse("contribution_report", args=[item.pk]) for marker, item in world.items.items()},
        **{marker: reverse("member_report", args=[m.username]) for marker, m in world.people.items()},
    }
    for reader in READERS:
        client = world.client_for(reader)
        visible = world.visible_to(reader) | world.people_visible(reader)
        for marker, path in pages.items():
            where = f"{marker} as {reader}"
            response = client.get(path)
            found = world.found_in(response) - world.own_name(reader)
            if marker in visible:
                assert response.status_code == 200, where
                assert found <= {marker, *authors_name(world, marker)}, where
            else:
                sent = client.post(path, {"reason": "spam"})
                assert (response.status_code, found, sent.status_code) == (404, set(), 404), where
    assert Flag.objects.count() == 1


def test_one_answers_what_is_listed_and_reads_the_history_of_what_one_sees(world):
    for reader in READERS:
        client = world.client_for(reader)
        for marker, item in world.items.items():
            for name, seen in (
                ("contribution_comments", world.listed_to(reader)),
                ("contribution_history", world.visible_to(reader)),
            ):
                where = f"{name} of {marker} as {reader}"
                response = client.get(reverse(name, args=[item.pk]))
                found = world.found_in(response) - world.own_name(reader)
                if reader == "visitor":
                    assert (response.status_code, found) == (302, set()), where
                elif marker in seen:
                    assert response.status_code == 200, where
                    assert found <= {marker, *authors_name(world, marker)}, where
                else:
                    gone = marker in WITHDRAWN
                    assert response.status_code == (410 if gone else 404), where
                    assert found <= ({marker} & world.visible_to(reader)), where


def test_nobody_edits_or_withdraws_anothers_comment(world):
    for reader in READERS:
        client = world.client_for(reader)
        for name in ("comment_edit", "comment_withdraw"):
            answer = client.get(reverse(name, args=[world.comment.pk])).status_code
            assert answer == {"visitor": 302, "author": 200}.get(reader, 404), f"{name} as {reader}"


def test_an_answer_opens_only_for_whom_it_concerns(world):
    """Whoever was sent the reference, signed in or not; no other member, and no moderator by this way."""
    answerable = {
        world.appeal.decision: {"zqremoved", "zqreason", "zqappealwords"},
        world.unanswered: {"zqalsoremoved", "zqreason"},
        **{
            Decision.objects.get(action="remove", target_label__contains=marker): {marker, "zqreason"}
            for marker in ("zqthreadremoved", "zqvideoremoved")
        },
        Decision.objects.get(action="remove", target_label__contains="zqdocumentremoved"): {
            "zqdocumentremoved"
        },
        Decision.objects.get(action="remove", target_label__contains="zqlinkremoved"): {
            "zqlinkremoved",
            "zqreason",
        },
        Decision.objects.get(action="remove", target_label__contains="zqeventremoved"): {
            "zqeventremoved",
            "zqreason",
        },
        Decision.objects.get(action="remove", target_label__contains="zqcaseremoved"): {
            "zqcaseremoved",
            "zqreason",
        },
        Decision.objects.get(action="suspend"): set(),
    }
    for reader in READERS:
        client = world.client_for(reader)
        for decision in Decision.objects.all():
            where = f"{decision} as {reader}"
            response = client.get(reverse("appeal", args=[decision.reference]))
            found = world.found_in(response) - world.own_name(reader)
            concerned = reader == "visitor" or (reader == "author" and decision.about_id == world.author.pk)
            if decision in answerable and concerned:
                assert (response.status_code, found) == (200, answerable[decision]), where
            else:
                assert (response.status_code, found) == (404, set()), where


def test_reports_cases_and_decisions_are_for_moderators(world, rf):
    pages = list(moderation_pages(world, rf))
    decided = Decision.objects.count()
    assert len(pages) > 10
    for reader in READERS:
        client = world.client_for(reader)
        shown = set()
        for path in pages:
            response = client.get(path)
            found = world.found_in(response) - world.own_name(reader)
            shown |= found
            expected = 200 if reader in STAFF else 302
            assert response.status_code == expected, f"{path} as {reader}"
        assert shown & {*world.words, "zqflagger"} == (
            {*world.words, "zqflagger"} if reader in STAFF else set()
        ), reader
        if reader not in STAFF:
            for step in STEPS:
                path = reverse("admin:moderation_case_step", args=[world.case.pk, step.code])
                answers = client.get(path).status_code, client.post(path, {"words": "x"}).status_code
                assert answers == (302, 302), f"{path} as {reader}"
    assert Decision.objects.count() == decided


def moderation_pages(world, rf):
    """Every list of the moderators' part of the admin, and every page of what stands there for an administrator."""
    request = rf.get("/admin/")
    request.user = world.administrator
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label == "moderation":
            name = f"admin:moderation_{model._meta.model_name}"
            yield reverse(f"{name}_changelist")
            for pk in model_admin.get_queryset(request).values_list("pk", flat=True):
                yield reverse(f"{name}_change", args=[pk])


def test_nobody_edits_or_withdraws_anothers(world):
    for reader in ("stranger", "reporter", "moderator", "administrator"):
        client = world.client_for(reader)
        for marker, item in world.items.items():
            for below in ("edit/", "withdraw/"):
                for method in (client.get, client.post):
                    assert method(item.url_below(below)).status_code == 404, f"{marker} {below} as {reader}"


def test_only_its_author_and_moderators_keep_the_dates_of_an_event(world):
    for reader in READERS:
        client = world.client_for(reader)
        for marker, item in world.items.items():
            if item.kind != "event":
                continue
            own = reader == "author" and item.author_id == world.author.pk and "removed" not in marker
            moderated = reader in STAFF and marker in world.listed_to(reader)
            over = "past" in marker
            date = item.occurrences.get()
            for below, opens in (("cancel/", True), (f"dates/{date.pk}/edit/", True), ("afterwards/", over)):
                where = f"{marker} {below} as {reader}"
                response = client.get(item.url_below(below))
                found = world.found_in(response) - world.own_name(reader)
                if reader == "visitor":
                    assert (response.status_code, found) == (302, set()), where
                elif (own or moderated) and opens:
                    assert (response.status_code, found) == (200, {marker}), where
                else:
                    assert (response.status_code, found) == (404, set()), where


def test_whoever_sees_an_event_can_answer_and_its_organiser_alone_reads_who_comes(world):
    for reader in READERS:
        client = world.client_for(reader)
        for marker, item in world.items.items():
            if item.kind != "event":
                continue
            date, seen = item.occurrences.get().pk, marker in world.visible_to(reader)
            own = seen and item.author_id == getattr(world, reader, world.stranger).pk
            answered = marker in {"zqevent", "zqeventmembers", "zqeventremoved"}
            who = {"zqflagger", "zqneeds"} if answered else set()
            mine = {"zqneeds"} if reader == "reporter" and answered else set()
            for below, opens, shown in (
                (f"rsvp/{date}/", seen, mine),
                (f"people/{date}/", own, who),
                (f"people/{date}/table.csv", own, who),
                (f"people/{date}/write/", own, set()),
            ):
                where = f"{marker} {below} as {reader}"
                response = client.get(item.url_below(below))
                found = world.found_in(response) - world.own_name(reader) - {marker}
                if reader == "visitor":
                    assert (response.status_code, found) == (302, set()), where
                elif opens:
                    assert (response.status_code, found) == (200, shown), where
                else:
                    assert (response.status_code, found) == (404, set()), where


def test_steps_and_invitations_open_for_the_author_of_a_case_study_alone(world):
    below = [*(f"edit/{step.slug}/" for step in CASE_STUDY_STEPS), "invite/", "tell/"]
    for reader in READERS:
        client = world.client_for(reader)
        for marker, item in world.items.items():
            if item.kind != "case-study":
                continue
            for suffix in below:
                where = f"{marker} {suffix} as {reader}"
                response = client.get(item.url_below(suffix))
                found = world.found_in(response) - world.own_name(reader)
                own = reader == "author" and item.author_id == world.author.pk
                editable = own and (marker != "zqcaseremoved" or suffix == "invite/")
                if reader == "visitor":
                    assert (response.status_code, found) == (302, set()), where
                elif editable and suffix != "tell/":
                    assert (response.status_code, found) == (200, {marker}), where
                else:
                    assert (response.status_code, found) == (404, set()), where


def test_an_invitation_shows_its_reader_who_invites_and_is_kept_by_its_author_alone(world):
    # Nobody but the author keeps it; whoever has the link reads the note, and never the reminder.
    tokens = {world.invitation: {"zqauthor", "zqnote"}, world.taken_back: set()}
    for reader in READERS:
        client = world.client_for(reader)
        chrome = world.own_name(reader)

        def answer(path, client=client, chrome=chrome):
            response = client.get(path)
            return response.status_code, world.found_in(response) - chrome

        for invitation, shown in tokens.items():
            status = 200 if shown else 410
            assert answer(invitation.get_absolute_url()) == (status, shown - chrome), reader
            joining = f"{reverse('account_signup')}?invitation={token_for(invitation.pk)}"
            named = shown & {"zqauthor"}
            assert answer(joining) == ((200, named) if reader == "visitor" else (302, set())), reader
        kept = {"visitor": (302, set()), "author": (200, {"zqnote", "zqreminder"})}.get(reader, (200, set()))
        assert answer(reverse("invitations:list")) == kept, reader
        revoke = reverse("invitations:revoke", args=[world.invitation.pk])
        opens = {"visitor": (302, set()), "author": (200, {"zqreminder"})}.get(reader, (404, set()))
        assert answer(revoke) == opens, reader
        if reader != "author":
            assert client.post(revoke).status_code == opens[0], reader
    world.invitation.refresh_from_db()
    assert world.invitation.is_waiting


def test_what_people_need_to_take_part_stands_nowhere_in_the_admin(world):
    pages = next(p for p in get_resolver().url_patterns if getattr(p, "namespace", "") == "admin")
    paths = set(admin_addresses(pages)) - {"/admin/jsi18n/", "/admin/logout/"}
    events = [item for item in world.items.values() if item.kind == "event"]
    paths |= {reverse("admin:events_event_change", args=[item.pk]) for item in events}
    for reader in STAFF:
        client = world.client_for(reader)
        assert [path for path in sorted(paths) if world.found_in(client.get(path)) & world.needs] == []


def admin_addresses(resolver, prefix="/admin/"):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            route = str(pattern.pattern)
            for name in pattern.pattern.converters:
                route = (
                    route.replace(f"<path:{name}>", "1")
                    .replace(f"<int:{name}>", "1")
                    .replace(f"<str:{name}>", "x")
                )
            if "<" not in route and "(?P" not in route and "^" not in route:
                yield prefix + route
        else:
            yield from admin_addresses(pattern, prefix + str(pattern.pattern))


def test_the_admin_is_for_administrators(world):
    pages = next(p for p in get_resolver().url_patterns if getattr(p, "namespace", "") == "admin")
    paths = set(admin_addresses(pages)) - {"/admin/login/", "/admin/jsi18n/", "/admin/logout/"}
    assert len(paths) > 30
    for reader in ("visitor", "stranger", "author", "reporter"):
        client = world.client_for(reader)
        for path in paths:
            response = client.get(path)
            assert response.status_code in {302, 403, 404, 405}, f"{path} as {reader}"
            assert world.found_in(response) <= world.own_name(reader), f"{path} as {reader}"
