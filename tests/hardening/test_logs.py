"""The log: one JSON object a line, with an id for each request, saying who did what and nothing that anybody typed."""

import json
import logging
import sys
import threading

import pytest
from django.core import mail
from django.test import Client

from network import log_lines, logs
from network.log_lines import JsonLines, Of, SharedFile
from tests.factories import PASSWORD, make_administrator, make_member, make_post
from tests.profiles.joining import answers, confirm, path_in, sign_in

pytestmark = pytest.mark.django_db


class Lines(logging.Handler):
    """Keeps each record as the line it would be."""

    def __init__(self):
        super().__init__()
        self.formatter = JsonLines()
        self.lines = []

    def emit(self, record):
        self.lines.append(json.loads(self.format(record)))

    def of(self, logger):
        return [line for line in self.lines if line["logger"] == f"network.{logger}"]

    def events(self):
        return [line["event"] for line in self.of("actions")]


@pytest.fixture
def log():
    handler, root = Lines(), logging.getLogger()
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


def last_request(log):
    return log.of("requests")[-1]


class TestRequests:
    def test_one_line_with_an_id_that_the_answer_carries(self, client, log):
        response = client.get("/blog/?page=1", headers={"x-request-id": "of-a-stranger"})
        (line,) = log.of("requests")
        assert line["request"] == response.headers["X-Request-ID"] != "of-a-stranger"
        assert {key: line[key] for key in ("level", "event", "method", "path", "status", "view")} == {
            "level": "INFO", "event": "request", "method": "GET", "path": "/blog/", "status": 200,
            "view": "blog:list",
        }  # fmt: skip
        assert line["ms"] >= 0
        assert line["time"].endswith("+00:00")

    def test_each_request_has_its_own_id(self, client, log):
        ids = [client.get("/healthz").headers["X-Request-ID"] for _time in range(3)]
        assert [line["request"] for line in log.of("requests")] == ids
        assert len(set(ids)) == 3

    def test_a_member_is_named_by_id(self, client, member, log):
        client.force_login(member)
        client.get("/inbox/")
        assert last_request(log)["member"] == member.pk

    @pytest.mark.parametrize(
        ("path", "logged"),
        [
            ("/search/?q=Ann+Lee", "/search/"),
            ("/members/ann-lee/", "/members/…/"),
            ("/members/ann-lee/photo/a.webp", "/members/…/photo/…"),
            ("/blog/12-what-ann-said/", "/blog/12/"),
            ("/inbox/7/read/", "/inbox/7/read/"),
            ("/keywords/ann/", "/keywords/…/"),
            ("/accounts/password/reset/key/1-abc-secret/", "/accounts/password/reset/key/…/"),
            ("/accounts/confirm-email/secret:key/", "/accounts/confirm-email/…/"),
            ("/blog/archive/2010/04/", "/blog/archive/2010/4/"),
            ("/ann@example.org/", "…"),
            ("/appeals/SECRET-1/", None),
            ("/static/nothing.css", "…"),
            ("/admin/profiles/member/3/change/", "/admin/profiles/member/3/change/"),
            ("/admin/profiles/member/ann/change/", "/admin/profiles/member/…/change/"),
        ],
    )
    def test_a_path_is_logged_without_what_stands_in_it(self, client, log, path, logged):
        client.get(path)
        said = last_request(log)
        assert logged is None or said["path"] == logged
        del said["request"]  # drawn by chance: one in a hundred has "abc" in it
        line = json.dumps(said)
        for word in ("ann", "Ann", "secret", "SECRET", "abc", "what", "q="):
            assert word not in line

    def test_a_method_nobody_knows(self, client, log):
        client.generic("ANN@EXAMPLE.ORG", "/healthz")
        assert last_request(log)["method"] == "other"

    def test_an_error_is_a_line_too_without_its_words(self, client, member, log, monkeypatch):
        def fail(view):
            raise ValueError(f"no place for {member.email}") from KeyError("Ann Lee")

        monkeypatch.setattr("commons.notifications.views.InboxView.get_queryset", fail)
        client.force_login(member)
        client.raise_request_exception = False
        response = client.get("/inbox/?q=Ann")
        assert last_request(log)["status"] == 500
        (error,) = [line for line in log.lines if "error" in line]
        assert (error["level"], error["error"]) == ("ERROR", "ValueError from KeyError")
        assert error["request"] == response.headers["X-Request-ID"]
        assert error["trace"][-1].startswith("tests/hardening/test_logs.py:")
        assert not {word for word in ("Ann", "example.org", "q=") if word in json.dumps(log.lines)}
        assert response.headers["X-Request-ID"] in response.content.decode()


class TestWhoDidWhat:
    def test_signing_in_failing_and_out(self, client, log):
        ann = make_member("Ann Lee", email="ann@example.org")
        sign_in(client, "ann@example.org", "a wrong pass phrase")
        sign_in(client, " ANN@example.org", "another wrong one")
        sign_in(client, "nobody@example.org", "another wrong one")
        sign_in(client, "ann@example.org")
        client.post("/accounts/logout/")
        failed = [line["address"] for line in log.of("actions") if line["event"] == "signing in failed"]
        assert failed[0] == failed[1] != failed[2]
        assert failed[0] == logs.keyed("ann@example.org")
        rest = [(line["event"], line["member"]) for line in log.of("actions") if "address" not in line]
        assert rest == [("signed in", ann.pk), ("signed out", ann.pk)]

    def test_the_key_of_an_address_is_the_sites_own(self, settings):
        before = logs.keyed("ann@example.org")
        settings.SECRET_KEY = "another-" * 10
        assert logs.keyed("ann@example.org") != before

    def test_refusals(self, member, log):
        strict = Client(enforce_csrf_checks=True)
        strict.post("/accounts/login/", {"login": "ann@example.org"})
        client = Client()
        client.force_login(make_administrator(is_superuser=False))
        client.get("/admin/profiles/member/")
        for number in range(21):
            Client().post("/accounts/password/reset/", {"email": f"a{number}@example.org"})
        refused = [line for line in log.of("actions") if line["event"] == "refused"]
        assert [(line["status"], line["path"], line["level"]) for line in refused] == [
            (403, "/accounts/login/", "WARNING"),
            (403, "/admin/profiles/member/", "WARNING"),
            (429, "/accounts/password/reset/", "WARNING"),
        ]
        assert "member" in refused[1]

    def test_decisions_once_they_stand(self, administrator, log, django_capture_on_commit_callbacks):
        post = make_post()
        with django_capture_on_commit_callbacks(execute=True):
            post.remove(administrator, "It names Ann Lee.")
        (line,) = [line for line in log.of("actions") if line["event"] == "decided"]
        assert (line["action"], line["about"], line["member"]) == (
            "remove", f"contribution {post.pk}", administrator.pk,
        )  # fmt: skip
        assert "Ann" not in json.dumps(line)

    def test_a_decision_that_was_rolled_back_is_not_logged(self, administrator, log):
        make_post().remove(administrator, "Off topic.")  # the test's own transaction never ends well
        assert "decided" not in log.events()


JOURNEY = {
    "name": "Wilhelmina Quarrington",
    "email": "wilhelmina.quarrington@example.org",
    "password": "a pass phrase nobody knows",
    "title": "Kittiwakes by the harbour",
    "body": "A quiet word about the ferryman.",
    "search": "zeugma",
}


def test_a_whole_journey_leaves_nothing_personal(client, log, django_capture_on_commit_callbacks):
    """Join, confirm, sign in, write, search, report, forget the password, change it, be refused, be removed."""
    administrator = make_administrator()
    email, password = JOURNEY["email"], JOURNEY["password"]
    joining = answers(display_name=JOURNEY["name"], email=email, password1=password)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/signup/", joining)
        confirm(client, mail.outbox[-1])
        client.post("/accounts/logout/")
        sign_in(client, email, "a wrong pass phrase")
        sign_in(client, email, password)
        form = {"title": JOURNEY["title"], "body": JOURNEY["body"], "audience": "everyone", "do": "publish"}
        client.post("/blog/new/", {**form, "principles": "1", "sectors": "1", "keywords": "ferrymen"})
        post = make_post(title=JOURNEY["title"], body=JOURNEY["body"])
        client.get(post.get_absolute_url())
        client.get(f"/search/?q={JOURNEY['search']}&keyword=ferrymen")
        client.get("/members/wilhelmina-quarrington/")
        client.post("/members/me/edit/", {"display_name": JOURNEY["name"], "about": JOURNEY["body"]})
        client.post("/report-an-issue/", {"kind": "other", "text": JOURNEY["body"], "email": email})
        client.post("/accounts/password/reset/", {"email": email})
        client.get(path_in(mail.outbox[-1], "password/reset/key"), follow=True)
        client.post("/accounts/password/change/", {"oldpassword": password, "password1": f"{password} two"})
        client.get(f"/{email}/")
        client.get("/admin/")
        Client(enforce_csrf_checks=True).post("/blog/new/", form)
        post.remove(administrator, JOURNEY["body"])
    said = json.dumps(log.lines).lower()
    secrets = [path_in(message, "/").split("/")[-2] for message in mail.outbox if "key" in message.body]
    words = [*JOURNEY.values(), "wilhelmina", "quarrington", "kittiwakes", "ferrym", "example.org", PASSWORD,
             "127.0.0.1", client.session.session_key or "-" * 9, *secrets]  # fmt: skip
    assert [word for word in words if word.lower() in said] == []
    assert {"joined", "address confirmed", "signed in", "signed out", "signing in failed", "decided", "refused",
            "password changed"} <= set(log.events())  # fmt: skip


class TestLines:
    def line(self, message, *args, **fields):
        record = logging.LogRecord("a.b", logging.WARNING, __file__, 1, message, args, None)
        record.__dict__.update(fields)
        return JsonLines().format(record)

    def test_a_line_is_one_line_of_json_whatever_it_says(self):
        said = self.line("two\nlines \x00 \ud800 “%s”", "\r\n{")
        assert "\n" not in said
        assert json.loads(said)["event"] == "two\nlines \x00 \ud800 “\r\n{”"

    @pytest.mark.parametrize(
        "said", ["<ann@example.org>", "(email)=(ann@example.org)", "to:ann@example.org,x"]
    )
    def test_an_address_in_words_of_others_is_left_out(self, said):
        assert "example.org" not in self.line("failed: %s", said)

    def test_an_overlong_line_is_cut(self):
        assert len(self.line("a" * 100_000)) < 3000

    def test_an_error_without_its_message(self):
        try:
            int("ann")
        except ValueError:
            said = json.loads(self.line("went wrong", exc_info=sys.exc_info()))
        assert (said["error"], said["event"]) == ("ValueError", "went wrong")
        assert "ann" not in json.dumps(said)

    def test_what_goes_where(self):
        from django.conf import settings

        handlers = settings.LOGGING["handlers"]
        record = logging.makeLogRecord
        access, events = Of(names=["network.requests"]), Of(but=["network.requests"])
        assert access.filter(record({"name": "network.requests"}))
        assert not events.filter(record({"name": "network.requests"}))
        assert not access.filter(record({"name": "django.request"}))
        assert events.filter(record({"name": "django.request"}))
        assert handlers["access"]["filename"] == settings.NETWORK_DATA / "logs" / "access.log"
        assert {handler["formatter"] for handler in handlers.values()} == {"json"}


class TestTheFile:
    def write(self, file, text="a line"):
        file.handle(logging.makeLogRecord({"msg": text}))

    @pytest.fixture
    def file(self, tmp_path):
        file = SharedFile(tmp_path / "logs" / "access.log")
        yield file
        file.close()

    def test_made_with_the_first_line_for_owner_and_group(self, file, tmp_path):
        path = tmp_path / "logs" / "access.log"
        assert not path.exists()
        self.write(file)
        assert path.read_text() == "a line\n"
        assert path.stat().st_mode & 0o007 == 0

    def test_put_aside_when_large_by_whichever_process_is_first(self, file, tmp_path, monkeypatch):
        monkeypatch.setattr(log_lines, "LARGEST_FILE", 100)
        other = SharedFile(tmp_path / "logs" / "access.log")
        for number in range(30):
            self.write(file if number % 2 else other, f"line {number:02}")
        other.close()
        now, before = tmp_path / "logs" / "access.log", tmp_path / "logs" / "access.log.1"
        kept = (before.read_text() + now.read_text()).splitlines()
        assert kept == [f"line {number:02}" for number in range(30)][-len(kept) :]
        assert len(kept) > 12

    def test_lines_of_many_threads_stay_whole(self, file, tmp_path):
        def write_many():
            for _number in range(50):
                self.write(file, "a" * 300)

        threads = [threading.Thread(target=write_many) for _number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set((tmp_path / "logs" / "access.log").read_text().splitlines()) == {"a" * 300}

    def test_a_folder_that_cannot_be_written_stops_nothing(self, tmp_path, capsys):
        (tmp_path / "logs").write_text("a file where a folder is needed")
        file = SharedFile(tmp_path / "logs" / "access.log")
        self.write(file)
        file.close()
        assert capsys.readouterr().err == ""
