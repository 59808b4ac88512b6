"""Mail: queued with what caused it, stored once as bytes, handed over once, tried again for two days."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from commons.notifications.mail import deliver_due, forget_old_files
from commons.notifications.models import OutgoingMail

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _real_mail(settings, tmp_path):
    """The queue and the folder as the site has them; pytest-django puts an outbox in their place."""
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"
    settings.DELIVERY_BACKEND = "commons.notifications.mail.FolderBackend"
    settings.NETWORK_DATA = tmp_path


def write(subject="Hello", body="Some words.", to=("ann@example.org",), **more):
    message = EmailMultiAlternatives(subject, body, to=list(to), **more)
    message.attach_alternative("<p>Some words.</p>", "text/html")
    message.send()
    return message


def files(folder):
    return sorted((folder / "mail").glob("*"))


def parsed(stored):
    return message_from_bytes(bytes(stored), policy=policy.default)


class TestQueueing:
    def test_a_message_is_a_row_for_each_recipient(self):
        write(
            to=["Ann <ann@example.org>"], cc=["bola@example.org"], bcc=["cy@example.org", "ann@example.org"]
        )
        rows = OutgoingMail.objects.order_by("recipient")
        assert [row.recipient for row in rows] == ["ann@example.org", "bola@example.org", "cy@example.org"]
        assert len({row.message_id for row in rows}) == 1
        assert len({bytes(row.message) for row in rows}) == 1
        assert b"cy@example.org" not in bytes(rows[0].message)

    def test_without_recipient_nothing_is_queued(self):
        assert EmailMultiAlternatives("Hello", "Words", to=[]).send() == 0
        assert OutgoingMail.objects.count() == 0

    def test_it_goes_with_the_transaction_that_caused_it(self):
        with transaction.atomic():
            write()
            assert OutgoingMail.objects.count() == 1
            transaction.set_rollback(True)
        assert OutgoingMail.objects.count() == 0

    @pytest.mark.parametrize(
        ("site", "domain"),
        [("https://network.example.org", "network.example.org"), ("http://127.0.0.1:8000", "127.0.0.1")],
    )
    def test_message_id_names_the_site_and_not_the_machine(self, settings, site, domain):
        settings.SITE_URL = site
        write()
        row = OutgoingMail.objects.get()
        assert row.message_id.endswith(f"@{domain}>")
        assert parsed(row.message)["Message-ID"] == row.message_id

    def test_it_says_that_no_person_wrote_it(self):
        write()
        assert parsed(OutgoingMail.objects.get().message)["Auto-Submitted"] == "auto-generated"

    def test_given_headers_are_kept(self):
        write(headers={"message-id": "<one@example.org>", "AUTO-SUBMITTED": "auto-replied"})
        message = parsed(OutgoingMail.objects.get().message)
        assert message.get_all("Message-ID") == ["<one@example.org>"]
        assert message.get_all("Auto-Submitted") == ["auto-replied"]

    def test_a_message_sent_twice_under_one_id_is_one(self):
        for _time in range(2):
            write(headers={"Message-ID": "<one@example.org>"})
        assert OutgoingMail.objects.count() == 1

    def test_an_object_sent_twice_without_an_id_is_two_messages(self):
        message = write()
        message.send()
        assert OutgoingMail.objects.values("message_id").distinct().count() == 2

    @pytest.mark.parametrize(
        "broken",
        [
            {"subject": "Hello\nBcc: all@example.org"},
            {"subject": "Hello\rBcc: all@example.org"},
            {"to": ["ann@example.org\nBcc: all@example.org"]},
            {"bcc": ["ann@example.org\nBcc: all@example.org"]},
            {"from_email": "me@example.org\nBcc: all@example.org"},
            {"headers": {"Reply-To": "me@example.org\nBcc: all@example.org"}},
        ],
    )
    def test_a_header_that_breaks_out_of_its_line_is_refused(self, broken):
        with pytest.raises(ValueError, match=r"(?i)newline|invalid address") as refused:
            write(**broken)
        assert OutgoingMail.objects.count() == 0
        assert "subject" not in broken or refused.type is BadHeaderError

    def test_other_alphabets(self):
        write("Grüße, 日本 🧵", "Tŷ, 日本\nFrom here\n.\n", to=["Zoë Ångström <zoe@exämple.org>"])
        row = OutgoingMail.objects.get()
        assert row.subject == "Grüße, 日本 🧵"
        assert row.recipient == "zoe@xn--exmple-cua.org"
        message = parsed(row.message)
        assert message["Subject"] == "Grüße, 日本 🧵"
        assert message.get_body(("plain",)).get_content() == "Tŷ, 日本\r\nFrom here\r\n.\r\n"

    def test_attachments(self):
        message = EmailMultiAlternatives("Hello", "Words", to=["ann@example.org"])
        message.attach("Übersicht.bin", b"\x00\xff\r\n", "application/octet-stream")
        message.send()
        (attached,) = parsed(OutgoingMail.objects.get().message).iter_attachments()
        assert attached.get_filename() == "Übersicht.bin"
        assert attached.get_content() == b"\x00\xff\r\n"

    def test_lines_end_as_mail_wants_them(self):
        write(body="one\ntwo\rthree\r\nfour")
        stored = bytes(OutgoingMail.objects.get().message)
        assert stored.replace(b"\r\n", b"").count(b"\n") == 0
        assert stored.replace(b"\r\n", b"").count(b"\r") == 0


class TestFolder:
    def test_one_readable_file_a_message(self, tmp_path):
        write("First", "Tŷ\nFrom here\n")
        write("Second")
        assert deliver_due() == 2
        subjects = []
        for file in files(tmp_path):
            assert file.name[0] != "."
            assert file.suffix == ".eml"
            assert file.stat().st_mode & 0o077 == 0
            subjects.append(parsed(file.read_bytes())["Subject"])
        assert sorted(subjects) == ["First", "Second"]
        assert "\nFrom here\n" in "".join(file.read_text() for file in files(tmp_path))

    def test_words_are_blanked_once_delivered(self):
        write()
        deliver_due()
        row = OutgoingMail.objects.get()
        assert bytes(row.message) == b""
        assert row.sent_at is not None
        assert (row.attempts, row.last_error, row.failed_at) == (1, "", None)
        assert deliver_due() == 0

    def test_a_folder_that_cannot_be_written_loses_nothing(self, settings, tmp_path):
        (tmp_path / "mail").write_text("in the way")
        write()
        assert deliver_due() == 0
        row = OutgoingMail.objects.get()
        assert row.last_error.startswith("FileExistsError")
        assert b"Some words." in bytes(row.message)
        (tmp_path / "mail").unlink()
        OutgoingMail.objects.try_again()
        assert deliver_due() == 1
        assert len(files(tmp_path)) == 1

    def test_stop_is_heard_between_messages(self, tmp_path):
        for _number in range(3):
            write()
        answers = iter([True, False])
        assert deliver_due(go_on=lambda: next(answers)) == 1
        assert OutgoingMail.objects.waiting().count() == 2


class TestTryingAgain:
    def test_waits_grow_over_two_days_and_then_it_is_given_up(self, tmp_path):
        (tmp_path / "mail").write_text("in the way")
        write()
        waits = []
        for attempt in range(1, 10):
            before = timezone.now()
            assert deliver_due() == 0
            row = OutgoingMail.objects.get()
            assert row.attempts == attempt
            waits.append(round((row.next_attempt_at - before).total_seconds() / 60))
            OutgoingMail.objects.update(next_attempt_at=before)
        assert waits == [1, 5, 15, 60, 180, 360, 720, 1440, 0]
        assert sum(waits) / 60 / 24 == pytest.approx(2, abs=0.1)
        assert row.failed_at is not None
        assert deliver_due() == 0
        assert OutgoingMail.objects.get().attempts == 9

    def test_try_again_starts_anew(self, tmp_path):
        (tmp_path / "mail").write_text("in the way")
        write()
        OutgoingMail.objects.update(attempts=8)
        deliver_due()
        assert OutgoingMail.objects.get().failed_at is not None
        (tmp_path / "mail").unlink()
        assert OutgoingMail.objects.try_again() == 1
        assert deliver_due() == 1

    def test_what_was_delivered_is_not_sent_again(self, tmp_path):
        write()
        deliver_due()
        assert OutgoingMail.objects.try_again() == 0
        assert deliver_due() == 0
        assert len(files(tmp_path)) == 1

    def test_nothing_is_tried_before_its_time(self):
        write()
        OutgoingMail.objects.update(next_attempt_at=timezone.now() + HOUR)
        assert deliver_due() == 0
        assert OutgoingMail.objects.get().attempts == 0

    def test_an_absurdly_long_error_fits(self, tmp_path):
        write()
        OutgoingMail.objects.get().mark_failed("é" * 5000)
        assert len(OutgoingMail.objects.get().last_error) == 300


class TestTwoWorkers:
    def test_a_claimed_message_is_nobody_elses(self):
        write()
        pk = OutgoingMail.objects.get().pk
        assert OutgoingMail.claim(pk) is not None
        assert OutgoingMail.claim(pk) is None
        assert deliver_due() == 0

    def test_a_message_of_a_killed_worker_comes_back_under_the_same_id(self, tmp_path):
        write()
        claimed = OutgoingMail.claim(OutgoingMail.objects.get().pk)
        later = timezone.now() + timedelta(minutes=3)
        assert [row.pk for row in OutgoingMail.objects.due(later)] == [claimed.pk]
        OutgoingMail.objects.update(next_attempt_at=timezone.now())
        assert deliver_due() == 1
        (file,) = files(tmp_path)
        assert parsed(file.read_bytes())["Message-ID"] == claimed.message_id

    def test_a_given_up_message_cannot_be_claimed(self):
        write()
        OutgoingMail.objects.update(failed_at=timezone.now())
        assert OutgoingMail.claim(OutgoingMail.objects.get().pk) is None


class TestForgetting:
    def test_what_ended_ninety_days_ago_goes(self):
        now = timezone.now()
        ages = {"fresh": 89, "old": 91}
        for name, days in ages.items():
            write(f"sent {name}")
            write(f"given up {name}")
            ended = now - timedelta(days=days)
            OutgoingMail.objects.filter(subject=f"sent {name}").update(sent_at=ended)
            OutgoingMail.objects.filter(subject=f"given up {name}").update(failed_at=ended)
        write("waiting")
        OutgoingMail.objects.filter(subject="waiting").update(created_at=now - timedelta(days=400))
        assert OutgoingMail.objects.forget_old(now) == 2
        assert set(OutgoingMail.objects.values_list("subject", flat=True)) == {
            "sent fresh",
            "given up fresh",
            "waiting",
        }

    def test_files_of_thirty_days_ago_go_and_what_is_no_message_of_ours_stays(self, tmp_path):
        write()
        deliver_due()
        others = {"20200101.eml", "20201399T999999000000-abc.eml", "notes.txt", ".keep"}
        kept = {file.name for file in files(tmp_path)} | others
        gone = {"20200101T120000000000-ab_1cd2.eml", ".20200101T120000000000-x.part"}
        for name in kept | gone:
            (tmp_path / "mail" / name).touch()
        now = timezone.now()

        assert forget_old_files(now + timedelta(days=29)) == 2
        assert {file.name for file in (tmp_path / "mail").iterdir()} == kept
        assert forget_old_files(now + timedelta(days=31)) == 1
        assert {file.name for file in (tmp_path / "mail").iterdir()} == others

    def test_without_a_folder_there_is_nothing_to_forget(self, tmp_path):
        assert forget_old_files() == 0
        assert not (tmp_path / "mail").exists()
