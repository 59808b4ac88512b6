"""Uploads: what a form takes, keeps while it is shown again, and gives up when it is never saved."""

import io
import os
import resource
from datetime import timedelta
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from commons.files import storing
from commons.files.checking import Facts
from commons.files.forms import UploadsField
from commons.files.models import StoredFile
from commons.files.receiving import DiskUploadHandler, LeftOut, arriving
from commons.files.storing import path_of, store
from commons.files.tidying import forget_strays, forget_unused
from commons.tagging.models import Principle, ServiceSector
from library.document_forms import DocumentForm
from library.models import Document
from tests.files import made
from tests.files.given import give, rendition, share

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def on_disk():
    """Return the names of all files below MEDIA_ROOT, as they lie there."""
    return sorted(path.name for path in arriving().parent.rglob("*") if path.is_file())


class SharingForm(forms.Form):
    title = forms.CharField()
    files = UploadsField(accepted=("txt", "png"), most=3, most_bytes=MEGABYTE)


class OneFileForm(forms.Form):
    files = UploadsField(accepted=("txt",), most_bytes=MEGABYTE, required=False)


def upload(content=b"Some words.\n", name="words.txt"):
    return SimpleUploadedFile(name, content)


def sent(member, *uploads, kept=(), attached=(), form=SharingForm, title="A title"):
    """Return a form with what was sent, of which `kept` are the values of boxes that are ticked."""
    typed = QueryDict(mutable=True)
    typed["title"] = title
    typed.setlist("files_kept", kept)
    bound = form(typed, MultiValueDict({"files": list(uploads)}))
    bound.fields["files"].bind(member, attached)
    return bound


def codes(form):
    return [problem.code for problem in form.errors.as_data().get("files", [])]


def boxes(form):
    """Return (name, value) of each file that the form shows as there already."""
    context = form.fields["files"].widget.get_context("files", None, {})
    return [(file["name"], file["value"]) for file in context["widget"]["there"]]


# --- in a form ------------------------------------------------------------------------------------
def test_what_was_chosen_outlives_a_mistake_elsewhere(member):
    first = sent(member, upload(), upload(made.png(), "plan.png"), title="")
    assert not first.is_valid()
    assert codes(first) == []
    shown = boxes(first)
    assert [name for name, _value in shown] == ["words.txt", "plan.png"]
    second = sent(member, kept=[value for _name, value in shown])
    assert second.is_valid()
    assert [file.name for file in second.cleaned_data["files"]] == ["words.txt", "plan.png"]
    assert StoredFile.objects.count() == 2


def test_a_file_whose_box_is_not_ticked_is_left_out(member):
    first = sent(member, upload(), upload(made.png(), "plan.png"), title="")
    first.is_valid()
    second = sent(member, kept=[boxes(first)[1][1]])
    assert second.is_valid()
    assert [file.name for file in second.cleaned_data["files"]] == ["plan.png"]


def test_what_is_refused_takes_nothing_from_the_others(member):
    form = sent(member, upload(), upload(b"", "empty.txt"), upload(b"MZ", "tool.exe"))
    assert not form.is_valid()
    assert set(codes(form)) == {"file_empty", "file_program"}
    assert [name for name, _value in boxes(form)] == ["words.txt"]


@pytest.mark.parametrize("whose", ["another's", "nobody's", "too old", "in use", "gone"])
def test_a_kept_file_is_its_writers_alone_and_not_for_ever(member, other_member, whose, monkeypatch):
    file = give(other_member if whose == "another's" else member)
    value = file.sign()
    if whose == "nobody's":
        value = f"{value}x"
    elif whose == "too old":
        monkeypatch.setattr("commons.files.models.KEPT_FOR", timedelta(seconds=-1))
    elif whose == "in use":
        StoredFile.objects.update(in_use=True)
    elif whose == "gone":
        storing.delete([file])
    form = sent(member, kept=[value])
    assert not form.is_valid()
    assert codes(form) == ["kept_file_gone"]
    assert boxes(form) == []
    assert "Choose it again" in str(form.errors)


def test_the_same_file_twice_is_one(member):
    form = sent(member, upload(), upload(name="again.txt"), title="")
    form.is_valid()
    assert [name for name, _value in boxes(form)] == ["words.txt"]
    again = sent(member, upload(), kept=[boxes(form)[0][1]])
    assert again.is_valid()
    assert len(again.cleaned_data["files"]) == 1
    assert StoredFile.objects.count() == 1


def test_nor_is_what_the_item_has_already_kept_twice(member):
    document = share(member)
    attached = [document.attachments.get().file]
    form = sent(member, upload(), kept=[attached[0].token], attached=attached)
    assert form.is_valid()
    assert form.cleaned_data["files"] == attached


def test_where_one_file_is_taken_a_new_one_takes_its_place(member):
    first = sent(member, upload(), form=OneFileForm)
    assert first.is_valid()
    kept = [first.cleaned_data["files"][0].sign()]
    second = sent(member, upload(b"Other words.\n", "other.txt"), kept=kept, form=OneFileForm)
    assert second.is_valid()
    assert [file.name for file in second.cleaned_data["files"]] == ["other.txt"]
    third = sent(member, upload(b"", "empty.txt"), kept=kept, form=OneFileForm)
    assert not third.is_valid()
    assert [name for name, _value in boxes(third)] == ["words.txt"]


def test_more_than_a_form_takes(member):
    form = sent(member, *(upload(b"%d" % number, f"{number}.txt") for number in range(4)))
    assert not form.is_valid()
    assert form.errors["files"] == ["Choose 3 files or fewer: there are 4 now."]
    assert len(boxes(form)) == 4


def test_an_empty_field(member):
    assert codes(sent(member)) == ["required"]
    assert sent(member, form=OneFileForm).is_valid()


def test_the_hint_says_what_is_taken():
    assert SharingForm().fields["files"].help_text == (
        "Plain text or PNG picture. 1 MB each at most, 3 files at most."
    )
    assert OneFileForm().fields["files"].help_text == "Plain text. 1 MB at most."
    assert DocumentForm().fields["files"].help_text == (
        "PDF, Word document, Excel workbook, PowerPoint presentation, OpenDocument text, spreadsheet or presentation, "
        "Plain text, CSV table or picture (JPEG, PNG, WebP, AVIF or GIF). 50 MB each at most, 10 files at most."
    )


# --- on a page ------------------------------------------------------------------------------------
def typed(**more):
    return {
        "title": "What we learnt",
        "subtype": "guidance",
        "year": "2019",
        "licence": "unknown",
        "summary": "In short.",
        "body": "Some words.",
        "audience": "everyone",
        "principles": [Principle.objects.first().pk],
        "sectors": [ServiceSector.objects.first().pk],
        **more,
    }


def shown_boxes(response):
    return [
        box["value"]
        for box in response.context["form"]["files"].field.widget.get_context("", None, {})["widget"]["there"]
    ]


def test_a_document_whose_form_is_shown_three_times(client, member):
    """After a mistake, after a preview, and then saved: the file was sent once."""
    client.force_login(member)
    words = io.BytesIO(b"What we found.\n")
    words.name = "findings.txt"
    mistaken = client.post("/library/documents/new/", typed(title="", do="publish", files=words))
    assert 'checked><span>findings.txt <small class="meta">Plain text, 15' in mistaken.content.decode()
    preview = client.post("/library/documents/new/", typed(do="preview", files_kept=shown_boxes(mistaken)))
    assert preview.status_code == 200
    saved = client.post("/library/documents/new/", typed(do="publish", files_kept=shown_boxes(preview)))
    assert saved.status_code == 302
    file = Document.objects.get().attachments.get().file
    assert (file.name, file.in_use, path_of(file).read_bytes()) == ("findings.txt", True, b"What we found.\n")
    assert on_disk() == [path_of(file).name]


# --- on the disk ----------------------------------------------------------------------------------
def test_a_file_is_moved_not_copied_and_only_for_us_to_read(client, member):
    handler = DiskUploadHandler()
    handler.new_file("files", "words.txt", "text/plain", None, None, {})
    handler.receive_data_chunk(b"Some words.\n", 0)
    came = handler.file_complete(12)
    number = os.fstat(came.fileno()).st_ino
    form = sent(member, came)
    assert form.is_valid()
    path = path_of(form.cleaned_data["files"][0])
    came.close()
    assert (path.stat().st_ino, path.stat().st_mode & 0o777) == (number, 0o640)
    assert on_disk() == [path.name]


def test_what_was_refused_is_gone_when_the_request_ends(client, member):
    client.force_login(member)
    program = io.BytesIO(b"MZ" * 1000)
    program.name = "tool.exe"
    client.post("/library/documents/new/", typed(do="publish", files=program))
    assert on_disk() == []


PART = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'


@pytest.mark.parametrize(
    "body", [PART + b"a" * 200_000, PART, (PART + b"a" * 9_000 + b"\r\n") * 3 + PART + b"a"]
)
def test_an_upload_that_breaks_off_leaves_nothing(client, member, body):
    client.force_login(member)
    response = client.request(
        REQUEST_METHOD="POST",
        PATH_INFO="/library/documents/new/",
        CONTENT_TYPE="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(len(body) + 1000),
        **{"wsgi.input": io.BytesIO(body)},
    )
    assert response.status_code == 400
    assert (on_disk(), StoredFile.objects.count()) == ([], 0)


class Undone(Exception):
    pass


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_rolled_back_leaves_no_file(member):
    kept = give(member)

    def one_more_and_then_not():
        with transaction.atomic():
            give(member, b"Other words.\n")
            raise Undone

    with pytest.raises(Undone):
        one_more_and_then_not()
    with transaction.atomic():
        with pytest.raises(Undone):
            one_more_and_then_not()
        also = give(member, b"More words.\n")
    assert on_disk() == sorted([path_of(kept).name, path_of(also).name])
    assert set(StoredFile.objects.all()) == {kept, also}


@pytest.mark.django_db(transaction=True)
def test_a_row_that_cannot_be_written_leaves_no_file(member):
    with pytest.raises(DatabaseError):
        store(upload(), Facts("txt", "words.txt", -1, ""), member)
    assert (on_disk(), StoredFile.objects.count()) == ([], 0)


# --- a full disk ----------------------------------------------------------------------------------
@pytest.fixture
def little_room():
    """No file of this process can grow past 8 MB: what is written beyond fails as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8 * MEGABYTE, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def large(size=9 * MEGABYTE):
    content = io.BytesIO(b"a line of words\n" * (size // 16))
    content.name = "large.txt"
    return content


@pytest.mark.usefixtures("little_room")
def test_a_full_disk_while_it_comes_in(client, member):
    client.force_login(member)
    small = io.BytesIO(b"Small.\n")
    small.name = "small.txt"
    response = client.post("/library/documents/new/", typed(do="publish", files=[large(), small]))
    form = response.context["form"]
    assert (response.status_code, codes(form)) == (200, ["no_room"])
    page = response.content.decode()
    assert "There is no room on the site’s disk for “large.txt”" in page
    assert 'value="What we learnt"' in page
    assert "small.txt" in page
    assert StoredFile.objects.get().name == "small.txt"
    assert on_disk() == [path_of(StoredFile.objects.get()).name]


@pytest.mark.usefixtures("little_room")
def test_a_full_disk_while_it_is_copied(member):
    """What doesn't come by a form is copied first: there, too, no half file stays."""
    content = upload(large().read(), "large.txt")
    with pytest.raises(ValidationError) as refused:
        store(content, Facts("txt", "large.txt", content.size, ""), member)
    assert refused.value.code == "no_room"
    assert (on_disk(), StoredFile.objects.count()) == ([], 0)


def test_a_disk_that_is_full_from_the_first_byte(member):
    handler = DiskUploadHandler()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        handler.new_file("files", "words.txt", "text/plain", None, None, {})
        handler.receive_data_chunk(b"Some words.\n", 0)
        came = handler.file_complete(12)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (type(came), came.size) == (LeftOut, 12)
    assert on_disk() == []
    assert codes(sent(member, came)) == ["no_room"]


# --- tidying --------------------------------------------------------------------------------------
def in_two_days():
    return timezone.now() + timedelta(days=2)


@pytest.mark.django_db(transaction=True)
def test_what_was_never_saved_goes_with_all_that_was_made_of_it(member):
    used = share(member).attachments.get().file
    cover = rendition(used)
    rendition(give(member))
    assert forget_unused() == 0
    assert forget_unused(in_two_days()) == 1
    assert forget_unused(in_two_days()) == 0
    assert set(StoredFile.objects.all()) == {used, cover}
    assert on_disk() == sorted([path_of(used).name, path_of(cover).name])


def test_what_no_row_speaks_of_goes_after_a_day(member):
    used = share(member).attachments.get().file
    cover = rendition(used)
    stray = path_of(used).parent / f"{'a' * 32}.pdf"
    broken_off = arriving() / "tmpabc"
    photo = Path(arriving().parent / "photos" / "a.webp")
    photo.parent.mkdir()
    for path in (stray, broken_off, photo):
        path.write_bytes(b"x")
    assert forget_strays() == 0
    assert forget_strays(in_two_days()) == 2
    assert forget_strays(in_two_days()) == 0
    assert on_disk() == sorted([path_of(used).name, path_of(cover).name, "a.webp"])


def test_tidying_where_nobody_has_uploaded_anything():
    assert (forget_unused(), forget_strays()) == (0, 0)


def test_another_visitor_does_not_see_what_is_kept(member):
    file = give(member)
    assert Client().get(file.get_absolute_url()).status_code == 404
