"""Files are read once, one after the other, whatever happens to parsers and workers; what they belong to shows it."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commons.contributions.attaching import Chosen
from commons.contributions.models import Contribution
from commons.files import reading, signals
from commons.files.accepted import DOCUMENTS
from commons.files.checking import check
from commons.files.models import FileText, StoredFile
from commons.files.reading import LEASE, read_due, read_now
from commons.files.storing import store
from library.models import Document
from tests.factories import make_member, values_for
from tests.files import made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.NETWORK_DATA = tmp_path


@pytest.fixture
def author():
    return make_member("Ann Lee")


def stored(content, name="story.txt", owner=None):
    upload = SimpleUploadedFile(name, content)
    return store(upload, check(upload, DOCUMENTS, most_bytes=10**8), owner)


@pytest.fixture
def share(author):
    """Publish a document with this one file; return the file."""

    def share(content=b"Of gooseberry.", name="story.txt"):
        file = stored(content, name, author)
        document = Document(kind=Document.KIND, author=author)
        document.store(values_for(files=[Chosen(file)]), by=author)
        document.submit(author)
        return file

    return share


@pytest.fixture
def child(monkeypatch, tmp_path):
    """Let other code than ours be the parser."""

    def child(code):
        path = tmp_path / "child.py"
        path.write_text(code)
        monkeypatch.setattr(reading, "CHILD", path)

    return child


def states():
    return list(StoredFile.objects.originals().order_by("pk").values_list("state", "tries"))


def files_on_disk():
    return {path.name for path in Path(default_storage.path("files")).rglob("*") if path.is_file()}


def names_in_rows():
    return {each.path.rsplit("/", 1)[-1] for each in StoredFile.objects.all()}


def test_a_file_is_read_with_its_words_pages_and_covers(share):
    file = share(made.pdf(["First page", "The walrus"]), "walrus.pdf")
    assert (file.state, read_due(), read_due()) == ("waiting", 1, 0)
    file.refresh_from_db()
    assert (file.state, file.tries, file.taken_at, file.pages, file.has_text, file.text_cut) == (
        "read", 1, None, 2, True, False,
    )  # fmt: skip
    assert file.words.text == "First page\nThe walrus"
    assert list(
        file.renditions.order_by("pk").values_list("purpose", "type", "name", "width", "height", "owner")
    ) == [
        ("cover", "webp", "cover-160.webp", 160, 227, None),
        ("cover", "webp", "cover-480.webp", 480, 680, None),
    ]
    assert files_on_disk() == names_in_rows()


def test_a_scan_is_read_and_has_no_words(share):
    file = share(made.pdf([""]), "scan.pdf")
    read_due()
    file.refresh_from_db()
    assert (file.state, file.has_text, FileText.objects.count()) == ("read", False, 0)


def test_the_one_that_waited_longest_is_read_first_and_one_at_a_time(share):
    _first, second = share(), share()
    StoredFile.objects.filter(pk=second.pk).update(created_at=timezone.now() - timedelta(days=1))
    read_due()
    assert states() == [("waiting", 0), ("read", 1)]
    read_due()
    assert states() == [("read", 1), ("read", 1)]


def test_what_was_never_saved_with_a_form_is_not_read():
    stored(b"Words")
    assert read_due() == 0
    assert states() == [("waiting", 0)]


def test_nobody_is_asked_more_than_once_where_nothing_waits(queries):
    with queries(1):
        assert read_due() == 0


# --- what it belongs to ---------------------------------------------------------------------------------


def test_the_item_shows_what_was_read_and_was_not_edited(share, author):
    file = share(made.pdf(["Words"] * 3), "story.pdf")
    item = Contribution.objects.get()
    before = (item.version, item.edited_at, item.changed_at, item.revisions.count())
    read_due()
    item.refresh_from_db()
    (entry,) = item.card["files"]
    assert (entry["state"], entry["has_text"], entry["pages"]) == ("read", True, 3)
    assert [each["token"] for each in entry["renditions"]] == [
        each.token for each in file.renditions.order_by("width")
    ]
    assert (item.version, item.edited_at, item.revisions.count()) == (before[0], before[1], before[3])
    assert item.changed_at > before[2]


def test_what_it_belongs_to_is_locked_before_anything_is_written(share):
    share()
    with CaptureQueriesContext(connection) as asked:
        read_due()
    sent = [query["sql"] for query in asked.captured_queries]
    taken_up = next(n for n, sql in enumerate(sent) if sql.startswith("UPDATE"))
    after = sent[taken_up + 1 :]
    locked = next(n for n, sql in enumerate(after) if '"contributions_contribution"' in sql)
    written = next(n for n, sql in enumerate(after) if sql.startswith(("INSERT", "UPDATE", "DELETE")))
    assert locked < written


def test_what_the_listeners_do_and_what_was_read_is_one_transaction(share):
    def fail(**_named):
        raise IntegrityError("no room")

    share(made.pdf(["Words"]), "story.pdf")
    signals.file_read.connect(fail)
    try:
        with pytest.raises(IntegrityError):
            read_due()
    finally:
        signals.file_read.disconnect(fail)
    assert states() == [("waiting", 1)]
    assert (StoredFile.objects.count(), FileText.objects.count()) == (1, 0)
    assert files_on_disk() == names_in_rows()


# --- parsers that die -----------------------------------------------------------------------------------

DEATHS = {
    "crashes": "import os; os.abort()",
    "ends without a word": "",
    "says half of it": "import sys; sys.stdout.buffer.write(b'\\0\\0\\0\\x09half')",
    "takes memory": (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**28, 2**28)); b' ' * 2**30"
    ),
    "takes time": "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass",
    "never says a word": "import time; time.sleep(1000)",
    "never stops": "import sys\nwhile True: sys.stdout.buffer.write(b' ' * 2**20)",
    "closes its mouth and stays": "import os, time; os.close(1); time.sleep(1000)",
}  # fmt: skip


@pytest.mark.parametrize("code", DEATHS.values(), ids=DEATHS)
def test_a_file_that_kills_the_parser_twice_can_not_be_read_and_nothing_else_suffers(
    share, child, monkeypatch, code
):
    if "sleep" in code:
        monkeypatch.setattr(reading, "SECONDS", 0.3)
    bad = share()
    child(code)
    assert read_due() == 1
    assert states() == [("waiting", 1)]
    assert read_due() == 1
    assert states() == [("unreadable", 2)]
    monkeypatch.undo()
    good = share(b"Of damson.")
    assert (read_due(), read_due()) == (1, 0)
    good.refresh_from_db()
    assert good.state == "read"
    assert bad.renditions.count() == 0
    item = Contribution.objects.get(attachments__file=bad)
    assert item.card["files"][0]["state"] == "unreadable"
    assert Path(default_storage.path(bad.path)).read_bytes() == b"Of gooseberry."


def test_what_the_parser_says_is_no_such_file_is_not_tried_again(share):
    share(made.docx(), "story.docx")
    file = StoredFile.objects.get()
    default_storage.delete(file.path)
    default_storage.save(file.path, SimpleUploadedFile("x", b"PK\x03\x04 and no more"))
    read_due()
    assert states() == [("unreadable", 1)]


def test_a_file_that_is_gone_from_the_disk_can_not_be_read(share):
    default_storage.delete(share().path)
    assert read_due() == 1
    assert states() == [("unreadable", 1)]


# --- workers that go away -------------------------------------------------------------------------------


def test_what_another_worker_holds_is_left_to_it_until_its_lease_ends(share):
    file = share()
    held = StoredFile.objects.filter(pk=file.pk)
    held.update(taken_at=timezone.now() - LEASE + timedelta(minutes=1), tries=1)
    assert read_due() == 0
    held.update(taken_at=timezone.now() - LEASE - timedelta(seconds=1))
    assert read_due() == 1
    assert states() == [("read", 2)]


def test_who_comes_back_after_its_lease_writes_nothing(share):
    file = share()
    late = reading._take()
    StoredFile.objects.filter(pk=file.pk).update(taken_at=timezone.now() + timedelta(seconds=1))
    sent = []
    signals.file_read.connect(lambda **named: sent.append(named["file"]), weak=False, dispatch_uid="test")
    try:
        reading._read(late, lambda: True)
    finally:
        signals.file_read.disconnect(dispatch_uid="test")
    assert (states(), sent, StoredFile.objects.count()) == ([("waiting", 1)], [], 1)


def test_a_file_over_which_workers_keep_going_away_can_not_be_read(share):
    file = share()
    StoredFile.objects.filter(pk=file.pk).update(
        taken_at=timezone.now() - LEASE * 2, tries=reading.MOST_TAKEN
    )
    read_due()
    assert states() == [("unreadable", reading.MOST_TAKEN + 1)]


def test_a_worker_told_to_stop_ends_the_parser_and_gives_the_file_back(share, child, tmp_path):
    share()
    child(f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(1000)")

    def go_on():
        return not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text()

    assert read_due(go_on) == 0
    assert states() == [("waiting", 0)]
    assert StoredFile.objects.get().taken_at is None
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_told_to_stop_before_it_takes_up_nothing(share, queries):
    share()
    with queries(0):
        assert read_due(lambda: False) == 0


# --- again ------------------------------------------------------------------------------------------------


def test_reading_again_replaces_the_covers(share, django_capture_on_commit_callbacks):
    file = share(made.pdf(["Words"]), "story.pdf")
    read_due()
    before = set(file.renditions.values_list("token", flat=True))
    StoredFile.objects.filter(pk=file.pk).update(state="waiting")
    with django_capture_on_commit_callbacks(execute=True):
        read_due()
    assert file.renditions.count() == 2
    assert before.isdisjoint(file.renditions.values_list("token", flat=True))
    assert FileText.objects.count() == 1
    assert files_on_disk() == names_in_rows()


def test_reading_at_once_needs_no_worker_and_ends_either_way(child):
    file = read_now(stored(b"Of gooseberry."))
    assert (file.state, file.words.text, file.in_use) == ("read", "Of gooseberry.", False)
    child("raise SystemExit(1)")
    assert read_now(stored(b"Of damson.")).state == "unreadable"
