"""The worker: shows that it is alive, tidies up once a day, and outlives the database."""

import os
import signal
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from commons.contributions.models import KeptText
from commons.files.checking import check
from commons.files.models import StoredFile
from commons.files.receiving import arriving
from commons.files.storing import path_of, store
from commons.notifications.models import Notice
from commons.notifications.notify import notify
from network import worker as worker_module
from network.models import WorkerBeat
from network.worker import Worker, tidy, tidy_daily
from profiles import photos
from tests.files.given import give

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.NETWORK_DATA = tmp_path
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"
    settings.DELIVERY_BACKEND = "commons.notifications.mail.FolderBackend"


def delivered(folder):
    return len(list((folder / "mail").glob("*.eml"))) if (folder / "mail").exists() else 0


def test_once_delivers_all_there_is(member, tmp_path):
    for _number in range(3):
        notify(member, "test", "Hello")
    call_command("run_worker", "--once")
    assert delivered(tmp_path) == 3
    assert WorkerBeat.objects.get().at > timezone.now() - timedelta(minutes=1)


def test_once_delivers_more_than_one_batch(member, tmp_path):
    for _number in range(120):
        notify(member, "test", "Hello")
    call_command("run_worker", "--once")
    assert delivered(tmp_path) == 120


def test_mail_waits_for_one_file_at_most_and_once_reads_all(member, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    for _number in range(3):
        upload = SimpleUploadedFile("story.txt", b"Some words.")
        file = store(upload, check(upload, ["txt"], most_bytes=1000), member)
        StoredFile.objects.filter(pk=file.pk).update(in_use=True)
    notify(member, "test", "Hello")
    assert Worker().work() == 2
    assert delivered(tmp_path) == 1
    assert StoredFile.objects.filter(state="waiting").count() == 2
    call_command("run_worker", "--once")
    assert StoredFile.objects.filter(state="waiting").count() == 0


def test_tidying_forgets_what_has_had_its_time(member):
    now = timezone.now()
    for days in (6, 8):
        KeptText.objects.create(member=member, path="/", fields={}, kept_at=now - timedelta(days=days))
    notify(member, "test", "Old and read", email=False)
    Notice.objects.update(created_at=now - timedelta(days=900), read_at=now - timedelta(days=900))
    tidy()
    tidy()
    assert (KeptText.objects.count(), Notice.objects.count()) == (1, 1)


def test_photos_and_lists_of_sessions_that_nobody_needs_go(client, member, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    photos.keep(member.pk, dict.fromkeys(photos.SIZES, b"RIFF"))
    for file in (tmp_path / photos.KEPT_FOLDER).iterdir():
        os.utime(file, (0, 0))
    UserSession.objects.create(user=member, ip="127.0.0.1", session_key="gone", user_agent="")
    tidy()
    assert list((tmp_path / photos.KEPT_FOLDER).iterdir()) == []
    assert UserSession.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_uploads_that_nobody_uses_go(member, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = give(member)
    broken_off = arriving() / "tmpabc"
    broken_off.write_bytes(b"x")
    os.utime(broken_off, (0, 0))
    StoredFile.objects.update(created_at=timezone.now() - timedelta(days=2))
    tidy()
    assert (StoredFile.objects.count(), path_of(file).exists(), broken_off.exists()) == (0, False, False)


def test_files_of_old_messages_go(tmp_path):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "20200101T120000000000-abc.eml").touch()
    tidy()
    assert delivered(tmp_path) == 0


def test_ended_sessions_go(client, member):
    client.force_login(member)
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    tidy()
    assert Session.objects.count() == 0


class TestDaily:
    @pytest.fixture(autouse=True)
    def _count(self, monkeypatch):
        self.times = 0

        def count():
            self.times += 1

        monkeypatch.setattr(worker_module, "tidy", count)

    def test_once_a_day(self, tmp_path):
        for _time in range(3):
            tidy_daily()
        assert self.times == 1
        (tmp_path / "worker.tidied").write_text("2026-01-01")
        tidy_daily()
        assert self.times == 2
        assert (tmp_path / "worker.tidied").read_text() == timezone.localdate().isoformat()

    @pytest.mark.parametrize("nonsense", ["", "yesterday", "2026-13-45"])
    def test_a_stamp_that_cannot_be_read(self, tmp_path, nonsense):
        (tmp_path / "worker.tidied").write_text(nonsense)
        tidy_daily()
        assert self.times == 1

    def test_a_tidying_that_fails_is_repeated(self, monkeypatch, tmp_path):
        def fail():
            raise RuntimeError

        monkeypatch.setattr(worker_module, "tidy", fail)
        with pytest.raises(RuntimeError):
            tidy_daily()
        assert not (tmp_path / "worker.tidied").exists()


class TestTrouble:
    @pytest.fixture(autouse=True)
    def _away(self, monkeypatch):
        def away(**_options):
            raise OperationalError("the database\nis away")

        monkeypatch.setattr(worker_module, "deliver_due", away)
        # The test's own transaction would go with its connection.
        monkeypatch.setattr(worker_module.connections, "close_all", lambda: None)
        monkeypatch.setattr(worker_module, "close_old_connections", lambda: None)

    def test_one_line_and_a_longer_pause_each_time(self, caplog):
        worker = Worker()
        assert [worker.turn() for _time in range(7)] == [2, 4, 8, 16, 32, 60, 60]
        assert len(caplog.records) == 7
        assert caplog.records[0].getMessage() == (
            "worker: OperationalError: the database is away; trying again in 2 s"
        )
        assert caplog.records[0].exc_info is None

    def test_it_goes_on_when_the_database_is_back(self, monkeypatch):
        worker = Worker()
        worker.turn()
        monkeypatch.setattr(worker_module, "deliver_due", lambda **_options: 0)
        assert worker.turn() == 1
        assert worker.troubles == 0

    def test_once_says_so_by_its_exit(self):
        with pytest.raises(OperationalError):
            call_command("run_worker", "--once")


class TestSignOfLife:
    def test_one_row_however_many_workers_write_it(self):
        for _worker in range(3):
            Worker()._go_on()
        assert WorkerBeat.objects.count() == 1

    def test_it_is_renewed_and_not_at_every_message(self, queries):
        worker = Worker()
        worker._go_on()
        with queries(0):
            assert worker._go_on() is True
        worker.next_beat = 0.0
        with queries(1):
            worker._go_on()


def test_told_to_stop_it_takes_up_nothing(member, tmp_path):
    notify(member, "test", "Hello")
    worker = Worker()
    worker.stop()
    worker.run()
    assert delivered(tmp_path) == 0


@pytest.mark.parametrize("signal_name", ["SIGTERM", "SIGINT"])
def test_an_idle_worker_ends_at_a_signal(other_site, signal_name):
    worker = other_site.start("run_worker")
    line = worker.stdout.readline()
    assert "worker started" in line
    worker.send_signal(getattr(signal, signal_name))
    output, _none = worker.communicate(timeout=60)
    assert worker.returncode == 0, output
    assert "worker stopped" in output
