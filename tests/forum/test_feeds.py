"""The forum's feeds: the same threads as its lists, and the replies of one public thread."""

from xml.etree import ElementTree as ET

import pytest

from tests.factories import make_comment, make_member, make_thread

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def read(response):
    return ET.fromstring(response.content)  # noqa: S314 -- our own


def texts(feed, name):
    return [entry.find(f"{ATOM}{name}").text for entry in feed.findall(f"{ATOM}entry")]


def test_the_feed_of_a_list_holds_what_the_list_holds(client, member):
    answered = make_thread(member, title="Answered", is_question=True)
    answered.mark_best(make_comment(answered))
    make_thread(member, title="Open", is_question=True)
    make_thread(member, title="Talk")
    make_thread(member, title="Inside", is_question=True, audience="members")
    principle = answered.principles.get()
    for query, expected in (
        ("", ["Talk", "Open", "Answered"]),
        ("?show=open", ["Open"]),
        ("?show=unanswered&sort=helpful", ["Talk", "Open"]),
        (f"?show=answered&principle={principle.slug}", ["Answered"]),
        ("?show=answered&year=1999", []),
    ):
        assert texts(read(client.get(f"/forum/feed/{query}")), "title") == expected, query
    feed = read(client.get(f"/forum/feed/?show=answered&principle={principle.slug}"))
    assert feed.find(f"{ATOM}title").text == f"Forum: Answered, {principle.name}"


def test_the_replies_newest_first_with_ids_that_stay(client, member, settings):
    thread = make_thread(member, title="How do we begin?")
    first = make_comment(thread, make_member("Bola Ade"), body="With *tea* & cake.")
    second = make_comment(thread)
    gone = make_comment(thread)
    gone.withdraw(gone.author)
    feed = read(client.get(thread.url_below("feed/")))
    assert texts(feed, "id") == [f"{settings.SITE_URL}/comments/{reply.pk}/" for reply in (second, first)]
    assert texts(feed, "title")[-1] == "Reply 1 by Bola Ade"
    assert texts(feed, "summary")[-1] == "With tea &amp; cake."
    assert feed.find(f"{ATOM}title").text == "Replies to “How do we begin?”"
    thread.revise(member, {"title": "How to begin"}, version=thread.version)
    renamed = read(client.get(thread.url_below("feed/")))
    assert feed.find(f"{ATOM}id").text == renamed.find(f"{ATOM}id").text
    assert texts(renamed, "id") == texts(feed, "id")


def test_an_old_address_leads_on(client, member):
    thread = make_thread(member, title="How?")
    for path in (f"/forum/{thread.pk}/feed/", f"/forum/{thread.pk}-old-title/feed/"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (301, thread.url_below("feed/"))


def test_only_public_threads_have_one(client, member, administrator):
    inside = make_thread(member, audience="members")
    draft = make_thread(member, publish=False)
    removed = make_thread(member)
    removed.remove(administrator, "Spam")
    withdrawn = make_thread(member)
    withdrawn.withdraw(member)
    answers = {
        name: client.get(thread.url_below("feed/")).status_code
        for name, thread in {
            "inside": inside,
            "draft": draft,
            "removed": removed,
            "withdrawn": withdrawn,
        }.items()
    }
    assert answers == {"inside": 404, "draft": 404, "removed": 404, "withdrawn": 410}
    client.force_login(member)
    assert client.get(inside.url_below("feed/")).status_code == 404
    assert 'type="application/atom+xml"' not in client.get(inside.get_absolute_url()).content.decode()


@pytest.mark.parametrize("number", [1, 3, 50])
def test_what_a_threads_feed_costs(client, queries, number, member, settings):
    settings.NETWORK_POST_RATE = "0"
    thread = make_thread(member)
    for _ in range(number):
        make_comment(thread, member)
    path = thread.url_below("feed/")
    client.get(path)
    with queries(2):
        first = client.get(path)
    assert len(texts(read(first), "id")) == min(number, 30)
    with queries(1):
        again = client.get(path, headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    make_comment(thread, member)
    assert client.get(path, headers={"if-none-match": first.headers["ETag"]}).status_code == 200
