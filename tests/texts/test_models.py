"""Texts: each change is a new version, and the newest in the reader's language is what applies."""

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from commons.texts.models import Text, TextVersion, fingerprint
from commons.texts.signals import text_written

pytestmark = pytest.mark.django_db


def write(body, language=None, **more):
    return Text.write("house-rules", title="House rules", body=body, language=language, **more)


def test_there_is_nothing_before_it_is_written(queries):
    with queries(1):
        assert Text.objects.current("house-rules") is None


def test_the_newest_version_applies():
    assert [write(body).number for body in ("One.", "Two.", "Three.")] == [1, 2, 3]
    assert Text.objects.current("house-rules").body == "Three."


def test_the_same_words_again_are_no_new_version():
    first = write("One.")
    assert write("One.") == first
    assert TextVersion.objects.filter(text=first.text).count() == 1


def test_words_of_long_ago_can_come_back():
    assert [write(body).number for body in ("One.", "Two.", "One.")] == [1, 2, 3]


@pytest.mark.parametrize("ours", [1, 3, 50])
def test_each_reader_gets_their_language_and_english_where_there_is_none(queries, ours):
    for number in range(ours):
        write(f"English {number}.")
    write("Cymraeg.", language="cy")
    found = {}
    for language in ("en-gb", "cy", "fr"):
        with queries(1):
            found[language] = Text.objects.current("house-rules", language).body
    last = f"English {ours - 1}."
    assert found == {"en-gb": last, "cy": "Cymraeg.", "fr": last}
    with override("cy"):
        assert Text.objects.current("house-rules").body == "Cymraeg."


def test_each_language_is_numbered_by_itself():
    assert [write("A.").number, write("B.", language="cy").number, write("C.").number] == [1, 1, 2]


def test_a_version_is_there_once():
    version = write("One.")
    with pytest.raises(IntegrityError), transaction.atomic():
        TextVersion.objects.create(text=version.text, language="en-gb", number=1, title="x", body="x")


def test_a_new_version_is_announced_and_only_a_new_one():
    heard = []

    def listener(sender, version, **_rest):
        heard.append(version.body)

    text_written.connect(listener)
    try:
        for body in ("One.", "One.", "Two."):
            write(body)
    finally:
        text_written.disconnect(listener)
    assert heard == ["One.", "Two."]


def test_who_wrote_it_is_kept(member):
    assert (write("One.", by=member).written_by, write("Two.").written_by) == (member, None)


def test_a_fingerprint_tells_the_parts_apart():
    assert (
        len({fingerprint("a", "b"), fingerprint("ab", ""), fingerprint("", "ab"), fingerprint("a", "b", "")})
        == 4
    )
