"""Files as they are sent: whole, in part, not at all when nothing has changed, and always so that they do nothing."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils.http import http_date

from commons.contributions.models import Role
from commons.files.accepted import FILE_TYPES
from commons.files.checking import clean_name
from commons.files.models import StoredFile
from commons.files.serving import disposition
from commons.files.storing import path_of
from tests.factories import consume, make_moderator
from tests.files.given import give, rendition, share

pytestmark = pytest.mark.django_db
CONTENT = bytes(range(256)) * 4


@pytest.fixture
def file(member):
    found = give(member, CONTENT)
    share(member, found)
    return found


def get(client, file, **headers):
    """Return the response to a GET, read to its end: its bytes are `body`."""
    response = client.get(file.get_absolute_url(), headers=headers)
    response.body = consume(response)
    return response


def seen(response):
    return response.status_code, response.headers.get("Content-Range"), response.body


def test_the_whole_file(client, file):
    response = get(client, file)
    headers = response.headers
    assert (response.status_code, response.body) == (200, CONTENT)
    assert {name: headers[name] for name in ("Content-Type", "Content-Length", "Accept-Ranges", "ETag")} == {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": "1024",
        "Accept-Ranges": "bytes",
        "ETag": f'"{file.token}"',
    }
    assert headers["Last-Modified"] == http_date(int(file.created_at.timestamp()))


# --- parts (RFC 9110, section 14) -----------------------------------------------------------------
SATISFIED = {
    "first": ("bytes=0-99", 0, 99),
    "one byte": ("bytes=0-0", 0, 0),
    "middle": ("bytes=100-199", 100, 199),
    "from here on": ("bytes=1000-", 1000, 1023),
    "past the end": ("bytes=1000-5000", 1000, 1023),
    "the last ones": ("bytes=-24", 1000, 1023),
    "more than all of the last": ("bytes=-5000", 0, 1023),
    "unit in capitals": ("Bytes=0-9", 0, 9),
    "spaces and empty places in the list": ("bytes= , 5-9 ,", 5, 9),
    "a number with eighteen digits": ("bytes=0-999999999999999999", 0, 1023),
}


@pytest.mark.parametrize("asked", SATISFIED)
def test_a_part(client, file, asked):
    header, first, last = SATISFIED[asked]
    response = get(client, file, range=header)
    assert response.headers["Content-Length"] == str(last - first + 1)
    assert seen(response) == (206, f"bytes {first}-{last}/1024", CONTENT[first : last + 1])


@pytest.mark.parametrize("header", ["bytes=1024-", "bytes=1024-1030", "bytes=5000-", "bytes=-0"])
def test_a_part_past_the_end(client, file, header):
    response = get(client, file, range=header)
    assert seen(response) == (416, "bytes */1024", b"")


@pytest.mark.parametrize(
    "header",
    [
        "bytes=9-5",
        "bytes=a-b",
        "bytes=1",
        "bytes=--1",
        "bytes=-",
        "bytes=",
        "bytes",
        "",
        "0-5",
        "lines=0-5",
        "bytes=+1-5",
        "bytes=1-5-9",
        "bytes=²-5",
        "bytes=0x1-5",
        "bytes=9999999999999999999-",
    ],
)
def test_what_cannot_be_read_is_ignored(client, file, header):
    assert seen(get(client, file, range=header.encode().decode("latin-1"))) == (200, None, CONTENT)


@pytest.mark.parametrize("header", ["bytes=0-9,20-29", "bytes=0-,0-,0-", "bytes=0-9,5000-"])
def test_several_parts_at_once_are_answered_with_the_whole(client, file, header):
    assert seen(get(client, file, range=header)) == (200, None, CONTENT)


def test_if_range(client, file):
    modified = http_date(int(file.created_at.timestamp()))
    later = http_date(int(file.created_at.timestamp()) + 60)
    conditions = {
        f'"{file.token}"': 206,
        modified: 206,
        f'W/"{file.token}"': 200,
        '"another"': 200,
        later: 200,
        "nonsense": 200,
    }
    answers = {
        condition: get(client, file, range="bytes=0-9", if_range=condition).status_code
        for condition in conditions
    }
    assert answers == conditions


def test_a_head_has_the_same_headers_and_no_range(client, file):
    whole = get(client, file)
    for asked in ({}, {"range": "bytes=0-9"}):
        head = client.head(file.get_absolute_url(), headers=asked)
        assert (head.status_code, head.content) == (200, b"")
        assert {n: v for n, v in head.headers.items() if n != "X-Request-ID"} == {
            n: v for n, v in whole.headers.items() if n != "X-Request-ID"
        }


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_files_are_only_read(client, file, method):
    assert client.generic(method, file.get_absolute_url()).status_code == 405


# --- what has not changed -------------------------------------------------------------------------
def test_unchanged_only_after_the_gate(client, member, file):
    conditions = [
        {"if_none_match": f'"{file.token}"'},
        {"if_none_match": f'"x", W/"{file.token}"'},
        {"if_none_match": "*"},
        {"if_modified_since": http_date(int(file.created_at.timestamp()))},
        {"if_none_match": f'"{file.token}"', "range": "bytes=0-9"},
    ]
    for headers in conditions:
        response = get(client, file, **headers)
        assert (response.status_code, response.content, response.headers["ETag"]) == (
            304,
            b"",
            f'"{file.token}"',
        )
    assert get(client, file, if_match='"another"').status_code == 412
    get(client, file, if_none_match='"another"')
    file.attachment.contribution.withdraw(member)
    assert [get(client, file, **headers).status_code for headers in conditions] == [404] * 5


def test_a_visitor_may_keep_what_everyone_sees_but_asks_each_time(client, member, file):
    assert get(client, file).headers["Cache-Control"] == "no-cache"
    client.force_login(member)
    cached = get(client, file).headers["Cache-Control"]
    assert set(cached.split(", ")) == {"no-cache", "private", "no-store"}


def test_a_visitor_gets_no_cookie_and_no_session(client, file):
    response = get(client, file)
    assert (response.cookies, client.cookies) == ({}, {})


# --- headers --------------------------------------------------------------------------------------
def test_a_file_can_do_nothing(client, file):
    headers = get(client, file).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Security-Policy"] == settings.SECURE_CSP_FILE
    assert "sandbox" in settings.SECURE_CSP_FILE.split("; ")


def test_a_video_by_itself_may_load_itself_and_run_nothing(client, member):
    video = give(member, b"video", "talk.mp4", "mp4")
    share(member, video, role=Role.VIDEO)
    policy = get(client, video).headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "sandbox allow-same-origin", "media-src 'self'"} <= set(policy)


@pytest.mark.parametrize("encoding", ["gzip", "gzip, deflate, br", "*"])
def test_files_are_never_compressed(client, member, encoding):
    content = b"the same words again\n" * 200
    text = give(member, content)
    share(member, text)
    for asked in ({}, {"range": "bytes=0-999"}):
        response = get(client, text, accept_encoding=encoding, **asked)
        body = response.body
        assert "Content-Encoding" not in response.headers
        assert response.headers["Content-Length"] == str(len(body))
        assert body == (content[:1000] if asked else content)


INLINE = {"pdf", "txt", "jpeg", "png", "webp", "avif", "gif", "mp4", "webm", "vtt"}


def test_what_a_browser_shows_and_what_it_only_saves(client, member):
    files = {code: give(member, b"x", f"a.{each.extensions[0]}", code) for code, each in FILE_TYPES.items()}
    for file in files.values():
        share(member, file)
    shown = {}
    for code, file in files.items():
        response = get(client, file)
        shown[code] = response.headers["Content-Disposition"].partition(";")[0]
    assert shown == {code: "inline" if code in INLINE else "attachment" for code in FILE_TYPES}


LONG = "a" * 300
# As it was given, made plain, and whole where that differs.
NAMES = {
    "minutes.txt": ("minutes.txt", ""),
    "Ein Prüfbericht.txt": ("Ein Prufbericht.txt", "Ein%20Pr%C3%BCfbericht.txt"),
    "报告.txt": ("__.txt", "%E6%8A%A5%E5%91%8A.txt"),
    "../../etc/passwd": ("passwd.txt", ""),
    "..\\..\\boot.ini": ("boot.ini.txt", ""),
    'a"; filename="b.html': ("a__ filename__b.html.txt", "a%27%3B%20filename%3D%27b.html.txt"),
    "a\r\nSet-Cookie: x=1\r\n\r\n.txt": ("a Set-Cookie_ x_1 .txt", "a%20Set-Cookie%3A%20x%3D1%20.txt"),
    "a\x00b.txt": ("a b.txt", ""),
    "photo\u202etxt.exe": ("photo txt.exe.txt", ""),
    "50%25.txt": ("50_25.txt", "50%2525.txt"),
    "": ("file.txt", ""),
    "...": ("file.txt", ""),
}


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names(member, name):
    plain, whole = NAMES[name]
    assert disposition(StoredFile(type="txt", name=name, owner=member)) == (
        f'inline; filename="{plain}"' + (f"; filename*=UTF-8''{whole}" if whole else "")
    )


def test_a_name_that_is_too_long_is_cut_and_ends_as_what_it_is(member):
    for name in (LONG, f"{LONG}.txt", "é" * 300):
        shown = disposition(StoredFile(type="txt", name=name))
        assert shown.isascii()
        assert len(shown) < 1200
        assert ".txt" in shown


@pytest.mark.parametrize("name", [name for name in NAMES if "\x00" not in name])
def test_a_file_of_any_name_is_found_at_its_address(client, member, name):
    file = give(member, name=clean_name(name))
    share(member, file)
    response = get(client, file)
    assert (response.status_code, response.body) == (200, b"Some words.\n")


# --- the address ----------------------------------------------------------------------------------
def test_another_name_leads_to_the_right_one_after_the_gate(client, member, file):
    wrong = f"/files/{file.token}/another%20name.html"
    response = client.get(wrong)
    assert (response.status_code, response.url) == (301, file.get_absolute_url())
    assert response.headers["Cache-Control"] == "no-cache"
    file.attachment.contribution.withdraw(member)
    assert client.get(wrong).status_code == 404


@pytest.mark.parametrize("token", ["x", "a" * 31, "a" * 44, "a" * 400, "../" * 11, "é" * 32, "a" * 31 + "."])
def test_what_can_be_no_token_asks_nothing_of_the_database(client, queries, token):
    with queries(0):
        assert client.get(f"/files/{token}/words.txt").status_code == 404


def test_a_token_that_nobody_has(client, db):
    assert client.get(f"/files/{'a' * 32}/words.txt").status_code == 404


def test_a_file_that_is_gone_from_the_disk(client, file):
    path_of(file).unlink()
    assert get(client, file).status_code == 404
    assert client.head(file.get_absolute_url()).status_code == 404


# --- queries and downloads ------------------------------------------------------------------------
def test_queries(client, member, file, queries):
    """The file and its gate; where a document is fetched from its beginning, its downloads."""
    with queries(2):
        get(client, file)
    with queries(1):
        get(client, file, range="bytes=5-9")
    with queries(1):
        get(client, file, if_none_match=f'"{file.token}"')
    cover = rendition(file)
    with queries(1):
        get(client, cover)


def downloads(file):
    return StoredFile.objects.get(pk=file.pk).downloads


COUNTED = [{}, {"range": "bytes=0-"}, {"range": "bytes=0-99"}]
NOT_COUNTED = [
    {"range": "bytes=1-"},
    {"range": "bytes=-5"},
    {"range": "bytes=5000-"},
    {"if_none_match": '"another"'},
    {"if_modified_since": "Thu, 01 Jan 2026 00:00:00 GMT"},
    {"sec_purpose": "prefetch;prerender"},
    {"purpose": "prefetch"},
    {"x_moz": "prefetch"},
]


def test_downloads_are_counted_when_a_document_is_fetched_from_its_beginning(client, other_member, file):
    for number, headers in enumerate(COUNTED, start=1):
        get(client, file, **headers)
        assert downloads(file) == number, headers
    client.force_login(other_member)
    get(client, file)
    assert downloads(file) == 4


def test_what_is_no_download(client, member, file):
    for headers in NOT_COUNTED:
        get(client, file, **headers)
        assert downloads(file) == 0, headers
    client.head(file.get_absolute_url())
    client.get(f"/files/{file.token}/another-name.txt")
    own = Client()
    own.force_login(member)
    get(own, file)
    cover = rendition(file)
    get(client, cover)
    assert (downloads(file), downloads(cover)) == (0, 0)


def test_pictures_and_videos_have_no_downloads(client, member):
    for role in (Role.PICTURE, Role.VIDEO, Role.CAPTIONS, Role.POSTER):
        file = give(member, width=40, height=60)
        share(member, file, role=role)
        get(client, file)
        assert downloads(file) == 0, role


def test_what_a_form_shows_before_it_is_saved_is_for_its_writer_alone(client, member, other_member):
    file = give(member)
    made = rendition(file)
    readers = {None: 404, member: 200, other_member: 404, make_moderator(): 404}
    for reader, status in readers.items():
        browser = Client()
        if reader:
            browser.force_login(reader)
        for each in (file, made):
            response = get(browser, each)
            assert response.status_code == status, reader
    assert downloads(file) == 0


# --- through the web server in front --------------------------------------------------------------
def test_the_web_server_in_front_sends_it_after_the_gate(client, member, file, settings):
    settings.NETWORK_ACCEL = "/stored-files/"
    plain = get(client, file, accept_encoding="gzip", range="bytes=0-9")
    assert (plain.status_code, plain.content) == (200, b"")
    assert plain.headers["X-Accel-Redirect"] == f"/stored-files/{file.path}"
    for name in ("Content-Type", "Content-Disposition", "Content-Security-Policy", "Cache-Control"):
        assert plain.headers[name]
    assert not {"ETag", "Last-Modified", "Accept-Ranges", "Content-Encoding"} & set(plain.headers)
    assert downloads(file) == 1
    path_of(file).unlink()
    assert get(client, file).status_code == 404
    file.attachment.contribution.withdraw(member)
    response = get(client, file)
    assert (response.status_code, "X-Accel-Redirect" in response.headers) == (404, False)


NO_WRITING = {
    "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
    "postgresql": (
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
    ),
}


@pytest.mark.django_db(transaction=True)
def test_a_download_that_cannot_be_counted_is_sent(client, file):
    """As when the disk is full: nothing can be written, and the file can still be read."""
    begin, end = NO_WRITING[connection.vendor]
    try:
        with connection.cursor() as cursor:
            cursor.execute(begin)
        assert seen(get(client, file)) == (200, None, CONTENT)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(end)
    assert downloads(file) == 0
