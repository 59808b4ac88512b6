"""Starting a thread: what the form begins with, and the threads like it that are shown first."""

import re
import uuid

import pytest

from commons.tagging.models import Principle, ServiceSector
from forum.models import Thread
from tests.factories import make_comment, make_thread

pytestmark = pytest.mark.django_db


def typed(**values):
    return {
        "title": "How do we pay people for their time?",
        "body": "We would like to.",
        "principles": [Principle.objects.first().pk],
        "sectors": [ServiceSector.objects.first().pk],
        "audience": "everyone",
        "form_key": str(uuid.uuid4()),
        "do": "publish",
        **values,
    }


def initial(client, address):
    return client.get(address).context["form"].initial


def offered(client, text):
    """Return the titles that the piece of HTML for a title names."""
    html = client.get("/forum/similar/", {"q": text}).content.decode()
    return re.findall(r'<li><a href="/forum/[^"]+">([^<]+)</a>', html)


# --- the form ---------------------------------------------------------------------------------------


def test_whether_it_is_a_question_is_asked_first_and_chosen_by_the_address(client, member):
    client.force_login(member)
    form = client.get("/forum/new/").context["form"]
    assert (next(iter(form.fields)), form.initial["is_question"]) == ("is_question", False)
    assert initial(client, "/forum/new/?question=1")["is_question"] is True
    assert initial(client, "/forum/new/?question=yes")["is_question"] is False


def test_an_address_may_name_principle_and_sector(client, member):
    client.force_login(member)
    principle, sector = Principle.objects.all()[1], ServiceSector.objects.all()[2]
    address = f"/forum/new/?question=1&principle={principle.slug}&sector={sector.slug}&sector=no-such"
    begun = initial(client, address)
    assert (begun["principles"], begun["sectors"]) == ([principle.pk], [sector.pk])
    assert f'value="{principle.pk}" id="id_principles_1" checked' in client.get(address).content.decode()


def test_a_published_question_is_open_and_a_discussion_is_neither(client, member):
    client.force_login(member)
    client.post("/forum/new/", typed(is_question="on"))
    client.post("/forum/new/", typed())
    assert list(Thread.objects.order_by("pk").values_list("subtype", "answered", "is_question")) == [
        ("question", False, True),
        ("discussion", None, False),
    ]


def test_what_was_kept_when_the_session_ended_comes_back_as_it_was(client, member, client_kept):
    kept = client_kept(member, typed(title="Kept words"))
    begun = initial(client, f"/forum/new/?question=1&kept={kept.token}")
    assert (begun["title"], begun["is_question"]) == ("Kept words", False)


@pytest.fixture
def client_kept(client):
    """Return a function that sends a form without a session, signs its member in and returns what was kept."""
    from commons.contributions.kept import sign_writer
    from commons.contributions.models import KeptText

    def keep(member, form):
        client.post("/forum/new/", {**form, "written_by": sign_writer(member)})
        client.force_login(member)
        return KeptText.objects.get()

    return keep


# --- threads like it --------------------------------------------------------------------------------


def test_the_preview_shows_threads_like_it_without_script(client, member):
    alike = make_thread(member, title="Do you pay people for their time?", is_question=True)
    alike.mark_best(make_comment(alike))
    make_thread(member, title="Boats and bridges")
    client.force_login(member)
    response = client.post("/forum/new/", typed(do="preview"))
    assert [row.title for row in response.context["similar"]] == [alike.title]
    assert "Question, answered" in response.content.decode()
    plain = client.post("/forum/new/", typed(do="preview", title="Nothing of the kind"))
    assert plain.context["similar"] == []


def test_any_of_the_words_is_enough_and_the_most_alike_come_first(client, member):
    make_thread(member, title="Our own minibus, at last")
    make_thread(member, title="Hiring a minibus together")
    make_thread(member, title="Hiring")
    make_thread(member, title="Tea")
    assert offered(client, "How are we hiring a minibus?") == [
        "Hiring a minibus together",
        "Hiring",
        "Our own minibus, at last",
    ]


def test_at_most_five_are_shown(client, member):
    for number in range(7):
        make_thread(member, title=f"Minibus {number}")
    assert len(offered(client, "minibus")) == 5


def test_nothing_hidden_and_no_other_kind_is_suggested(client, member, other_member, administrator):
    from tests.factories import make_post

    make_thread(member, title="Minibus in public")
    make_thread(member, title="Minibus inside", audience="members")
    make_thread(member, title="Minibus draft", publish=False)
    make_thread(member, title="Minibus removed").remove(administrator, "Spam")
    make_thread(member, title="Minibus withdrawn").withdraw(member)
    make_post(member, title="Minibus post")
    assert offered(client, "minibus") == ["Minibus in public"]
    client.force_login(other_member)
    assert set(offered(client, "minibus")) == {"Minibus in public", "Minibus inside"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "ab",
        '"',
        "\x00",
        "\ud800",
        "NEAR(",
        "a OR b*",
        "'; DROP TABLE",
        "<script>",
        "the of and",
        "é" * 300,
    ],
)
def test_any_text_is_safe(client, member, text):
    make_thread(member, title="Minibus")
    response = client.get(f"/forum/similar/?q={_quoted(text)}")
    # What nobody can type is refused before it comes here.
    expected = 400 if text == "\x00" else 200
    assert (response.status_code, "Minibus" in response.content.decode()) == (expected, False)


def _quoted(text):
    from urllib.parse import quote_from_bytes

    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))


def test_a_title_can_bring_no_markup_in(client, member):
    make_thread(member, title="Minibus <img src=x onerror=alert(1)>")
    html = client.get("/forum/similar/", {"q": "minibus"}).content.decode()
    assert "<img" not in html
    assert "Minibus &lt;img" in html


def test_only_looking_is_answered(client):
    assert client.post("/forum/similar/", {"q": "minibus"}).status_code == 405


@pytest.mark.parametrize("number", [1, 3, 50])
def test_it_costs_four_queries(client, queries, number, member, settings):
    settings.NETWORK_POST_RATE = "0"
    for _ in range(number):
        make_thread(member, title="Sharing a minibus")
    client.get("/forum/similar/?q=minibus+together")
    for words in ("minibus+together", "minibus"):
        with queries(4):
            client.get(f"/forum/similar/?q={words}")


def test_one_that_is_being_edited_is_not_compared(client, member):
    thread = make_thread(member, title="Minibus")
    client.force_login(member)
    assert b"data-similar" in client.get("/forum/new/").content
    assert b"data-similar" not in client.get(thread.url_below("edit/")).content
