"""The form with which something is reported: what is asked, refused, kept, and how often it may be sent."""

import uuid

import pytest

from commons.contributions.reporting import report_path
from commons.moderation.forms import EXPLAINED, WORDS_LENGTH
from commons.moderation.models import Flag, FlagReason
from commons.moderation.views import REPORTS_RATE
from tests.factories import make_post

pytestmark = pytest.mark.django_db
MOST = int(REPORTS_RATE.partition("/")[0])


@pytest.fixture
def post(member):
    return make_post(member, title="A post")


def values(**more):
    return {"reason": "spam", "words": "It sells pills.", "email": "", **more}


def codes(response):
    return {
        name: [error.code for error in errors.as_data()]
        for name, errors in response.context["form"].errors.items()
    }


def test_the_list_of_reasons_is_explained(client, post):
    assert set(EXPLAINED) == set(FlagReason)
    page = client.get(report_path(post)).content.decode()
    assert [reason.value for reason in FlagReason if f'value="{reason.value}"' in page] == FlagReason.values
    assert [reason for reason, words in EXPLAINED.items() if str(words) in page] == list(EXPLAINED)


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        ("reason", "", {"reason": ["required"]}),
        ("reason", "nonsense", {"reason": ["invalid_choice"]}),
        ("words", "x" * (WORDS_LENGTH + 1), {"words": ["max_length"]}),
        ("words", "a\x00b", {"words": ["null_characters_not_allowed"]}),
        ("email", "not an address", {"email": ["invalid"]}),
        ("email", "vi@" + "x" * 60 + ".example" * 25 + ".org", {"email": ["max_length"]}),
        ("email", '"a\x01b"@example.org', {"email": ["invalid"]}),
        ("email", "vi\x00@example.org", {"email": ["invalid", "null_characters_not_allowed"]}),
        ("form_key", "no-key", {"form_key": ["invalid"]}),
        ("email", "vi@example.org\nBcc: x@example.org", {"email": ["invalid"]}),
    ],
)
def test_what_is_refused(client, post, field, typed, expected):
    answer = client.post(report_path(post), values(**{field: typed}))
    assert (answer.status_code, codes(answer)) == (200, expected)
    assert "<title>Error: " in answer.content.decode()
    assert Flag.objects.count() == 0


@pytest.mark.parametrize("words", ["", "  \n ", "\x07"])
def test_other_needs_words(client, post, words):
    answer = client.post(report_path(post), values(reason="other", words=words))
    assert codes(answer) == {"words": ["required"]}
    client.post(report_path(post), values(reason="spam", words=words))
    assert Flag.objects.get().words == ""


def test_the_longest_words_fit(client, post):
    client.post(report_path(post), values(words="ü" * WORDS_LENGTH))
    assert Flag.objects.get().words == "ü" * WORDS_LENGTH


def test_what_was_typed_is_kept(client, post):
    form = client.post(report_path(post), values(reason="", words="A long story", email="vi@")).context[
        "form"
    ]
    assert [form[name].value() for name in ("words", "email")] == ["A long story", "vi@"]


@pytest.mark.parametrize("field", ["reference", "case", "status", "by", "reporter", "created_at"])
def test_other_fields_are_ignored(client, post, administrator, field):
    client.post(report_path(post), values(**{field: administrator.pk}))
    flag = Flag.objects.get()
    assert (flag.by, flag.case.target().pk) == (None, post.pk)


def test_a_robot_is_asked_again_and_nothing_is_dropped(client, post):
    answer = client.post(report_path(post), values(leave_empty="https://spam.example"))
    assert codes(answer) == {"__all__": ["robot"]}
    assert answer.context["form"]["words"].value() == "It sells pills."
    assert "https://spam.example" not in answer.content.decode()
    assert Flag.objects.count() == 0


def test_past_the_limit_the_words_are_kept(client):
    for number in range(MOST):
        client.post(report_path(make_post()), values(words=f"Number {number}"))
    last = make_post()
    answer = client.post(report_path(last), values(words="One too many"))
    assert answer.status_code == 429
    assert answer.context["form"]["words"].value() == "One too many"
    assert Flag.objects.count() == MOST
    assert client.post(report_path(last), values(), REMOTE_ADDR="203.0.113.9").status_code == 302


def test_one_form_s_key_opens_no_way_round_the_limit(client):
    key = str(uuid.uuid4())
    answers = [
        client.post(report_path(make_post()), values(form_key=key)).status_code for _number in range(MOST + 1)
    ]
    assert answers == [302] * MOST + [429]


def test_the_last_one_allowed_sent_twice_is_still_one(client, post):
    for _number in range(MOST - 1):
        client.post(report_path(make_post()), values())
    sent = values(form_key=str(uuid.uuid4()))
    answers = [client.post(report_path(post), sent).status_code for _number in range(2)]
    assert answers == [302, 302]
