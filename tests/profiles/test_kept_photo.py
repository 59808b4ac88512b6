"""A photo chosen in a form that has to be shown again: not to be chosen again, nobody else's, and not kept for long."""

from datetime import timedelta

import pytest
from django.core import signing
from django.core.files.storage import default_storage
from django.utils import timezone

from profiles import photos
from profiles.models import Member
from tests.factories import make_member
from tests.profiles.test_profile_form import EDIT, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def ann(client):
    member = make_member("Ann Lee")
    client.force_login(member)
    return member


def refused(client, **values):
    answer = client.post(EDIT, {"display_name": "", "about": "I keep bees.", **values})
    assert answer.status_code == 200
    return answer


def kept_files():
    return photos._kept_names()


def test_photo_and_words_survive_an_error_elsewhere(client, ann):
    answer = refused(client, photo=upload())
    page = answer.content.decode()
    assert "you need not choose it again" in page
    assert "I keep bees." in page
    assert len(kept_files()) == 2
    again = refused(client, kept_photo=answer.context["kept_photo"])
    assert len(kept_files()) == 2
    client.post(EDIT, {"display_name": "Ann Lee", "kept_photo": again.context["kept_photo"]})
    ann.refresh_from_db()
    assert ann.photo.name
    assert client.get(ann.photo_url).status_code == 200
    assert kept_files() == []


def test_another_photo_is_taken_instead(client, ann):
    first = refused(client, photo=upload())
    second = refused(client, photo=upload(name="b.png"), kept_photo=first.context["kept_photo"])
    assert second.context["kept_photo"] != first.context["kept_photo"]
    assert photos.kept(ann.pk, first.context["kept_photo"]) is None
    assert len(kept_files()) == 2


def test_it_can_be_left_out(client, ann):
    answer = refused(client, photo=upload())
    assert "remove_photo" in answer.context["form"].fields
    client.post(
        EDIT,
        {"display_name": "Ann Lee", "kept_photo": answer.context["kept_photo"], "remove_photo": "on"},
    )
    assert Member.objects.get(pk=ann.pk).photo.name == ""
    assert kept_files() == []


def test_a_photo_that_is_refused_does_not_lose_the_one_before(client, ann):
    answer = refused(client, photo=upload())
    again = refused(client, photo=upload(content=b"x"), kept_photo=answer.context["kept_photo"])
    assert photos.kept(ann.pk, again.context["kept_photo"])


def test_it_is_nobody_elses(client, ann, other_member):
    kept = refused(client, photo=upload()).context["kept_photo"]
    assert photos.kept(other_member.pk, kept) is None
    client.force_login(other_member)
    client.post(EDIT, {"display_name": "Bola Ade", "kept_photo": kept})
    assert Member.objects.get(pk=other_member.pk).photo.name == ""


@pytest.mark.parametrize(
    ("content", "salt"),
    [
        ("", None),
        ("rubbish", None),
        ("\x00", None),
        ("a:b:c", None),
        ([1, "../../secret"], "another"),
        ("text", photos.KEPT_SALT),
        ([1], photos.KEPT_SALT),
    ],
)
def test_what_is_not_ours_is_ignored(client, ann, content, salt):
    value = signing.dumps(content, salt=salt) if salt else content
    assert photos.kept(ann.pk, value) is None
    assert client.post(EDIT, {"display_name": "Ann Lee", "kept_photo": value}).status_code == 302


def test_the_worker_forgets_it_after_a_day(client, ann):
    kept = refused(client, photo=upload()).context["kept_photo"]
    assert photos.forget_old() == 0
    assert photos.forget_old(timezone.now() + photos.KEPT_FOR + timedelta(minutes=1)) == 2
    assert photos.kept(ann.pk, kept) is None
    assert default_storage.exists("photos/") is False
