"""Where one is signed in: looking changes nothing; the worker deletes what has ended."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from profiles.sessions import forget_ended
from tests.factories import make_member
from tests.profiles.joining import sign_in

pytestmark = pytest.mark.django_db
PAGE = "/accounts/sessions/"


@pytest.fixture
def ann():
    return make_member(email="ann@example.org")


@pytest.fixture
def browsers(ann):
    made = [Client() for _number in range(3)]
    for browser in made:
        sign_in(browser, ann.email)
    return made


def listed(browser):
    return len(browser.get(PAGE).context["sessions"])


def test_looking_changes_nothing(browsers, ann):
    sign_in(Client(), make_member(email="bola@example.org").email)
    Session.objects.get(session_key=browsers[2].session.session_key).delete()
    row = Session.objects.get(session_key=browsers[1].session.session_key)
    row.expire_date = timezone.now()
    row.save()
    before = set(UserSession.objects.values_list("session_key", flat=True))
    assert listed(browsers[0]) == 1
    assert set(UserSession.objects.values_list("session_key", flat=True)) == before


def test_a_new_password_leaves_the_old_sessions_out(browsers, ann):
    ann.set_password("another long pass phrase")
    ann.save()
    sign_in(browsers[0], ann.email, "another long pass phrase")
    assert listed(browsers[0]) == 1


def test_the_list_costs_the_same_for_any_number(browsers, ann, queries):
    browsers[0].get(PAGE)
    with queries(5):
        assert listed(browsers[0]) == 3
    for _number in range(5):
        sign_in(Client(), ann.email)
    with queries(5):
        assert listed(browsers[0]) == 8


def test_signing_out_elsewhere_still_works(browsers):
    browsers[0].post(PAGE)
    assert listed(browsers[0]) == 1
    assert browsers[1].get(PAGE).status_code == 302


def test_visitors_sign_in_first(client):
    assert client.get(PAGE).status_code == 302


def test_the_worker_forgets_what_has_ended(browsers):
    Session.objects.get(session_key=browsers[2].session.session_key).delete()
    assert forget_ended() == 1
    assert forget_ended() == 0
    assert listed(browsers[0]) == 2
