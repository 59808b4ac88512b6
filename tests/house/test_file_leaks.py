"""No file leaks: each sort of file of every item, at its own address, to every sort of reader."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from commons.contributions.models import Role
from commons.files.models import Purpose, StoredFile
from tests.factories import consume
from tests.files.given import give, hang, rendition, replace
from tests.world import READERS, STAFF, build_world

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def world():
    return build_world()


MADE = {Role.FILE: Purpose.COVER, Role.PICTURE: Purpose.PICTURE}


def files_of(world):
    """Return {(marker, what it is): file}: of every item a file in each role, what was made of it, an earlier one."""
    found = {}
    for marker, item in world.items.items():
        # Nobody gives so many files within the hour.
        StoredFile.objects.update(created_at=timezone.now() - timedelta(days=1))
        earlier = give(item.author, name=f"{marker}-earlier.txt")
        found[marker, "earlier"] = earlier
        found[marker, "earlier, its cover"] = rendition(earlier)
        replace(item, earlier)
        replace(item)
        for role in Role:
            file = give(item.author, name=f"{marker}-{role}.txt")
            found[marker, role.value] = file
            if role in MADE:
                found[marker, f"{role.value}, its {MADE[role]}"] = rendition(file, MADE[role])
            hang(item, file, role=role)
    return found


def may_see(world, reader, marker, what):
    if marker not in world.visible_to(reader):
        return False
    own = reader == "author" and world.items[marker].author_id == world.author.pk
    return not what.startswith("earlier") or reader in STAFF or own


WAYS = {
    "whole": (200, lambda client, path, file: client.get(path)),
    "its headers": (200, lambda client, path, file: client.head(path)),
    "a part": (206, lambda client, path, file: client.get(path, headers={"range": "bytes=0-3"})),
    "unchanged": (
        304,
        lambda client, path, file: client.get(path, headers={"if_none_match": f'"{file.token}"'}),
    ),
    "another name": (301, lambda client, path, file: client.get(f"/files/{file.token}/another-name")),
}
OPENS = [status for status, _way in WAYS.values()]


def asked(client, file, *, ways=tuple(WAYS)):
    """Return the status of each way to ask for a file, and all that is said besides the address itself."""
    path = file.get_absolute_url()
    answers = [WAYS[way][1](client, path, file) for way in ways]
    said = b"".join(consume(answer) for answer in answers).decode()
    said += repr([answer.headers for answer in answers])
    for address in (path, quote(path), quote(path, safe="")):
        said = said.replace(address, "")
    return [answer.status_code for answer in answers], said


def test_a_file_opens_only_for_those_who_may_see_what_it_belongs_to(world):
    files = files_of(world)
    for reader in READERS:
        client = world.client_for(reader)
        for (marker, what), file in files.items():
            # Every way to ask for one file of each item; for the others one will do.
            ways = tuple(WAYS) if what in {"file", "earlier"} else ("whole",)
            statuses, said = asked(client, file, ways=ways)
            where = f"{what} of {marker} as {reader}"
            if may_see(world, reader, marker, what):
                assert statuses == OPENS[: len(ways)], where
            else:
                assert (statuses, marker in said) == ([404] * len(ways), False), where


def test_what_is_taken_down_or_back_takes_its_files_along_at_once(world):
    """Whoever had them just now asks again, and they are gone; brought back, they are there again."""
    item = world.items["zqpublic"]
    files = [file for (marker, _what), file in files_of(world).items() if marker == "zqpublic"]
    current = [
        file
        for file in files
        if "earlier" not in file.name and "earlier" not in (file.made_from or file).name
    ]
    visitor = Client()

    def opened():
        return {file.pk for file in files if asked(visitor, file)[0] == OPENS}

    assert opened() == {file.pk for file in current}
    item.remove(world.moderator, "zqreason")
    assert opened() == set()
    item.restore(world.moderator)
    assert opened() == {file.pk for file in current}
    world.author.hide_contributions()
    assert opened() == set()
    world.author.hide_contributions(False)
    assert opened() == {file.pk for file in current}
    item.refresh_from_db()
    item.audience = "members"
    item.refresh()
    item.save()
    assert opened() == set()
    item.withdraw(world.author)
    assert opened() == set()


def test_a_file_that_another_version_no_longer_has_is_not_for_readers(world):
    item = world.items["zqpublic"]
    old, new = give(world.author), give(world.author, b"Other words.\n")
    replace(item, old)
    visitor, author, moderator = Client(), world.client_for("author"), world.client_for("moderator")
    assert asked(visitor, old)[0][0] == 200
    replace(item, new)
    assert [asked(reader, old)[0][0] for reader in (visitor, author, moderator)] == [404, 200, 200]
    assert asked(world.client_for("stranger"), old)[0] == [404] * 5
    assert asked(visitor, new)[0][0] == 200
