"""What the admin keeps only to be read: decisions, notices and mail; never the words of a message."""

import pytest
from django.utils import timezone

from commons.moderation.models import Decision, Flag
from commons.notifications.models import Notice, OutgoingMail
from commons.notifications.notify import notify
from tests.factories import make_post

pytestmark = pytest.mark.django_db

MAIL, NOTICES, DECISIONS = (
    "/admin/notifications/outgoingmail/",
    "/admin/notifications/notice/",
    "/admin/moderation/decision/",
)


@pytest.fixture
def admin(client, administrator, settings):
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"
    client.force_login(administrator)
    return client


def found(response):
    return [str(row) for row in response.context["cl"].result_list]


@pytest.mark.parametrize("path", [MAIL, NOTICES, DECISIONS])
def test_nobody_adds_changes_or_deletes(admin, administrator, member, path):
    make_post(member, title="T").remove(administrator, "Off topic.")
    model = {MAIL: OutgoingMail, NOTICES: Notice, DECISIONS: Decision}[path]
    row = model.objects.first()
    assert admin.get(path).status_code == 200
    assert admin.get(f"{path}{row.pk}/change/").status_code == 200
    assert admin.get(f"{path}add/").status_code == 403
    assert admin.post(f"{path}{row.pk}/change/", {"subject": "x", "reason": "x"}).status_code == 403
    assert admin.post(f"{path}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    before = model.objects.count()
    admin.post(path, {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
    assert model.objects.count() == before


@pytest.mark.parametrize(("path", "number"), [(MAIL, 4), (NOTICES, 5), (DECISIONS, 7)])
def test_the_same_queries_however_many(admin, administrator, member, queries, path, number):
    for more in (1, 2, 47):
        for _one in range(more):
            make_post(member).remove(administrator, "Off topic.")
        admin.get(path)
        with queries(number):
            admin.get(path)


@pytest.mark.parametrize("path", [MAIL, NOTICES])
def test_the_words_of_a_message_are_nowhere(admin, member, path):
    notify(member, "test", "A subject", "zqwords of the message")
    row = {MAIL: OutgoingMail, NOTICES: Notice}[path].objects.get()
    for page in (path, f"{path}{row.pk}/change/", f"{path}?q=zqwords"):
        response = admin.get(page)
        assert "zqwords of" not in response.content.decode()
    assert found(admin.get(path, {"q": "zqwords"})) == []
    assert found(admin.get(path, {"q": "subject"})) == ["A subject"]


class TestMail:
    def test_states(self, admin, member):
        now = timezone.now()
        for subject, more in {
            "Waiting": {},
            "Troubled": {"last_error": "SMTPServerDisconnected"},
            "Delivered": {"sent_at": now},
            "Given up": {"failed_at": now, "last_error": "550 nobody"},
        }.items():
            notify(member, "test", subject)
            OutgoingMail.objects.filter(subject=subject).update(**more)
        for state, subjects in {
            "waiting": {"Waiting", "Troubled"},
            "troubled": {"Troubled"},
            "delivered": {"Delivered"},
            "failed": {"Given up"},
            "nonsense": {"Waiting", "Troubled", "Delivered", "Given up"},
        }.items():
            assert set(found(admin.get(MAIL, {"state": state}))) == subjects, state
        page = admin.get(MAIL).content.decode()
        for words in ("550 nobody", "Waiting after an error", member.email):
            assert words in page

    def test_try_again(self, admin, member):
        for subject in ("Given up", "Delivered"):
            notify(member, "test", subject)
        now = timezone.now()
        OutgoingMail.objects.filter(subject="Given up").update(failed_at=now, attempts=9)
        OutgoingMail.objects.filter(subject="Delivered").update(sent_at=now)
        chosen = list(OutgoingMail.objects.values_list("pk", flat=True))
        response = admin.post(MAIL, {"action": "try_again", "_selected_action": chosen}, follow=True)
        assert [str(message) for message in response.context["messages"]] == [
            "1 e-mail will be tried again within seconds."
        ]
        assert [row.subject for row in OutgoingMail.objects.due()] == ["Given up"]
        assert OutgoingMail.objects.due().get().attempts == 0


class TestDecisions:
    def test_filters_and_search(self, admin, administrator, member):
        make_post(member, title="One").remove(administrator, "It names a patient.")
        make_post(member, title="Two")
        assert set(found(admin.get(DECISIONS))) == {
            "Removed: One",
            "Sent in by its author: One",
            "Sent in by its author: Two",
        }
        assert found(admin.get(f"{DECISIONS}?action__exact=remove")) == ["Removed: One"]
        for words, rows in {"patient": 1, "Two": 1, "Istrator": 1, "nothing": 0}.items():
            assert len(found(admin.get(DECISIONS, {"q": words}))) == rows, words

    def test_dates_that_are_none(self, admin, member):
        make_post(member)
        for query in (
            "at__year=abc",
            "at__year=99999999999999999999",
            "at__month=13&at__year=2026",
            "at__gte=x",
        ):
            assert admin.get(f"{DECISIONS}?{query}", follow=True).status_code < 500, query


class TestNotices:
    def test_read_and_unread(self, admin, member):
        notify(member, "test", "Read")
        Notice.objects.update(read_at=timezone.now())
        notify(member, "test", "Unread")
        assert found(admin.get(NOTICES, {"read": "yes"})) == ["Read"]
        assert found(admin.get(NOTICES, {"read": "no"})) == ["Unread"]

    def test_who_reported_something_is_not_among_them(self, admin, member, administrator):
        post = make_post(administrator)
        notify(member, "test", "Other")
        Flag.objects.report(post, reason="harm", by=member)
        assert member.notices.count() == 2
        assert found(admin.get(NOTICES)) == ["Other"]
        hidden = member.notices.get(kind="report.received")
        assert admin.get(f"{NOTICES}{hidden.pk}/change/").status_code == 302
