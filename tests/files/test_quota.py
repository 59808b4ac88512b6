"""How much a member may upload, in all and in an hour; ten at once count ten."""

import pytest
from django.core.exceptions import ValidationError

from commons.files import quota
from commons.files.models import StoredFile
from tests.files.given import give, rendition, share
from tests.processes import other_site  # noqa: F401

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024
HALF = b"x" * (MEGABYTE // 2)


@pytest.fixture(autouse=True)
def _little(settings):
    settings.NETWORK_MEMBER_QUOTA_MB = 1


def refused(member, content):
    with pytest.raises(ValidationError) as caught:
        give(member, content)
    return caught.value.code, caught.value.messages


def test_up_to_the_last_byte_and_no_further(member, other_member):
    give(member, HALF)
    give(member, HALF)
    code, words = refused(member, b"x")
    assert code == "quota"
    assert words == [
        "There is no room for “words.txt”, which has 1\xa0byte: your files take 1.0\xa0MB of the 1.0\xa0MB that "
        "each member has, so 0\xa0bytes are left."
    ]
    give(other_member, HALF)
    assert StoredFile.objects.count() == 3


def test_what_is_taken_back_still_takes_room_and_what_we_make_takes_none(member):
    document = share(member, give(member, HALF))
    rendition(document.attachments.get().file)
    document.withdraw(member)
    give(member, HALF)
    assert refused(member, b"x")[0] == "quota"


def test_no_quota(member, settings):
    settings.NETWORK_MEMBER_QUOTA_MB = 0
    for _number in range(3):
        give(member, HALF)
    assert StoredFile.objects.count() == 3


def test_editors_have_none():
    for _number in range(3):
        give(None, HALF)
    assert StoredFile.objects.count() == 3


def test_so_many_files_in_an_hour(member, other_member, monkeypatch):
    monkeypatch.setattr(quota, "MOST_AN_HOUR", 2)
    give(member)
    give(member)
    code, words = refused(member, b"x")
    assert code == "upload_rate"
    assert words == [
        "You have uploaded 2 files within an hour. Wait a little, then choose “words.txt” again."
    ]
    give(other_member)


TEN_AT_ONCE = """
from django.core.exceptions import ValidationError
from tests.at_once import at_once
from tests.factories import make_member
from tests.files.given import give
from commons.files.models import StoredFile

member = make_member()

def one_of_ten():
    try:
        give(member, b"x" * 300_000)
    except ValidationError as problem:
        assert problem.code == "quota"

assert at_once(*[one_of_ten] * 10) == []
print(StoredFile.objects.count())
"""


def test_ten_at_once_do_not_pass_it(other_site):  # noqa: F811
    """Of ten times 300 KB, three fit into 1 MB."""
    assert other_site.python(TEN_AT_ONCE, NETWORK_MEMBER_QUOTA_MB="1") == "3"
