"""Replying by e-mail, as people's own mail programs do it: what is posted, what is not, and who is told why."""

import pytest
from django.utils import timezone

from commons.contributions import telling
from commons.contributions.models import Comment, Follow
from commons.contributions.replying_by_mail import addresses
from commons.contributions.replying_by_mail.receiving import Became, receive
from commons.markup.render import BODY_LENGTH
from commons.notifications.models import Notice, OutgoingMail
from commons.notifications.unsubscribing import stop_path
from forum import order
from tests.factories import establish, make_comment, make_member, make_post, make_thread

from .answering_letters import answered, letter, plain, texts, words_of

POSTED = {
    "gmail_top_posted": (
        "Thanks, that helps. Finance said *yes* – they pay the fares from the same\nbudget.\n\n"
        "We asked three things first:\n\n- who signs,\n- who is told,\n- what if it’s late?"
    ),
    "gmail_between_the_lines": "We did, and it took them a week.\n\nThe council pays for the taxi.",
    "gmail_welsh": "Y cyngor sy’n talu yng Ngwynedd, a’r tŷ yn rhad.",
    "outlook_desktop": "Hi Cai,\n\nIn our trust it’s the ward’s own budget. It costs £40 – £60 a month.",
    "outlook_html_only_german": "Bei uns zahlt die Stadt für „alle Fälle“.\n\nDas wären 12 < 20 Fälle.",
    "outlook_welsh": "Diolch, mae hynny’n help mawr.",
    "apple_mail": (
        "We share the cost between the hospital and the group, and each of them pays half. "
        "Nobody has asked for a receipt yet, which is a long sentence.\n\nAnn"
    ),
    "iphone": "Yes 👍 we do the same in Cardiff",
    "samsung_phone": "The bus is free for people with a pass. That saves half of it.",
    "webmail_html_only": (
        "We pay for it as a group.\n\nThese are the shares:\n\n- hospital: a half\n- council: a third"
    ),
    "thunderbird_bottom_posted": (
        "Finance told us to keep every ticket, and to hand them in at the end of the month.\n\n"
        "    taxi = 12\n    bus  = 3"
    ),
    "thunderbird_german": "Hier übernimmt das die Kasse, etwa 30 € im Monat.",
    "with_attachment": "Here is the form we use.",
}


@pytest.mark.parametrize("name", POSTED)
def test_what_people_write_is_posted_without_what_they_quote_and_their_signature(name, ann, thread):
    assert receive(letter(name, ann, thread)) == Became.POSTED
    assert texts(thread) == [POSTED[name]]
    assert Comment.objects.get().author == ann


@pytest.mark.parametrize("name", ["out_of_office", "vacation", "bounce"])
def test_what_machines_write_is_ignored_without_a_word(name, ann, thread):
    assert receive(letter(name, ann, thread)) == Became.IGNORED
    assert (texts(thread), OutgoingMail.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    "header",
    [
        {"Auto_Submitted": "auto-replied; owner-email=x"},
        {"Precedence": "Junk"},
        {"X_Auto_Response_Suppress": "DR, RN, NRN, OOF, AutoReply"},
        {"List_Id": "<talk.example.org>"},
        {"Return_Path": "<>"},
        {"Content_Type": "multipart/report; report-type=disposition-notification; boundary=x"},
        {"From": "Mail Delivery <MAILER-DAEMON@mx.example.org>"},
    ],
)
def test_each_sign_of_a_machine_counts_alone(header, ann, thread):
    assert receive(plain(ann, thread, "I am away.", **header)) == Became.IGNORED
    assert (texts(thread), OutgoingMail.objects.count()) == ([], 0)


def test_a_person_whose_program_says_that_no_machine_wrote_it(ann, thread):
    assert receive(plain(ann, thread, "I am here.", Auto_Submitted="no")) == Became.POSTED


def test_a_forged_sender_is_refused_and_only_the_member_hears_of_it(ann, thread):
    assert receive(letter("forged", ann, thread)) == Became.REFUSED
    (answer,) = answered()
    assert texts(thread) == []
    assert answer["To"] == "ann.lee@example.org"
    assert "from another sender than the address you have here" in words_of(answer)
    assert list(OutgoingMail.objects.values_list("recipient", flat=True)) == ["ann.lee@example.org"]


@pytest.mark.parametrize(
    "sender", [None, "Ann Lee", "ann.lee@example.org, mallory@example.net", "ann.lee@example.org.example.net"]
)
def test_whoever_is_not_exactly_the_member_is_refused(sender, ann, thread):
    assert receive(plain(ann, thread, "Hello", From=sender)) == Became.REFUSED
    assert texts(thread) == []


def test_another_members_address_is_of_no_use(ann, other_member, thread):
    stolen = plain(ann, thread, "Hello", To=addresses.address_for(other_member.pk, thread.pk))
    assert receive(stolen) == Became.REFUSED
    assert (texts(thread), [answer["To"] for answer in answered()]) == ([], [other_member.email])


def test_files_are_refused_with_a_note_and_the_words_are_posted(ann, thread):
    receive(letter("with_attachment", ann, thread))
    (answer,) = answered()
    comment = Comment.objects.get()
    assert answer["Subject"] == "About your reply by e-mail"
    assert "Files and pictures can’t come by e-mail: your words are there without them." in words_of(answer)
    assert f"/comments/{comment.pk}/" in words_of(answer)


def test_an_emblem_below_a_signature_is_no_file_and_a_picture_among_the_words_is(ann, thread):
    emblem = letter("with_attachment", ann, thread).partition(b"--outer\nContent-Type: application/pdf")[0]
    receive(emblem + b"--outer--\n")
    assert (len(texts(thread)), answered()) == (1, [])
    receive(plain(ann, thread, "See this\n[image: IMG_1.jpg]\n", Message_ID="<two@mail.example.org>"))
    assert texts(thread)[1] == "See this"
    assert len(answered()) == 1


def test_the_same_message_twice_is_posted_once(ann, thread):
    content = letter("with_attachment", ann, thread)
    assert [receive(content), receive(content)] == [Became.POSTED, Became.POSTED]
    assert (len(texts(thread)), len(answered())) == (1, 1)
    again = content.replace(b"Delivered-To: ", b"X-Original-To: x\nDelivered-To: ")
    receive(again)
    assert len(texts(thread)) == 1


def test_without_a_message_id_the_same_bytes_are_the_same_message(ann, thread):
    content = plain(ann, thread, "Hello", Message_ID=None)
    for _again in range(2):
        assert receive(content) == Became.POSTED
    receive(content + b" again")
    assert texts(thread) == ["Hello", "Hello again"]


def test_a_refusal_read_twice_is_answered_once(ann, thread):
    for _again in range(2):
        assert receive(plain(ann, thread, "> all quoted")) == Became.REFUSED
    assert len(answered()) == 1


def close(thread, ann):
    order.close(thread, thread.author, "It is settled.")


def remove(thread, ann):
    thread.remove(None, "Off topic")


def suspend(thread, ann):
    type(ann).objects.filter(pk=ann.pk).update(suspended_until=timezone.now() + timezone.timedelta(days=3))


@pytest.mark.parametrize(
    ("text", "before", "said"),
    [
        ("Hello", close, "Nobody can write there any more: It is settled."),
        ("Hello", remove, "What you answered can’t be seen any more."),
        ("Hello", suspend, "You can’t take part at the moment."),
        ("x" * (BODY_LENGTH + 1), None, "Shorten the text to 50000 characters or fewer (it has 50001)."),
        ("\n\n-- \nAnn Lee", None, "We found no words of yours in it."),
    ],
)
def test_what_fails_is_answered_with_the_reason(text, before, said, ann, thread):
    if before:
        before(thread, ann)
    OutgoingMail.objects.all().delete()
    assert receive(plain(ann, thread, text)) == Became.REFUSED
    (answer,) = answered()
    assert texts(thread) == []
    assert (answer["To"], answer["Subject"]) == (ann.email, "Your reply by e-mail was not published")
    assert said in words_of(answer)
    assert (answer["Auto-Submitted"], answer["In-Reply-To"]) == ("auto-replied", "<one@mail.example.org>")
    assert "You get this e-mail because you answered one of ours." in words_of(answer)


def test_what_is_not_for_them_is_not_theirs_to_answer(ann, takes_replies):
    draft = make_post(title="Zqsecret", publish=False)
    assert receive(plain(ann, draft, "Hello")) == Became.REFUSED
    (answer,) = answered()
    assert "Zqsecret" not in answer.as_string()


def test_too_much_in_a_short_time_is_refused_and_can_be_sent_again(ann, thread, settings):
    settings.NETWORK_POST_RATE = "1/h"
    receive(plain(ann, thread, "One"))
    assert receive(plain(ann, thread, "Two", Message_ID="<two@mail.example.org>")) == Became.REFUSED
    assert "Send it again in 60 minutes." in words_of(answered()[0])
    settings.NETWORK_POST_RATE = "0"
    assert receive(plain(ann, thread, "Two", Message_ID="<two@mail.example.org>")) == Became.POSTED


def test_a_new_members_links_wait_for_approval_as_in_the_form(ann, thread):
    assert receive(plain(ann, thread, "See https://spam.example/")) == Became.POSTED
    assert Comment.objects.get().is_awaiting
    assert "It is saved and awaits approval." in words_of(answered()[0])


def test_what_is_posted_is_cleaned_and_told_as_from_the_form(ann, thread):
    establish(ann)
    Follow.objects.set(make_member("Cai Rees"), thread, follows=True)
    receive(plain(ann, thread, "**Yes** <script>alert(1)</script> and \x00\x07 no"))
    comment = Comment.objects.get()
    assert "<script" not in comment.html
    assert "<strong>Yes</strong>" in comment.html
    assert comment.body == "**Yes** <script>alert(1)</script> and  no"
    assert list(Notice.objects.values_list("member__display_name", "kind")) == [("Cai Rees", telling.REPLY)]


def test_what_only_the_member_may_know_is_never_published(ann, thread, settings):
    link = f"{settings.SITE_URL}{stop_path(ann.pk, telling.REPLY)}"
    address = addresses.address_for(ann.pk, thread.pk)
    receive(plain(ann, thread, f"Yes.\nNetwork <{address.upper()}> skrifaði:\nOld words\n{link}\nEnd."))
    assert texts(thread) == ["Yes.\nOld words\nEnd."]


def test_whoever_answers_for_the_first_time_follows_and_whoever_stopped_does_not(ann, takes_replies):
    thread = make_thread()
    receive(plain(ann, thread, "One"))
    assert Follow.objects.of(ann).on(thread).count() == 1
    Follow.objects.set(ann, thread, follows=False)
    receive(plain(ann, thread, "Two", Message_ID="<two@mail.example.org>"))
    assert (len(texts(thread)), Follow.objects.of(ann).on(thread).count()) == (2, 0)


def test_a_made_up_address_is_answered_to_members_and_to_nobody_else(ann, thread):
    made_up = addresses.address_for(ann.pk, thread.pk + 1).replace(
        f"-{addresses.int_to_base36(thread.pk + 1)}-", f"-{addresses.int_to_base36(thread.pk)}-"
    )
    assert receive(plain(ann, thread, "Hello", To=made_up)) == Became.REFUSED
    assert "The address you wrote to is not one of ours, or no longer." in words_of(answered()[0])
    stranger = plain(ann, thread, "Hello", To=made_up, From="x@example.net", Message_ID="<2@example.net>")
    assert receive(stranger) == Became.IGNORED
    assert (texts(thread), len(answered())) == ([], 1)


def test_answers_end_after_ten_a_day(ann, thread):
    for number in range(12):
        receive(plain(ann, thread, "", Message_ID=f"<{number}@mail.example.org>"))
    assert len(answered()) == 10


def test_a_closed_account_hears_nothing(ann, thread):
    type(ann).objects.filter(pk=ann.pk).update(is_active=False)
    assert receive(plain(ann, thread, "Hello")) == Became.IGNORED
    assert OutgoingMail.objects.count() == 0


def test_servers_may_fold_the_address_and_name_it_where_they_like(ann, thread):
    address = addresses.address_for(ann.pk, thread.pk)
    assert address == address.lower()
    assert len(address.partition("@")[0]) <= 64
    for number, headers in enumerate(
        [
            {"To": address.upper()},
            {"To": "somebody@example.org", "Cc": f"x@example.org, <{address}>"},
            {"To": "undisclosed-recipients:;", "Delivered_To": address},
            {"To": "list@example.org", "X_Original_To": address},
        ]
    ):
        content = plain(ann, thread, "Hello", Message_ID=f"<{number}@mail.example.org>", **headers)
        assert receive(content) == Became.POSTED
    assert len(texts(thread)) == 4


def test_what_only_resembles_an_address_of_ours_is_none(takes_replies):
    made_up = "reply+1-2-aaaaaaaaaaaaaaaa@network.example.org"
    for text in (made_up, f"<reply+@network.example.org>, {made_up}", "reply+1-2@network.example.org"):
        assert addresses.find(text) is None
    for text in (f"a{made_up}", f"{made_up}x", "reply@network.example.org", "reply+1@example.org", ""):
        with pytest.raises(LookupError):
            addresses.find(text)


def test_addresses_are_known_again_whatever_the_numbers(takes_replies):
    for ids in ((1, 1), (35, 36), (2**63 - 1, 2**63 - 1)):
        address = addresses.address_for(*ids)
        assert addresses.find(f"To: <{address.upper()}>, x@example.org") == ids
        assert len(address.partition("@")[0]) <= 64


def test_an_answer_costs_the_same_however_long_the_conversation(ann, thread, queries):
    receive(plain(ann, thread, "First"))
    for number in (1, 3, 20):
        for _more in range(number):
            make_comment(thread)
        content = plain(ann, thread, "Hello", Message_ID=f"<{number}@mail.example.org>")
        with queries(40):
            receive(content)
