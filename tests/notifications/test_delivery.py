"""Delivery to a real mail server: byte for byte, each once, whatever the server or a killed worker does."""

import socket
import threading
from email import message_from_bytes, policy

import pytest
from django.core.mail import EmailMessage

from commons.notifications.mail import deliver_due
from commons.notifications.models import OutgoingMail
from tests.smtp import mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server():
    with mail_server() as server:
        yield server


@pytest.fixture(autouse=True)
def _queue(settings):
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"
    settings.DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_TIMEOUT = 30


@pytest.fixture
def deliver(settings, server):
    """Deliver to `server` what is due."""
    settings.EMAIL_PORT = server.port
    return deliver_due


def write(subject="Hello", body="Some words.", to=("ann@example.org",), **more):
    EmailMessage(subject, body, "Network <network@example.org>", list(to), **more).send()


def due_now():
    OutgoingMail.objects.waiting().update(next_attempt_at="2026-01-01T00:00:00Z")


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class TestWhatArrives:
    def test_the_stored_bytes(self, server, deliver):
        write("Grüße 🧵" * 20, "Tŷ, 日本\nFrom here\n.\n..\n" + "long " * 400, to=["Zoë <zoe@exämple.org>"])
        stored = bytes(OutgoingMail.objects.get().message)
        assert deliver() == 1
        (message,) = server.received
        assert message.content == stored
        assert (message.sender, message.recipients) == ("network@example.org", ["zoe@xn--exmple-cua.org"])

    def test_a_second_try_sends_the_same_bytes(self, server, deliver):
        write("Grüße 🧵", "Tŷ\nFrom here\n")
        server.answer = lambda verb, line: "451 later" if verb == "DATA" and not server.received else None
        assert deliver() == 0
        stored = bytes(OutgoingMail.objects.get().message)
        server.answer = lambda verb, line: None
        due_now()
        assert deliver() == 1
        assert [message.content for message in server.received] == [stored]

    def test_a_blind_copy_names_nobody_else(self, server, deliver):
        write(to=["ann@example.org"], bcc=["bola@example.org"])
        deliver()
        assert sorted(message.recipients for message in server.received) == [
            ["ann@example.org"],
            ["bola@example.org"],
        ]
        assert all(b"bola" not in message.content for message in server.received)

    def test_one_conversation_for_many(self, server, deliver):
        for number in range(5):
            write(f"Number {number}")
        assert deliver() == 5
        assert server.connections == 1
        subjects = [message_from_bytes(m.content, policy=policy.default)["Subject"] for m in server.received]
        assert subjects == [f"Number {number}" for number in range(5)]


class TestTrouble:
    def test_one_refused_recipient_does_not_hold_up_the_others(self, server, deliver):
        server.answer = lambda verb, line: "550 nobody here" if "bola@" in line and verb == "RCPT" else None
        write(to=["ann@example.org", "bola@example.org", "cy@example.org"])
        write("Another")
        assert deliver() == 3
        refused = OutgoingMail.objects.get(sent_at=None)
        assert refused.recipient == "bola@example.org"
        assert "nobody here" in refused.last_error
        assert refused.attempts == 1

    def test_a_server_that_hangs_up_in_between(self, server, deliver):
        write("First")
        write("Second")
        server.answer = lambda verb, line: "421 closing" if verb == "DATA" and not server.received else None
        assert deliver() == 0
        server.answer = lambda verb, line: None
        due_now()
        assert deliver() == 2

    def test_no_server_costs_no_attempt_and_one_knock(self, settings, server):
        settings.EMAIL_PORT = closed_port()
        for _number in range(3):
            write()
        assert deliver_due() == 0
        assert deliver_due() == 0
        rows = OutgoingMail.objects.all()
        assert [row.attempts for row in rows] == [0, 0, 0]
        assert all(row.last_error.startswith("ConnectionRefusedError") for row in rows)
        settings.EMAIL_PORT = server.port
        due_now()
        assert deliver_due() == 3

    def test_a_server_away_for_two_days(self, settings):
        settings.EMAIL_PORT = closed_port()
        write("Old")
        OutgoingMail.objects.update(waiting_since="2026-01-01T00:00:00Z")
        write("New")
        deliver_due()
        states = {row.subject: row.failed_at is not None for row in OutgoingMail.objects.all()}
        assert states == {"Old": True, "New": False}

    def test_try_again_after_that_waits_two_more_days(self, settings):
        settings.EMAIL_PORT = closed_port()
        write()
        OutgoingMail.objects.update(waiting_since="2026-01-01T00:00:00Z")
        deliver_due()
        OutgoingMail.objects.try_again()
        deliver_due()
        assert OutgoingMail.objects.get().failed_at is None

    def test_a_refused_password_is_the_servers_trouble(self, settings, server, deliver):
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "network", "wrong"
        answers = {"EHLO": "250-test\r\n250 AUTH PLAIN", "AUTH": "535 no"}
        server.answer = lambda verb, line: answers.get(verb)
        write()
        assert deliver() == 0
        row = OutgoingMail.objects.get()
        assert row.attempts == 0
        assert row.last_error.startswith("SMTPAuthenticationError")
        assert "wrong" not in row.last_error

    def test_a_server_that_dies_after_taking_the_message(self, server, deliver):
        """It can't be known whether the message arrived: it is sent again, under the same Message-ID."""

        def hang_up(message):
            if len(server.received) == 1:
                raise ConnectionResetError

        server.finish = hang_up
        write()
        assert deliver() == 0
        due_now()
        assert deliver() == 1
        first, second = server.received
        assert first.content == second.content


WRITE = """
from django.core.mail import EmailMessage
for number in range({number}):
    EmailMessage(f"Number {{number}}", "Words", "network@example.org", ["ann@example.org"]).send()
"""
DUE = """
from commons.notifications.models import OutgoingMail
OutgoingMail.objects.waiting().update(next_attempt_at="2026-01-01T00:00:00Z")
"""
LEFT = """
from commons.notifications.models import OutgoingMail
print(OutgoingMail.objects.waiting().count())
"""


class TestProcesses:
    def test_two_workers_send_each_message_once(self, other_site, server):
        other_site.python(WRITE.format(number=60))
        workers = [other_site.start("run_worker", "--once", EMAIL_URL=server.url) for _number in range(2)]
        for worker in workers:
            output, _none = worker.communicate()
            assert worker.returncode == 0, output
        assert other_site.python(LEFT) == "0"
        arrived = [message.content for message in server.received]
        assert len(arrived) == len(set(arrived)) == 60

    def test_a_killed_worker_repeats_at_most_the_message_in_flight(self, other_site, server):
        other_site.python(WRITE.format(number=5))
        in_flight, killed = threading.Event(), threading.Event()

        def hang(message):
            if len(server.received) == 3:
                in_flight.set()
                killed.wait(60)

        server.finish = hang
        worker = other_site.start("run_worker", EMAIL_URL=server.url)
        assert in_flight.wait(60)
        worker.kill()
        worker.communicate()
        killed.set()
        other_site.python(DUE)
        again = other_site.manage("run_worker", "--once", EMAIL_URL=server.url)
        assert again.returncode == 0, again.stderr
        assert other_site.python(LEFT) == "0"
        arrived = [message.content for message in server.received]
        assert len(arrived) == 6
        assert len(set(arrived)) == 5
        assert arrived.count(arrived[2]) == 2

    def test_a_signal_ends_it_after_the_message_in_flight(self, other_site, server):
        other_site.python(WRITE.format(number=3))
        in_flight, signalled = threading.Event(), threading.Event()

        def wait(message):
            in_flight.set()
            signalled.wait(60)

        server.finish = wait
        worker = other_site.start("run_worker", EMAIL_URL=server.url)
        assert in_flight.wait(60)
        worker.terminate()
        signalled.set()
        output, _none = worker.communicate()
        assert worker.returncode == 0, output
        assert len(server.received) == 1
        assert other_site.python(LEFT) == "2"
        other_site.manage("run_worker", "--once", EMAIL_URL=server.url)
        assert other_site.python(LEFT) == "0"
        assert len({message.content for message in server.received}) == 3
