"""How much may be sent at once: much where files are shared, by members; little everywhere else. No word is lost."""

import io

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import resolve

from blog.models import Post
from commons.contributions.kept import sign_writer
from commons.contributions.models import KeptText
from commons.files.forms import UploadsField
from library.document_forms import DocumentForm
from network import middleware, uploads

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024
BEGINNING = (
    b'--x\r\nContent-Disposition: form-data; name="written_by"\r\n\r\n%s\r\n'
    b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nA long evening\xe2\x80\x99s work\r\n'
    b'--x\r\nContent-Disposition: form-data; name="audience"\r\n\r\neveryone\r\n'
    b'--x\r\nContent-Disposition: form-data; name="do"\r\n\r\ndraft\r\n'
    b'--x\r\nContent-Disposition: form-data; name="files"; filename="large.txt"\r\n\r\n'
)
END = b"\r\n--x--\r\n"


class Endless(io.RawIOBase):
    """A form with one file of a size, made as it is read; `taken` is how much of it was."""

    def __init__(self, beginning, size):
        self.beginning, self.left, self.end, self.taken = beginning, size, END, 0

    def readable(self):
        return True

    def readinto(self, buffer):
        source = self.beginning or b"x" * min(len(buffer), self.left) or self.end
        some = source[: len(buffer)]
        if self.beginning:
            self.beginning = self.beginning[len(some) :]
        elif self.left:
            self.left -= len(some)
        else:
            self.end = self.end[len(some) :]
        buffer[: len(some)] = some
        self.taken += len(some)
        return len(some)


def send(client, path, size, writer=None, kind="multipart/form-data; boundary=x", method="POST"):
    """Return the response to a form with a file of `size` bytes, and how much of it was read."""
    beginning = BEGINNING % (sign_writer(writer).encode() if writer else b"")
    body = Endless(beginning, size)
    response = client.request(
        REQUEST_METHOD=method,
        PATH_INFO=path,
        CONTENT_TYPE=kind,
        CONTENT_LENGTH=str(len(beginning) + size + len(END)),
        **{"wsgi.input": io.BufferedReader(body, 65_536)},
    )
    return response, body.taken


NEW = "/library/documents/new/"
# A token is not asked for by this client: what comes through leads on to the form, the sign-in page or a 404.
SMALL = 11 * MEGABYTE
LARGE = 13 * MEGABYTE


def test_where_files_are_shared_a_member_may_send_much(client, member):
    client.force_login(member)
    response, _taken = send(client, NEW, LARGE, member)
    assert response.status_code == 302
    assert "library/documents/" in response.url


@pytest.mark.parametrize("path", ["/blog/new/", "/members/me/edit/", "/report-an-issue/", "/inbox/read-all/"])
def test_elsewhere_nobody_may(client, member, path):
    for reader in (None, member):
        if reader:
            client.force_login(reader)
        assert send(client, path, SMALL)[0].status_code != 413, path
        assert send(client, path, LARGE)[0].status_code == 413, path


def test_a_visitor_may_not_and_is_not_believed_for_having_a_cookie(client):
    for value in (None, "a" * 32):
        if value:
            client.cookies["sessionid"] = value
        response, taken = send(client, NEW, LARGE)
        assert response.status_code == 413
        assert taken >= LARGE
        assert KeptText.objects.count() == 0


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain"])
def test_only_a_form_with_files_may(client, member, kind):
    client.force_login(member)
    assert send(client, NEW, 2 * MEGABYTE, kind=kind)[0].status_code == 413


def test_a_visitor_is_read_only_so_far(client, monkeypatch):
    monkeypatch.setattr(middleware, "READ_AWAY", MEGABYTE)
    response, taken = send(client, NEW, LARGE)
    assert response.status_code == 413
    assert taken <= 2 * MEGABYTE


@pytest.fixture
def tiny_documents(monkeypatch):
    """As if the form for documents took ten files of a twentieth of a megabyte each."""
    monkeypatch.setattr(DocumentForm.base_fields["files"], "most_bytes", MEGABYTE // 20)


@pytest.mark.usefixtures("tiny_documents")
def test_no_word_is_lost_when_it_was_too_much(client, member):
    client.force_login(member)
    response, taken = send(client, NEW, LARGE, member)
    page = response.content.decode()
    assert (response.status_code, taken >= LARGE) == (413, True)
    assert "can have 12.5\xa0MB here" in page
    assert "no word of yours is lost" in page
    back = f"{NEW}?kept={KeptText.objects.get().token}"
    assert f'href="{back}"' in page
    assert client.get(back).context["form"].initial["title"] == "A long evening’s work"


@pytest.mark.usefixtures("tiny_documents")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_form_that_nobody_signed_is_kept_by_nobody(client, member, method):
    client.force_login(member)
    response, taken = send(client, NEW, LARGE, method=method)
    assert (response.status_code, taken >= LARGE) == (413, True)
    assert "Nothing was saved" in response.content.decode()
    assert KeptText.objects.count() == 0


@pytest.mark.usefixtures("tiny_documents")
def test_nor_one_that_is_more_than_a_member_is_listened_to(client, member, monkeypatch):
    monkeypatch.setattr(middleware, "READ_AWAY_OF_MEMBER", MEGABYTE)
    monkeypatch.setattr(middleware, "READ_AWAY", MEGABYTE)
    client.force_login(member)
    response, taken = send(client, NEW, LARGE, member)
    assert (response.status_code, taken <= 2 * MEGABYTE) == (413, True)


@pytest.mark.usefixtures("tiny_documents")
def test_one_that_cannot_be_read_at_all(client, member):
    client.force_login(member)
    response, _taken = send(client, NEW, LARGE, member, kind="multipart/form-data; boundary=")
    assert response.status_code == 413


def test_an_address_that_is_none_reads_nothing(client, member):
    client.force_login(member)
    response, taken = send(client, "/nothing-here/", LARGE)
    assert (response.status_code, taken) == (404, 0)


def test_as_many_bytes_as_the_form_takes():
    field = DocumentForm.base_fields["files"]
    assert isinstance(field, UploadsField)
    assert uploads.most_bytes(resolve(NEW).func) == field.most * field.most_bytes == 10 * 50 * MEGABYTE
    assert uploads.most_bytes(resolve("/library/documents/1/edit/").func) == field.most * field.most_bytes
    assert uploads.most_bytes(resolve("/blog/new/").func) == 0
    assert uploads.most_bytes(resolve("/admin/profiles/member/add/").func) == 0


def test_the_admins_forms_take_as_many_bytes_too(monkeypatch):
    post_admin = admin.site.get_model_admin(Post)
    monkeypatch.setattr(post_admin, "form", DocumentForm)
    assert uploads.most_bytes(resolve("/admin/blog/post/add/").func) == 10 * 50 * MEGABYTE


def test_a_script_that_followed_reads_nothing_and_uses_no_message_up(member):
    client = Client()
    client.force_login(member)
    client.post("/blog/new/", {"title": "A draft", "audience": "everyone", "do": "draft"})
    followed = client.get("/members/me/", headers={"X-Follow": "1"})
    assert (followed.status_code, followed.content, followed.headers["Cache-Control"]) == (
        204,
        b"",
        "no-store",
    )
    assert "Your draft is saved" in client.get("/members/me/").content.decode()
