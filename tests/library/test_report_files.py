"""Reports get their originals: by a command or in the admin, searchable, shown on the page, and no editor's change."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.html import escape

from commons.contributions.models import Attachment
from commons.files.models import StoredFile
from commons.files.reading import read_due
from commons.search.find import Search
from commons.search.models import SearchEntry
from commons.tagging.models import Principle, ServiceSector
from library.models import Report
from network.starter_files import FOLDER
from network.starter_library import load
from tests.factories import make_report
from tests.files import made

pytestmark = pytest.mark.django_db
DEEP = "the walrus and the carpenter"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def report():
    return make_report(title="Right here")


@pytest.fixture
def original(tmp_path):
    def original(content, name="report.pdf"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return original


def attach(*arguments, capsys=None):
    call_command("attach_report", *map(str, arguments))
    return capsys.readouterr().out.strip() if capsys else None


def refused(*arguments):
    with pytest.raises(CommandError) as caught:
        attach(*arguments)
    (line,) = str(caught.value).splitlines()
    return line


def found(text):
    asked = Search(text, SearchEntry.objects.listed_to(AnonymousUser()))
    return list(SearchEntry.objects.filter(pk__in=asked.ranked()).values_list("title", flat=True))


def files_of(report):
    report.refresh_from_db()
    return report.card.get("files", [])


# --- the command ----------------------------------------------------------------------------------------

KINDS = {
    "pdf": made.pdf(["Page one", DEEP]),
    "docx": made.docx(["Page one", DEEP]),
    "odt": made.odt(["Page one", DEEP]),
    "txt": f"Page one\n{DEEP}".encode(),
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_original_is_read_at_once_found_and_has_a_cover(report, original, kind):
    attach("right-here", original(KINDS[kind], f"report.{kind}"))
    assert read_due() == 0
    (entry,) = files_of(report)
    assert (entry["name"], entry["type"], entry["state"], entry["has_text"]) == (
        f"report.{kind}",
        kind,
        "read",
        True,
    )
    assert [each["width"] for each in entry["renditions"]] == [160, 480]
    assert found(f'"{DEEP}"') == ["Right here"]
    assert StoredFile.objects.unused().count() == 0


def test_what_was_done_is_said(report, original, capsys):
    path = original(KINDS["pdf"])
    assert attach("right-here", path, capsys=capsys) == (
        "“Right here” now has “report.pdf” (PDF, 917\xa0bytes, 2 pages)."
    )
    assert attach("right-here", path, capsys=capsys) == "“Right here” has this file already."
    said = attach("right-here", original(made.pdf([""])), capsys=capsys)
    assert said.splitlines()[1] == "This is a scan: its words can’t be searched."


def test_the_same_file_again_changes_nothing(report, original):
    attach("right-here", original(KINDS["pdf"]))
    report.refresh_from_db()
    before = (report.version, report.changed_at, StoredFile.objects.count())
    attach("right-here", original(KINDS["pdf"], "other-name.pdf"))
    report.refresh_from_db()
    assert (report.version, report.changed_at, StoredFile.objects.count()) == before


def test_another_file_replaces_it_and_the_old_one_stays_with_its_version(report, original):
    attach("right-here", original(KINDS["pdf"]))
    attach("right-here", original(b"Of gooseberry.", "new.txt"))
    assert [entry["name"] for entry in files_of(report)] == ["new.txt"]
    assert (found(f'"{DEEP}"'), found("gooseberry")) == ([], ["Right here"])
    assert [kept.snapshot.get("files", [{}])[0].get("name") for kept in report.revisions.order_by("number")] == [
        None, "report.pdf", "new.txt",
    ]  # fmt: skip
    assert list(Attachment.objects.order_by("pk").values_list("current", flat=True)) == [False, True]


def test_what_can_not_be_attached_is_said_in_one_line(report, original, tmp_path):
    assert refused("nothing", original(KINDS["pdf"])) == (
        "There is no report with the slug “nothing”. There are: right-here"
    )
    missing = tmp_path / "missing.pdf"
    assert refused("right-here", missing) == f"{missing} can’t be read: No such file or directory"
    assert refused("right-here", tmp_path) == f"{tmp_path} can’t be read: Is a directory"
    assert refused("right-here", original(made.png(), "picture.png")).startswith(
        "“picture.png” is not a file we can take"
    )
    assert refused("right-here", original(b"%PDF-1.7 and no more")).startswith("“report.pdf”")
    assert refused("right-here", original(b"", "empty.txt")).startswith("“empty.txt” is empty")
    assert StoredFile.objects.count() == 0
    assert report.version == Report.objects.get().version


def test_of_two_reports_with_the_same_slug_one_is_named_by_its_number(report, original):
    other = make_report(title="Right here")
    assert refused("right-here", original(KINDS["pdf"])) == (
        f"Several reports have the slug “right-here”. Choose one: {report.pk}-right-here, {other.pk}-right-here"
    )
    attach(f"{other.pk}-right-here", original(KINDS["pdf"]))
    assert (len(files_of(report)), len(files_of(other))) == (0, 1)


def test_a_site_without_reports_says_so(original):
    assert refused("nothing", original(KINDS["pdf"])).endswith("There are: none yet")


# --- the starter library ----------------------------------------------------------------------------------


def test_an_attached_file_is_no_editor_s_change(original, tmp_path):
    load(["reports"])
    attach("right-here-right-now", original(KINDS["pdf"]))
    (tally,) = load(["reports"])
    assert tally.outcomes == ["unchanged"] * 3
    newer = tmp_path / "starter" / "reports"
    newer.mkdir(parents=True)
    for path in (FOLDER / "reports").iterdir():
        (newer / path.name).write_text(path.read_text() + "\nA newer ending.\n")
    (tally,) = load(["reports"], folder=tmp_path / "starter")
    assert tally.outcomes == ["updated"] * 3
    report = Report.objects.get(slug="right-here-right-now")
    assert report.body.endswith("A newer ending.")
    assert [entry["name"] for entry in report.card["files"]] == ["report.pdf"]
    attach("right-here-right-now", original(b"Of gooseberry.", "new.txt"))
    assert load(["reports"], folder=tmp_path / "starter")[0].outcomes == ["unchanged"] * 3


def test_what_an_editor_wrote_is_left_alone_with_or_without_a_file(original, administrator):
    load(["reports"])
    attach("right-here-right-now", original(KINDS["pdf"]))
    report = Report.objects.get(slug="right-here-right-now")
    report.revise(administrator, {"summary": "Ours."}, version=report.version)
    assert load(["reports"])[0].outcomes.count("left alone") == 1


# --- the admin ------------------------------------------------------------------------------------------


def values(report, **more):
    return {
        "title": report.title,
        "byline": report.byline,
        "authors": "",
        "publishers": "",
        "year": "2010",
        "month": "7",
        "summary": "",
        "body": report.body,
        "principles": [Principle.objects.first().pk],
        "sectors": [ServiceSector.objects.first().pk],
        "keywords": "",
        "audience": "everyone",
        "form_key": str(uuid.uuid4()),
        "version": report.version,
        **more,
    }


def test_editors_attach_it_in_the_admin_and_leave_it_out_again(client, administrator, report):
    client.force_login(administrator)
    address = reverse("admin:library_report_change", args=[report.pk])
    upload = SimpleUploadedFile("report.pdf", KINDS["pdf"])
    assert client.post(address, values(report, files=upload)).status_code == 302
    (entry,) = files_of(report)
    assert (entry["name"], entry["state"], StoredFile.objects.get().owner) == (
        "report.pdf",
        "waiting",
        administrator,
    )
    read_due()
    assert found(f'"{DEEP}"') == ["Right here"]
    page = client.get(address).content.decode()
    assert f'name="files_kept" value="{entry["token"]}" checked' in page
    assert 'enctype="multipart/form-data"' in page
    report.refresh_from_db()
    client.post(address, values(report, files_kept=[entry["token"]], summary="In short."))
    assert [each["token"] for each in files_of(report)] == [entry["token"]]
    client.post(address, values(report))
    assert (files_of(report), found(f'"{DEEP}"')) == ([], [])


def test_a_refused_file_is_said_beside_its_field_and_all_else_is_kept(client, administrator, report):
    client.force_login(administrator)
    upload = SimpleUploadedFile("picture.png", made.png())
    response = client.post(
        reverse("admin:library_report_change", args=[report.pk]),
        values(report, files=upload, summary="In short."),
    )
    form = response.context["adminform"].form
    assert [error.code for error in form.errors.as_data()["files"]] == ["file_type"]
    assert form["summary"].value() == "In short."


def test_a_report_is_added_with_its_file(client, administrator):
    client.force_login(administrator)
    upload = SimpleUploadedFile("report.txt", KINDS["txt"])
    sent = values(Report(title="New", byline="nef", body="Words.", version=0), files=upload, publish="on")
    assert client.post(reverse("admin:library_report_add"), sent).status_code == 302
    assert [entry["name"] for entry in Report.objects.get().card["files"]] == ["report.txt"]


# --- the page -------------------------------------------------------------------------------------------


def test_the_page_says_what_it_is_before_its_link_and_shows_the_cover(client, report, original, queries):
    attach("right-here", original(KINDS["pdf"]))
    report.refresh_from_db()
    client.get(report.get_absolute_url())
    with queries(2):  # the report, and what is like it
        page = client.get(report.get_absolute_url()).content.decode()
    (entry,) = report.card["files"]
    assert page.index("PDF, 917\xa0bytes, 2 pages") < page.index(f'href="/files/{entry["token"]}/report.pdf"')
    cover = entry["renditions"][0]
    assert f'src="/files/{cover["token"]}/cover-160.webp"' in page
    assert f'width="160" height="{cover["height"]}" alt=""' in page


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"state": "waiting"}, "This file is being read"),
        ({"state": "unreadable"}, "This file could not be read here"),
        ({"has_text": False}, "This is a scan: its words can’t be searched."),
    ],
)
def test_the_page_says_what_can_not_be_searched(client, report, original, known, words):
    attach("right-here", original(KINDS["pdf"]))
    StoredFile.objects.originals().update(**known)
    report.refresh_from_db()
    report.refresh()
    assert escape(words) in client.get(report.get_absolute_url()).content.decode()


def test_a_report_without_a_file_says_nothing_of_files(client, report):
    assert "files-heading" not in client.get(report.get_absolute_url()).content.decode()
