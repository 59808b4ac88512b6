"""Writing to a member through the site: who may, how often, and what neither side ever sees."""

import email
import re
import uuid
from datetime import timedelta
from email import policy

import pytest
from django.test import Client
from django.utils import timezone

from commons.contributions.kept import FIELD, sign_writer
from commons.contributions.models import KeptText
from commons.notifications.models import Notice, OutgoingMail
from commons.notifications.news_mail import write_due
from profiles.blocks import Block
from profiles.models import Member
from profiles.personal_messages import MOST_A_DAY, MOST_A_DAY_WHEN_NEW, PersonalMessage
from tests.factories import establish, make_comment, make_member, make_thread

pytestmark = pytest.mark.django_db
FORM = "/members/ann-lee/contact/"
WORDS = "May I ask how you began?\n\nWith kind regards"


@pytest.fixture(autouse=True)
def _queued(settings):
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"


@pytest.fixture
def ann():
    return make_member("Ann Lee", email="ann@private.example", open_to_contact=True)


@pytest.fixture
def bob():
    return establish(make_member("Bob Jones", email="bob@private.example"))


def client_of(member):
    client = Client()
    client.force_login(member)
    return client


def write(sender, to=FORM, words=WORDS, key=None):
    return client_of(sender).post(to, {"words": words, "form_key": str(key or uuid.uuid4())})


def codes(response):
    return {n: [e.code for e in found] for n, found in response.context["form"].errors.as_data().items()}


def test_a_message_is_told_in_the_inbox_and_by_e_mail_without_either_address(ann, bob):
    response = write(bob)
    assert (response.status_code, response.url) == (302, "/members/ann-lee/")
    inbox = client_of(ann).get("/inbox/").content.decode()
    assert "Bob Jones wrote to you" in inbox
    assert "May I ask how you began?" in inbox
    write_due()
    sent = OutgoingMail.objects.get(recipient="ann@private.example")
    mail = email.message_from_bytes(bytes(sent.message), policy=policy.default)
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert mail["Subject"] == "Bob Jones wrote to you"
    for part in (text, html):
        assert "May I ask how you began?" in part
        assert "/members/bob-jones/contact/" in part, "answering happens on the site"
        assert "because a member wrote to you through your profile" in part
        assert "/unsubscribe/" in part
        assert "to block this member or to report them" in part
    everything = bytes(sent.message).decode() + inbox + response.content.decode()
    assert "bob@private.example" not in everything
    assert "ann@private.example" not in inbox + text + html
    assert mail["Reply-To"] is None
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_e_mail_can_be_ended_and_its_sender_blocked_without_signing_in(ann, bob, client):
    write(bob)
    write_due()
    message = bytes(OutgoingMail.objects.get(recipient=ann.email).message).decode()
    mail = email.message_from_string(message, policy=policy.default)
    path = re.search(r"/unsubscribe/[^\s>]+", str(mail["List-Unsubscribe"]))[0]
    assert "Block this member" in client.get(path).content.decode()
    client.post(path, {"stop": "conversation"})
    assert list(Block.objects.values_list("member", "blocked")) == [(ann.pk, bob.pk)]


@pytest.mark.parametrize("open_to_contact", [True, False])
def test_only_who_is_open_to_it_is_written_to(ann, bob, open_to_contact):
    Member.objects.filter(pk=ann.pk).update(open_to_contact=open_to_contact)
    page = client_of(bob).get("/members/ann-lee/").content.decode()
    assert ("Write to Ann Lee" in page) is open_to_contact
    assert client_of(bob).get(FORM).status_code == (200 if open_to_contact else 403)
    response = write(bob)
    assert response.status_code == (302 if open_to_contact else 403)
    assert PersonalMessage.objects.count() == int(open_to_contact)
    if not open_to_contact:
        assert "May I ask how you began?" in response.content.decode(), "their words are not lost"


def test_whoever_was_written_to_can_answer_though_the_first_is_not_open(ann, bob):
    answer = "/members/bob-jones/contact/"
    assert client_of(ann).get(answer).status_code == 403
    write(bob)
    page = client_of(ann).get(answer).content.decode()
    assert "May I ask how you began?" in page
    assert write(ann, answer, "Gladly.").status_code == 302
    assert [m.words for m in PersonalMessage.objects.between(ann.pk, bob.pk)] == ["Gladly.", WORDS]


def test_one_form_is_one_message(ann, bob):
    key = uuid.uuid4()
    for _time in range(2):
        assert write(bob, key=key).status_code == 302
    assert (PersonalMessage.objects.count(), Notice.objects.filter(member=ann).count()) == (1, 1)


@pytest.mark.parametrize(("is_new", "most"), [(True, MOST_A_DAY_WHEN_NEW), (False, MOST_A_DAY)])
def test_so_many_a_day_and_no_more(ann, is_new, most):
    sender = make_member("Cid")
    if not is_new:
        establish(sender)
    for _number in range(most):
        assert write(sender).status_code == 302
    response = write(sender)
    assert (response.status_code, codes(response)) == (429, {"__all__": ["too_many"]})
    assert "May I ask how you began?" in response.content.decode()
    PersonalMessage.objects.update(sent_at=timezone.now() - timedelta(days=1, minutes=1))
    assert write(sender).status_code == 302


def test_a_new_members_message_leads_nowhere_else(ann, bob):
    words = "Look at https://loans.example.com/now"
    response = write(make_member("New Comer"), words=words)
    assert (response.status_code, codes(response)) == (200, {"__all__": ["held"]})
    assert words in response.content.decode()
    assert PersonalMessage.objects.count() == 0
    assert write(bob, words=words).status_code == 302


def test_an_empty_message_and_a_robots_are_said_in_the_form(ann, bob):
    response = write(bob, words=" \n ")
    assert codes(response) == {"words": ["required"]}
    robot = {"words": "Hello", "form_key": str(uuid.uuid4()), "leave_empty": "x"}
    assert codes(client_of(bob).post(FORM, robot)) == {"__all__": ["robot"]}
    assert PersonalMessage.objects.count() == 0


def test_one_signs_in_first_and_what_was_typed_is_kept(ann, bob, client):
    assert client.get(FORM).url == f"/accounts/login/?next={FORM}"
    posted = {"words": WORDS, "form_key": str(uuid.uuid4()), FIELD: sign_writer(bob)}
    assert client.post(FORM, posted).status_code == 302
    token = KeptText.objects.get(member=bob).token
    assert "May I ask how you began?" in client_of(bob).get(f"{FORM}?kept={token}").content.decode()


@pytest.mark.parametrize(
    "fields", [{"hidden": True}, {"is_active": False}, {"approved_at": None}, {"confirmed_at": None}]
)
def test_who_is_not_there_is_not_written_to(ann, bob, fields):
    Member.objects.filter(pk=ann.pk).update(**fields)
    assert (client_of(bob).get(FORM).status_code, write(bob).status_code) == (404, 404)
    assert PersonalMessage.objects.count() == 0


def test_nobody_writes_to_themselves(ann):
    assert client_of(ann).get(FORM).url == "/members/ann-lee/"


# --- blocking -------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_recipient", [True, False])
def test_a_block_stops_messages_both_ways(ann, bob, by_recipient):
    Member.objects.filter(pk=bob.pk).update(open_to_contact=True)
    one, other = (ann, bob) if by_recipient else (bob, ann)
    page = f"/members/{other.username}/block/"
    assert client_of(one).post(page, {"want": "1"}).url == "/members/me/blocked/"
    assert write(bob).status_code == 403
    assert write(ann, "/members/bob-jones/contact/").status_code == 403
    assert PersonalMessage.objects.count() == 0
    client_of(one).post(page, {"want": "0"})
    assert write(bob).status_code == 302


def test_who_is_blocked_is_not_told_and_reads_what_anybody_reads(ann, bob):
    stranger = make_member("Someone")
    Block.set(ann.pk, bob.pk, True)
    page = client_of(bob).get(FORM)
    Member.objects.filter(pk=ann.pk).update(open_to_contact=False)
    closed = client_of(stranger).get(FORM)

    def main(response):
        return response.content.decode().partition("<main")[2]

    assert (page.status_code, main(page)) == (403, main(closed))
    assert Notice.objects.filter(member=bob).count() == 0


def test_a_block_takes_what_was_written_out_of_the_inbox_and_out_of_mails_not_yet_sent(ann, bob):
    write(bob)
    Block.set(ann.pk, bob.pk, True)
    write_due()
    assert OutgoingMail.objects.filter(recipient=ann.email).count() == 0
    assert "May I ask how you began?" not in client_of(ann).get("/inbox/").content.decode()


@pytest.mark.parametrize("by_recipient", [True, False])
@pytest.mark.parametrize("blocked", [True, False])
def test_neither_is_told_when_the_other_answers_or_mentions_them(ann, bob, blocked, by_recipient):
    thread = make_thread(ann)
    if blocked:
        Block.set(*((ann.pk, bob.pk) if by_recipient else (bob.pk, ann.pk)), True)
    first = make_comment(thread, ann)
    client_of(bob).post(
        f"/contributions/{thread.pk}/comments/",
        {"body": "I agree, @ann-lee.", "form_key": str(uuid.uuid4())},
    )
    make_comment(thread, bob, answers=first)
    kinds = sorted(Notice.objects.filter(member=ann).values_list("kind", flat=True))
    assert kinds == ([] if blocked else ["comment.mention", "comment.reply"])


def test_the_list_of_the_blocked_is_ones_own_and_unblocks_who_is_gone_too(ann, bob, queries):
    for member in (bob, make_member("Cid"), make_member("Gone")):
        Block.set(ann.pk, member.pk, True)
    Member.objects.filter(display_name="Gone").update(hidden=True)
    client = client_of(ann)
    page = client.get("/members/me/blocked/")
    assert [member.display_name for member in page.context["blocked"]] == ["Gone", "Cid", "Bob Jones"]
    assert client_of(bob).get("/members/me/blocked/").context["blocked"] == []
    client.post("/members/gone/block/", {"want": "0"})
    client.post("/members/cid/block/", {"want": "0"})
    client.get("/members/me/blocked/")
    with queries(5):
        one = client.get("/members/me/blocked/")
    assert [member.display_name for member in one.context["blocked"]] == ["Bob Jones"]
    assert client.get("/members/gone/block/").status_code == 404


def test_nobody_blocks_themselves_or_without_signing_in(ann, client):
    assert client_of(ann).post("/members/ann-lee/block/", {"want": "1"}).status_code == 404
    assert client.post("/members/ann-lee/block/", {"want": "1"}).status_code == 302
    assert Block.objects.count() == 0


@pytest.mark.parametrize("number", [1, 3])
def test_the_form_costs_the_same_however_much_was_written(ann, bob, queries, number):
    for _each in range(number):
        write(bob)
    client = client_of(bob)
    client.get(FORM)
    with queries(6):
        client.get(FORM)
