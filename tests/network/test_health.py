"""/healthz answers as long as the web server does, /readyz when all that the site needs is there."""

from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from network import health
from network.models import WorkerBeat
from network.worker import Worker
from tests.factories import make_administrator

Usage = namedtuple("Usage", "total used free")
ALL = "database: ok\ndisk: ok\nmigrations: ok\nworker: ok\n"


class TestAlive:
    def test_plain_ok_without_a_database(self, client):
        # No database mark: a query would fail the test.
        response = client.get("/healthz")
        assert (response.status_code, response.content) == (200, b"ok\n")
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert "no-store" in response["Cache-Control"]
        assert response.cookies == {}

    def test_nor_for_somebody_who_is_signed_in(self, client):
        client.cookies["sessionid"] = "a" * 32
        assert client.get("/healthz").status_code == 200

    def test_head_and_no_other_method(self, client):
        assert client.head("/healthz").status_code == 200
        assert client.post("/healthz").status_code == 405

    @pytest.mark.parametrize("path", ["/healthz?x=1", "/healthz?x=" + "1" * 3000])
    def test_a_query_does_not_matter(self, client, path):
        assert client.get(path).status_code == 200

    def test_a_host_that_is_not_ours(self, client):
        assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.django_db
class TestReady:
    @pytest.fixture(autouse=True)
    def _anew(self, monkeypatch):
        monkeypatch.setattr(health, "_migrated", False)
        Worker()._go_on()

    def answer(self, client):
        response = client.get("/readyz")
        return response.status_code, response.content.decode()

    def test_one_word_for_strangers(self, client, member):
        assert self.answer(client) == (200, "ready\n")
        client.force_login(member)
        assert self.answer(client) == (200, "ready\n")
        response = Client().get("/readyz")
        assert "no-store" in response["Cache-Control"]
        assert response.cookies == {}

    def test_administrators_are_told_more(self, client, administrator):
        client.force_login(administrator)
        assert self.answer(client) == (200, f"ready\n{ALL}")

    def test_a_suspended_administrator_is_not(self, client):
        client.force_login(make_administrator(suspended_until=timezone.now() + timedelta(days=1)))
        assert self.answer(client) == (200, "ready\n")

    def test_asking_costs_little(self, client, queries):
        client.get("/readyz")
        with queries(2):
            client.get("/readyz")

    def test_a_worker_that_was_not_seen_lately(self, client, administrator):
        WorkerBeat.objects.update(at=timezone.now() - health.WORKER_AWAY_FOR - timedelta(seconds=1))
        assert self.answer(client) == (503, "not ready\n")
        client.force_login(administrator)
        assert self.answer(client) == (503, "not ready\n" + ALL.replace("worker: ok", "worker: not ok"))
        WorkerBeat.objects.all().delete()
        assert self.answer(client)[0] == 503

    def test_a_worker_has_time_to_spare(self):
        assert timedelta(seconds=4 * WorkerBeat.EVERY) < health.WORKER_AWAY_FOR

    def test_migrations_that_wait(self, client, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr(MigrationExecutor, "migration_plan", lambda executor, targets: [("a", False)])
            assert self.answer(client) == (503, "not ready\n")
        assert self.answer(client) == (200, "ready\n")

    @pytest.mark.parametrize(
        ("usage", "status"),
        [
            (Usage(10**12, 0, 100_000_001), 200),
            (Usage(10**12, 0, 99_999_999), 503),
            (Usage(50_000_000, 0, 3_000_000), 200),
            (Usage(50_000_000, 0, 2_000_000), 503),
        ],
    )
    def test_room_on_the_disk(self, client, monkeypatch, usage, status):
        monkeypatch.setattr(health.shutil, "disk_usage", lambda folder: usage)
        assert self.answer(client)[0] == status

    def test_a_data_folder_that_is_gone(self, client, settings, tmp_path):
        settings.NETWORK_DATA = tmp_path / "gone"
        assert self.answer(client) == (503, "not ready\n")


class TestWithoutADatabase:
    @pytest.mark.parametrize("session", ["", "a" * 32])
    def test_not_ready_and_no_error(self, client, monkeypatch, session):
        class Away:
            def cursor(self):
                raise OperationalError("could not connect to server at 10.0.0.1")

        monkeypatch.setattr(health, "connection", Away())
        if session:
            client.cookies["sessionid"] = session
        response = client.get("/readyz")
        assert (response.status_code, response.content) == (503, b"not ready\n")
