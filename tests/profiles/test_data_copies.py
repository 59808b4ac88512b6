"""A copy of one's data: what is in it, who can fetch it and for how long, and what a broken worker leaves."""

import io
import json
import os
import zipfile
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from commons.contributions.models import Bookmark
from commons.files.checking import check
from commons.files.storing import store
from commons.notifications.models import Notice
from commons.personal_data.held import all_held
from events.models import Answer
from events.rsvps import answer
from network.worker import Worker, tidy
from profiles import copying
from profiles.data_copy import LEASE, MOST_TRIES, DataCopy
from tests.factories import consume, make_comment, make_event, make_post

pytestmark = pytest.mark.django_db

URL = "/members/me/export/"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.NETWORK_DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def signed_in(client, member):
    client.force_login(member)
    return client


def made(member):
    """Ask for a copy, let it be made, and return it."""
    DataCopy.objects.ask(member)
    assert copying.make_due() == 1
    return DataCopy.objects.get(member=member)


@contextmanager
def opened(member):
    with default_storage.open(made(member).path) as file, zipfile.ZipFile(file) as archive:
        yield archive


def data(archive, model):
    return json.loads(archive.read(f"data/{model}.json"))


def files_left():
    try:
        return default_storage.listdir("copies/")[1]
    except FileNotFoundError:
        return []


# --- what is in it ---------------------------------------------------------------------------------


def test_all_that_is_declared_is_in_it(member):
    with opened(member) as archive:
        names = archive.namelist()
        read_me = archive.read("README.md").decode()
    assert [name for name in names if name.startswith("data/")] == [
        f"data/{held.model}.json" for held in all_held()
    ]
    assert [
        held.model for held in all_held() if f"`data/{held.model}.json`: {held.what}" not in read_me
    ] == []


def test_what_was_written_is_there_to_read_and_for_programs(member, other_member):
    post = make_post(member, title="Who pays?", body="Some *words*.")
    draft = make_post(member, publish=False, title="Not yet")
    make_post(other_member, title="Of somebody else", body="Other words.")
    comment = make_comment(post, member, "My reply.")
    with opened(member) as archive:
        names = archive.namelist()
        own = data(archive, "contributions.Contribution")
        replies = data(archive, "contributions.Comment")
        words = archive.read(f"blog/{post.pk}-who-pays.md").decode()
        all_comments = archive.read("comments.md").decode()
        everything = b"".join(archive.read(name) for name in names).decode()
    assert [(item["id"], item["title"], item["status"]) for item in own] == [
        (post.pk, "Who pays?", "published"),
        (draft.pk, "Not yet", "draft"),
    ]
    assert [(reply["id"], reply["on"], reply["body"]) for reply in replies] == [
        (comment.pk, "Who pays?", "My reply.")
    ]
    assert "# Who pays?" in words
    assert "Some *words*." in words
    assert "My reply." in all_comments
    assert ("Of somebody else" in everything, "Other words" in everything) == (False, False)


def test_marks_answers_and_needs_are_in_it(member, other_member):
    post, event = make_post(other_member, title="Kept"), make_event(other_member, title="Assembly")
    Bookmark.objects.set(member, post, True)
    answer(event.occurrences.get(), member, Answer.GOING, "A quiet room.")
    with opened(member) as archive:
        bookmarks, answers = data(archive, "contributions.Bookmark"), data(archive, "events.Rsvp")
    assert [row["contribution__title"] for row in bookmarks] == ["Kept"]
    assert [(row["occurrence__event__title"], row["access_needs"]) for row in answers] == [
        ("Assembly", "A quiet room.")
    ]


def test_uploads_are_in_it_as_they_were_given(member):
    upload = SimpleUploadedFile("../../Budget of the hall.txt", b"Some words, and a few more.")
    file = store(upload, check(upload, ["txt"], most_bytes=1000), member)
    with opened(member) as archive:
        found = {name: archive.read(name) for name in archive.namelist() if name.startswith("files/")}
    assert found == {f"files/{file.pk}-Budget of the hall.txt": b"Some words, and a few more."}


def test_no_secret_of_the_account_is_in_it(member, settings):
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"
    with opened(member) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert (member.email in everything, member.password in everything) == (True, False)


def test_it_costs_the_same_queries_for_one_comment_and_for_fifty(member, django_assert_num_queries):
    post = make_post(member)
    counted = []
    for number in (1, 49):
        for _number in range(number):
            make_comment(post, member, "Words.")
        with django_assert_num_queries(42) as queries:
            copying.write(member, io.BytesIO())
        counted.append(len(queries))
    assert counted == [42, 42]


# --- asking for it, and being told ------------------------------------------------------------------


def test_asking_twice_makes_one(signed_in, member):
    assert signed_in.post(URL).status_code == 302
    signed_in.post(URL)
    assert DataCopy.objects.filter(member=member).count() == 1
    assert b"Your copy is being made" in signed_in.get(URL).content


def test_the_database_holds_one_at_a_time(member):
    DataCopy.objects.create(member=member)
    with pytest.raises(IntegrityError), transaction.atomic():
        DataCopy.objects.create(member=member)


def test_only_so_many_are_made_a_day(signed_in, member):
    for _number in range(5):
        made(member)
        assert signed_in.post(URL).status_code == 302
    kept = made(member)
    answered = signed_in.post(URL)
    assert (answered.status_code, b"Please try again tomorrow." in answered.content) == (429, True)
    assert (DataCopy.objects.get(), kept.token in answered.content.decode()) == (kept, True)


def test_looking_asks_for_nothing(signed_in):
    assert signed_in.get(URL).status_code == 200
    assert DataCopy.objects.count() == 0


def test_a_visitor_signs_in_first(client):
    answers = [client.get(URL), client.post(URL)]
    assert [(each.status_code, each.url) for each in answers] == [(302, f"/accounts/login/?next={URL}")] * 2
    assert DataCopy.objects.count() == 0


def test_a_token_is_needed(client, member):
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(member)
    assert strict.post(URL).status_code == 403
    assert DataCopy.objects.count() == 0


def test_the_member_is_told_when_it_is_ready(member):
    made(member)
    notice = Notice.objects.get(member=member)
    assert (notice.subject, notice.url) == ("The copy of your data is ready", URL)
    assert [message.to for message in mail.outbox] == [[member.email]]


def test_a_new_one_takes_the_place_of_the_old(signed_in, member, django_capture_on_commit_callbacks):
    old = made(member)
    with django_capture_on_commit_callbacks(execute=True):
        signed_in.post(URL)
    assert DataCopy.objects.get(member=member).state == "waiting"
    assert default_storage.exists(old.path) is False
    assert signed_in.get(f"{URL}{old.token}/").status_code == 404


# --- fetching it ------------------------------------------------------------------------------------


def test_its_member_fetches_it(signed_in, member):
    copy = made(member)
    page = signed_in.get(URL).content.decode()
    assert f"{URL}{copy.token}/" in page
    answered = signed_in.get(f"{URL}{copy.token}/")
    content = consume(answered)
    assert (answered.status_code, len(content)) == (200, copy.size)
    day = timezone.localdate().isoformat()
    assert {name: answered[name] for name in ("Content-Type", "Content-Disposition", "Content-Length")} == {
        "Content-Type": "application/zip",
        "Content-Disposition": f'attachment; filename="co-production-practitioners-network-{day}.zip"',
        "Content-Length": str(copy.size),
    }
    assert "no-store" in answered["Cache-Control"]
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_nobody_else_fetches_it(client, member, other_member, administrator):
    address = f"{URL}{made(member).token}/"
    assert client.get(address).status_code == 302
    for other in (other_member, administrator):
        client.force_login(other)
        assert client.get(address).status_code == 404


def test_after_seven_days_it_is_gone(signed_in, member):
    copy = made(member)
    assert copy.expires_at - copy.ready_at == timedelta(days=7)
    DataCopy.objects.update(expires_at=timezone.now())
    assert signed_in.get(f"{URL}{copy.token}/").status_code == 404
    assert copy.token not in signed_in.get(URL).content.decode()


def test_tidying_deletes_what_is_past_its_time(member, other_member, django_capture_on_commit_callbacks):
    old, kept = made(member), made(other_member)
    DataCopy.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        tidy()
        tidy()
    assert list(DataCopy.objects.all()) == [kept]
    assert files_left() == [kept.path.removeprefix("copies/")]


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries_of_the_page(signed_in, member, queries, number):
    for _number in range(number):
        made(member)
    with queries(4):
        signed_in.get(URL)


# --- when making it breaks ---------------------------------------------------------------------------


def test_one_worker_takes_it_and_no_other_until_the_lease_is_over(member):
    DataCopy.objects.ask(member)
    now = timezone.now()
    taken = DataCopy.objects.take(now)
    assert (taken.tries, DataCopy.objects.take(now + LEASE)) == (1, None)
    assert DataCopy.objects.take(now + LEASE + timedelta(seconds=1)).tries == 2


def test_a_worker_that_is_told_to_stop_gives_it_back(member):
    DataCopy.objects.ask(member)
    answers = iter([True, False])
    assert copying.make_due(go_on=lambda: next(answers, False)) == 1
    copy = DataCopy.objects.get()
    assert (copy.state, copy.tries, copy.taken_at, files_left()) == ("waiting", 0, None, [])
    assert copying.make_due() == 1
    assert DataCopy.objects.get().state == "ready"


def test_what_was_left_behind_by_a_killed_worker_is_written_anew(member):
    DataCopy.objects.ask(member)
    copy = DataCopy.objects.take(timezone.now() - 2 * LEASE)
    default_storage.save(copy.path, SimpleUploadedFile("half.zip", b"half"))
    assert copying.make_due() == 1
    copy.refresh_from_db()
    assert (copy.state, files_left()) == ("ready", [f"{copy.token}.zip"])
    with default_storage.open(copy.path) as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None


def test_what_can_never_be_written_is_given_up_and_the_member_told(member, settings, tmp_path):
    """A file where a folder should be stands in for a disk that takes nothing."""
    (tmp_path / "in the way").write_text("")
    settings.MEDIA_ROOT = tmp_path / "in the way"
    DataCopy.objects.ask(member)
    for number in range(MOST_TRIES):
        DataCopy.objects.update(taken_at=None)
        assert copying.make_due() == 1, number
    copy = DataCopy.objects.get()
    assert (copy.state, copy.tries) == ("failed", MOST_TRIES)
    assert [notice.subject for notice in Notice.objects.all()] == ["The copy of your data could not be made"]
    assert copying.make_due() == 0


def test_one_that_is_no_longer_wanted_leaves_no_file(member):
    DataCopy.objects.ask(member)

    def forget_meanwhile():
        DataCopy.objects.all().delete()
        return True

    answers = iter([lambda: True, forget_meanwhile])
    copying.make_due(go_on=lambda: next(answers, lambda: True)())
    assert (files_left(), Notice.objects.count()) == ([], 0)


def test_the_worker_makes_it(member):
    DataCopy.objects.ask(member)
    assert Worker().work() >= 1
    assert DataCopy.objects.get().state == "ready"


def test_a_large_copy_takes_little_memory(member, tmp_path):
    """Forty megabytes that can't be made smaller, in a process of its own that counts what it takes."""
    import tracemalloc

    size = 40 * 1024 * 1024
    upload = SimpleUploadedFile("large.txt", b"x")
    file = store(upload, check(upload, ["txt"], most_bytes=1000), member)
    with default_storage.open(file.path, "wb") as large:
        for _block in range(size // 2**20):
            large.write(os.urandom(2**20))
    tracemalloc.start()
    made(member)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert DataCopy.objects.get().size > size
    assert most < 8 * 1024 * 1024
