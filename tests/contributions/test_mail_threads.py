"""E-mails about one conversation belong together, and say where an answer goes."""

from email import message_from_bytes, policy

from commons.contributions.models import Follow
from commons.contributions.replying_by_mail import addresses
from commons.contributions.replying_by_mail.receiving import Became, receive
from commons.notifications.models import OutgoingMail
from commons.notifications.news_mail import write_due
from tests.factories import make_comment, make_member

from .answering_letters import plain, texts, words_of


def mails(member):
    write_due()
    rows = OutgoingMail.objects.filter(recipient=member.email).order_by("pk")
    return [message_from_bytes(bytes(row.message), policy=policy.default) for row in rows]


def test_all_news_of_one_conversation_answers_the_same_message_and_one_address(ann, thread):
    make_comment(thread)
    make_comment(thread, body=f"What does @{ann.username} say?")
    answer, mention = mails(ann)
    assert answer["In-Reply-To"] == answer["References"] == mention["In-Reply-To"] == mention["References"]
    assert answer["Message-ID"] != mention["Message-ID"]
    address = addresses.address_for(ann.pk, thread.pk)
    for mail in (answer, mention):
        assert [to.addr_spec for to in mail["Reply-To"].addresses] == [address]
        assert "To answer, reply to this e-mail." in words_of(mail)
        assert "To answer, reply to this e-mail." in mail.get_body(("html",)).get_content()


def test_each_member_has_an_address_of_their_own(ann, thread):
    bola = make_member("Bola Ade")
    Follow.objects.set(bola, thread, follows=True)
    make_comment(thread)
    (to_ann,), (to_bola,) = mails(ann), mails(bola)
    assert to_ann["In-Reply-To"] == to_bola["In-Reply-To"]
    assert to_ann["Reply-To"] != to_bola["Reply-To"]


def test_without_the_setting_mails_say_nothing_of_answering(ann, thread, settings):
    settings.NETWORK_REPLY_ADDRESS = ""
    make_comment(thread)
    (mail,) = mails(ann)
    assert mail["Reply-To"] is None
    assert "reply to this e-mail" not in words_of(mail)
    assert mail["In-Reply-To"]
    assert "Open it here" in words_of(mail)


def test_the_address_in_a_mail_takes_the_answer(ann, thread):
    make_comment(thread)
    (mail,) = mails(ann)
    sent = plain(ann, thread, "Here it is.", To=mail["Reply-To"].addresses[0].addr_spec.upper())
    assert receive(sent) == Became.POSTED
    assert texts(thread)[1:] == ["Here it is."]
