"""generate_network: samples that say so, the same for the same seed, and rows as saving them would have left them."""

import re
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

from blog.models import Post
from casestudies.models import CaseStudy
from commons.contributions import generator
from commons.contributions.models import Bookmark, Comment, Contribution, Follow, Helpful, ReadMark
from commons.contributions.recounting import recount
from commons.contributions.sample_texts import COMMON_WORD, NOTICE, RARE_WORD
from commons.markup.render import render
from commons.moderation.models import Case, Decision, Status
from commons.search.find import Search
from commons.search.index import check
from commons.search.models import SearchEntry
from events.dates import days_of, wall_time_of
from events.models import Event
from forum.models import Thread
from library.models import Document, Link, Report
from network.management.commands import generate_network
from profiles.models import Member
from tests.factories import make_comment

pytestmark = pytest.mark.django_db
UNTIL = timezone.make_aware(generate_network.UNTIL)


def generate(members=12, contributions=230, comments=60, **options):
    """Run the command; return what it said on standard output and on standard error."""
    out, err = StringIO(), StringIO()
    call_command(
        "generate_network",
        members=members,
        contributions=contributions,
        comments=comments,
        stdout=out,
        stderr=err,
        **options,
    )
    return out.getvalue(), err.getvalue()


def rows():
    """Return every row of every table, byte for byte."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.label: sorted(map(repr, model._base_manager.values_list())) for model in models}


def rows_of_a_run(**options):
    """Return the rows a run leaves, and undo it, so that the next one begins from where this one did."""
    with transaction.atomic():
        generate(**options)
        found = rows()
        transaction.set_rollback(True)
    tables = list(apps.get_models(include_auto_created=True))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
    return found


def test_the_same_seed_gives_the_same_rows_and_another_seed_others():
    options = {"members": 6, "contributions": 40, "password": "a sample pass phrase"}
    rows_of_a_run(**options)  # the numbers that rows get begin alike from here on, on PostgreSQL too
    first = rows_of_a_run(seed=7, **options)
    assert rows_of_a_run(seed=7, **options) == first
    other = rows_of_a_run(seed=8, **options)
    assert other["contributions.Contribution"] != first["contributions.Contribution"]


def test_everything_says_that_it_is_a_sample():
    generate(members=30, contributions=230)
    for member in Member.objects.all():
        assert member.display_name == f"Sample member {member.email.partition('@')[0].rpartition('-')[2]}"
        assert member.email.endswith("@example.invalid")
        assert NOTICE in member.about or not member.about
        assert not member.has_usable_password()
    items = Contribution.objects.all()
    assert {item.title.split()[0] for item in items} == {"Sample"}
    assert all(NOTICE in item.body and item.summary[:8] in {"", "Sample: "} for item in items)
    assert all("A sample: nobody said this." in comment.body for comment in Comment.objects.all())


def test_a_row_is_what_saving_it_would_have_made():
    generate()
    assert check() == []
    for model in (Post, Thread, Report, Document, Link, Event, CaseStudy):
        item = model.objects.published().first()
        kept = (item.body_html, item.reach, item.card, item.slug, item.snapshot())
        assert item.revisions.get().snapshot == item.snapshot()
        assert render(item.body, document=f"c{item.pk}", trusted=item.is_starter) == item.body_html
        assert (item.body_html, item._reach(), item.build_card(), item.slug, item.snapshot()) == kept
        item.full_clean()
    for model in (Contribution, Comment):
        kind = ContentType.objects.get_for_model(model)
        held = model.objects.filter(status=Status.AWAITING)
        cases, decisions = (of.objects.filter(target_type=kind) for of in (Case, Decision))
        assert {case.target_id for case in cases} == {item.pk for item in held}
        decided = model.objects.exclude(status=Status.DRAFT)
        assert {decision.target_id for decision in decisions} == {item.pk for item in decided}


def test_sample_events_have_all_their_dates_past_and_to_come():
    generate(members=20, contributions=400)
    for event in Event.objects.prefetch_related("occurrences"):
        wall, dates = wall_time_of(event), sorted(event.occurrences.all(), key=lambda date: date.original_on)
        days = days_of(wall.starts_on, event.repeats, event.repeats_until)
        assert [date.original_on for date in dates] == days
        assert all(date.wall_time == wall.on(date.original_on) for date in dates)
    assert {bool(event.repeats) for event in Event.objects.all()} == {True, False}


def test_sample_case_studies_keep_their_rows_twice_alike_and_name_nobody():
    generate(members=20, contributions=400)
    kept, stored = [], []
    for item in CaseStudy.objects.all():
        for name in CaseStudy.ROWS:
            rows = getattr(item, name).order_by("pk")
            kept += item.rows_of(name)
            stored += [
                {column: getattr(row, column) for column in each}
                for row, each in zip(rows, item.rows_of(name), strict=True)
            ]
    assert kept == stored
    holders = {row["holder"] for row in kept if "holder" in row}
    assert {holder.rstrip("1234") for holder in holders} == {"Sample holder "}


def test_a_comment_is_what_saving_it_would_have_made():
    generate(contributions=60, comments=300)
    assert list(recount()) == check() == []
    assert Comment.objects.count() == 300
    for comment in Comment.objects.select_related("author", "contribution").order_by("pk"):
        assert render(comment.body, document=f"m{comment.pk}") == comment.body_html
        assert comment.byline == comment.author.card_byline()
        assert comment.revisions.first().body == comment.body
        assert {revision.shown for revision in comment.revisions.all()} == {comment.published_at is not None}
        assert comment.author.joined_at <= comment.created_at <= UNTIL
        assert comment.contribution.published_at <= comment.created_at
    later = make_comment(Post.objects.listed_to(comment.author).first())
    assert later.pk == comment.pk + 1
    assert list(recount()) == []


def test_conversations_are_of_many_lengths_and_one_is_very_long():
    generate(members=40, contributions=300, comments=2000)
    counts = Contribution.objects.filter(status=Status.PUBLISHED).order_by("-last_position")
    longest = counts.first()
    assert (longest.kind, longest.audience, longest.last_position) == ("forum", "everyone", 1000)
    assert Comment.objects.count() == 2000
    assert counts.filter(comment_count=0).count() > 50
    assert set(Comment.objects.values_list("status", flat=True)) == set(Status) - {
        Status.DRAFT,
        Status.MERGED,
    }
    answering = Comment.objects.exclude(answers=None)
    assert 600 < answering.count() < 1400
    assert answering.filter(body__startswith=">").count() > 100
    assert Comment.objects.filter(version=2).exclude(edited_at=None).count() > 20
    for model in (Helpful, Follow, ReadMark, Bookmark):
        assert model.objects.count() > 20
    questions = Thread.objects.filter(is_question=True, comment_count__gt=0)
    assert 0 < questions.filter(answered=True).count() < questions.count()
    assert Thread.objects.exclude(closed_at=None).filter(comment_count__gt=0).count() == 0


def test_it_holds_every_state_that_can_be_tried_out():
    generate(members=150, contributions=800)
    assert set(Contribution.objects.values_list("status", flat=True)) == set(Status) - {Status.MERGED}
    assert set(Contribution.objects.values_list("audience", flat=True)) == {"everyone", "members"}
    assert Contribution.objects.filter(
        reach=0, status=Status.PUBLISHED, author__contributions_hidden=True
    ).exists()
    for state in ({"hidden": True}, {"in_directory": False}, {"confirmed_at": None}):
        assert 0 < Member.objects.filter(**state).count() < 30
    years = Contribution.objects.dates("published_at", "year")
    assert len(years) >= 8
    tagged = sorted(term.contributions.count() for term in apps.get_model("tagging.Principle").objects.all())
    assert tagged[-1] > 2 * tagged[0]


def test_search_finds_the_rare_word_seldom_and_the_common_one_often():
    generate(contributions=450)
    entries = SearchEntry.objects.listed_to(AnonymousUser())
    posts, threads = 184, 102  # of which the 100th is one with the rare word
    assert len(Search(RARE_WORD, entries).ranked()) == (posts + 100) // 200 + (threads + 100) // 200 == 2
    assert len(Search(COMMON_WORD, entries).ranked()) > 300


def test_one_can_sign_in_with_the_password(client):
    said, _bar = generate(members=3, contributions=0, password="a sample pass phrase")
    assert "sample-member-1@example.invalid" in said
    answer = client.post(
        "/accounts/login/", {"login": "sample-member-1@example.invalid", "password": "a sample pass phrase"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_site_with_real_members_is_left_alone_unless_asked(member):
    with pytest.raises(CommandError, match=r"real members.*--yes-add"):
        generate(members=3, contributions=3)
    assert (Member.objects.count(), Contribution.objects.count()) == (1, 0)
    generate(members=3, contributions=3, yes_add=True)
    assert (Member.objects.count(), Contribution.objects.count()) == (4, 3)


def test_a_second_run_adds_to_the_first():
    generate(members=3, contributions=10)
    generate(members=3, contributions=10)
    assert sorted(Member.objects.values_list("display_name", flat=True)) == [
        f"Sample member {number}" for number in range(1, 7)
    ]
    titles = Post.objects.values_list("title", flat=True)
    numbers = sorted(int(re.match(r"Sample post (\d+):", title)[1]) for title in titles)
    assert numbers == list(range(1, len(numbers) + 1))


def test_interrupted_it_writes_nothing(monkeypatch):
    def interrupted(network, count):
        yield from real(network, count)
        raise KeyboardInterrupt

    last = generator.all_generators()[-1]
    real = last.make
    broken = generator.Generator(last.name, last.stage, interrupted, last.share)
    monkeypatch.setattr(generator, "_generators", [*generator.all_generators()[:-1], broken])
    with pytest.raises(CommandError, match="nothing was written"):
        generate()
    assert (Member.objects.count(), Contribution.objects.count(), SearchEntry.objects.filter(kind="blog").count()) == (
        0, 0, 0,
    )  # fmt: skip
    assert (Comment.objects.count(), Helpful.objects.count()) == (0, 0)


def test_contributions_need_somebody_to_write_them():
    with pytest.raises(CommandError, match="need members"):
        generate(members=0, contributions=1)


@pytest.mark.parametrize("wrong", ["--members=-1", "--contributions=many", "--until=yesterday", "--seed=x"])
def test_arguments_that_make_no_sense_are_refused(wrong):
    with pytest.raises(CommandError):
        call_command("generate_network", wrong, stdout=StringIO())
    assert not Member.objects.exists()


def test_it_shows_how_far_it_is():
    said, bar = generate(members=3, contributions=240)
    lines = bar.splitlines()
    assert lines[1] == "members        [##############################] 100%  3 of 3"
    assert lines[2] == "blog posts     [------------------------------]   0%  0 of 98"
    assert lines[3] == "blog posts     [##############################] 100%  98 of 98"
    assert "comments       [##############################] 100%  60 of 60" in lines
    assert said.startswith("3 members, 240 contributions and 60 comments: ")
    assert "rows a second" in said


def test_another_kind_joins_by_declaring_a_generator(monkeypatch):
    """Its part is what its share says; what the others make stays as it was."""

    def cheers(network, count):
        cheered.append((count, [item.title for item in network.contributions]))
        yield 0

    cheered = []
    generate_alone = rows_of_a_run(members=4, contributions=20)
    around = generator.Generator("cheers", generator.Stage.AROUND_CONTRIBUTIONS, cheers)
    monkeypatch.setattr(generator, "_generators", [around, *generator.all_generators()])
    generate(members=4, contributions=20)
    assert len(cheered[0][1]) == 20
    assert cheered[0][0] == 0
    titles = sorted(Contribution.objects.values_list("title", flat=True))
    assert titles == sorted(cheered[0][1])
    assert len(generate_alone["contributions.Contribution"]) == 20
