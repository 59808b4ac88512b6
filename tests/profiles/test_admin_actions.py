"""What administrators do with several members: the confirming mail again, and the list as a table."""

import csv
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client

from commons.markup.spreadsheets import safe
from profiles.models import Member
from profiles.table import COLUMNS
from tests.factories import consume, make_administrator, make_member
from tests.profiles.joining import JOIN, answers, confirm

pytestmark = pytest.mark.django_db
LIST = "/admin/profiles/member/"


@pytest.fixture
def boss():
    return make_administrator("Boss")


@pytest.fixture
def staff(client, boss):
    client.force_login(boss)
    return client


def do(client, action, *members, query="", **more):
    chosen = {"action": action, "_selected_action": [m.pk for m in members], **more}
    return client.post(f"{LIST}{query}", chosen, follow=True)


# --- the confirming mail ----------------------------------------------------------------------------


def test_sent_again_and_it_works(staff):
    Client().post(JOIN, answers())
    member = Member.objects.get(email="ann@example.org")
    mail.outbox.clear()
    from django.core.cache import cache

    cache.clear()  # some minutes later
    page = do(staff, "send_confirmation_again", member).content.decode()
    assert "1 confirming e-mail is on its way." in page
    (message,) = mail.outbox
    assert message.to == ["ann@example.org"]
    confirm(Client(), message)
    member.refresh_from_db()
    assert member.confirmed_at


def test_not_to_those_who_have_confirmed_nor_again_at_once(staff):
    member, confirmed = make_member(confirmed=False), make_member()
    assert "1 confirming e-mail" in do(staff, "send_confirmation_again", member, confirmed).content.decode()
    page = do(staff, "send_confirmation_again", member, confirmed).content.decode()
    assert "wait a few minutes" in page
    assert [message.to for message in mail.outbox] == [[member.email]]


# --- the table --------------------------------------------------------------------------------------


def table(response):
    text = consume(response).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_table(staff, boss):
    ann = make_member("Ann “Á” Lee", email="ann@example.org", organisation="Acme, Ltd", roles=["carer"])
    response = do(staff, "download_members", ann)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="members-2')
    assert "no-store" in response.headers["Cache-Control"]
    heads, row = table(response)
    assert heads == [str(name) for name in COLUMNS.values()]
    assert row[:4] == ["Ann “Á” Lee", "ann-a-lee", "ann@example.org", "Member"]
    assert "Acme, Ltd" in row
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr) == (boss, "1 member")


def test_it_follows_the_filters(staff):
    make_member("Unconfirmed", confirmed=False)
    first = make_member("Ann Lee")
    response = do(staff, "download_members", first, query="?standing=unconfirmed", select_across="1")
    assert [row[0] for row in table(response)[1:]] == ["Unconfirmed"]


@pytest.mark.parametrize("count", [1, 3, 50])
def test_it_costs_the_same_for_any_number(boss, queries, count):
    from profiles.table import lines

    for _number in range(count):
        make_member()
    with queries(1):
        assert len(list(lines(Member.objects.exclude(pk=boss.pk)))) == count + 1


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1", "－1", "＋1", "＠x"],
)
def test_no_cell_is_a_formula(cell):
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Ann Lee", "a=b", "ann@example.org", "2026-11-23 10:00"])
def test_other_cells_stay_as_they_are(cell):
    assert safe(cell) == cell


def test_formulas_that_members_wrote(staff):
    ann = make_member('=HYPERLINK("http://x")', organisation='@cmd|" /C calc"!A0', place="+1\r\n=2")
    row = table(do(staff, "download_members", ann))[1]
    assert [cell for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
    assert '\'=HYPERLINK("http://x")' in row


def test_only_for_those_who_may(client):
    helper = make_member("Helper", is_staff=True)
    for name in ("view_member", "change_member", "moderate_member"):
        helper.user_permissions.add(Permission.objects.get(codename=name))
    client.force_login(helper)
    assert "download_members" not in client.get(LIST).content.decode()
    response = do(client, "download_members", make_member())
    assert "text/csv" not in response.headers["Content-Type"]
    helper.user_permissions.add(Permission.objects.get(codename="download_member"))
    assert "text/csv" in do(client, "download_members", make_member()).headers["Content-Type"]
