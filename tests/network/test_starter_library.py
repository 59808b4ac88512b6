"""The starter library: what is loaded, what a second load changes, and what it never touches."""

import shutil
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from commons.contributions.models import Contribution
from commons.search.models import JoinedSpelling, SearchEntry
from commons.tagging.models import Keyword, Principle, ServiceSector
from commons.texts.models import Text, TextVersion, fingerprint
from library.link_checking import keep
from library.models import Link, Report
from network import starter_library
from network.starter_files import FOLDER, BrokenFile
from network.starter_library import PARTS, is_new, load, ways_to_take_part
from tests.factories import make_link

pytestmark = pytest.mark.django_db

PRINCIPLE = "peer-support-networks"
SECTOR = "housing"


def document(front, body="Some words."):
    lines = [f"{name} = {value!r}".replace("'", '"') for name, value in front.items()]
    return "\n".join(["+++", *lines, "+++", body, ""])


HYPHEN = "Write it in small letters with one hyphen, such as co-production."
SHORTER = "is too long for a keyword. Use 60 characters or fewer."
NOT_PUBLIC = "This is not the address of a site that everybody can reach. Check the part after https://."
REPORT = {
    "title": "A report",
    "summary": "In short.",
    "byline": "Two publishers",
    "authors": ["Ann Lee", "Bola Ade"],
    "publishers": ["One", "Two"],
    "year": 2010,
    "month": 4,
    "principles": [PRINCIPLE],
    "sectors": [SECTOR, "education"],
    "keywords": ["Time Banking", "trust"],
}
LINK = {
    "title": "A site",
    "url": "http://www.example.org/",
    "type": "website",
    "summary": "In short.",
    "byline": "Whoever keeps it",
    "principles": [PRINCIPLE],
    "sectors": [SECTOR],
    "keywords": ["trust"],
}
EVENT = {
    "title": "A meeting",
    "summary": "In short.",
    "byline": "The editors",
    "known_to": "season",
    "year": 2010,
    "season": "spring",
    "principles": [PRINCIPLE],
    "sectors": [SECTOR],
}
CASE_STUDY = {
    "title": "A garden",
    "summary": "In short.",
    "byline": "The editors",
    "principles": [PRINCIPLE],
    "sectors": [SECTOR],
}


@pytest.fixture
def folder(tmp_path):
    """A small starter library: of the reports two, of all else one."""
    for part in PARTS[:-1]:
        (tmp_path / part).mkdir()
    write(
        tmp_path,
        f"principles/{PRINCIPLE}.md",
        {"summary": "People help each other."},
        "## What it means\n\nA lot.",
    )
    write(tmp_path, f"sectors/{SECTOR}.md", {"summary": "Homes."}, "Where people live.")
    write(tmp_path, "texts/house-rules.md", {"title": "House rules", "summary": "Be kind."}, "Really.")
    write(tmp_path, "links/a-site.md", LINK)
    write(tmp_path, "events/a-meeting.md", EVENT)
    write(tmp_path, "case-studies/a-garden.md", CASE_STUDY)
    write(tmp_path, "reports/newer.md", {**REPORT, "title": "Newer", "month": 7})
    write(tmp_path, "reports/older.md", {**REPORT, "title": "Older"})
    (tmp_path / "spellings.toml").write_text('spellings = ["co-production", "well-being"]\n')
    return tmp_path


def write(folder, name, front, body="Some words."):
    (folder / name).write_text(document(front, body))


def outcomes(folder, only=PARTS):
    return {tally.part: tally.outcomes for tally in load(only, folder=folder)}


def everything():
    """What a load could have changed, to be compared."""
    return {
        "events and case studies": list(
            Contribution.objects.filter(kind__in=("event", "case-study"))
            .order_by("pk")
            .values_list("pk", "title", "body", "version", "changed_at", "status")
        ),
        "texts": list(
            TextVersion.objects.order_by("pk").values_list("pk", "text__key", "title", "summary", "body")
        ),
        "terms": [
            *Principle.objects.values_list("slug", "summary"),
            *ServiceSector.objects.values_list("slug", "summary"),
        ],
        "links": list(
            Link.objects.order_by("pk").values_list("pk", "title", "url", "body", "version", "status")
        ),
        "reports": list(
            Report.objects.order_by("pk").values_list(
                "pk", "title", "body", "version", "changed_at", "status"
            )
        ),
        "spellings": list(JoinedSpelling.objects.values_list("text", flat=True)),
    }


def _rows(model, *fields):
    return list(model.objects.order_by("pk").values_list(*fields))


def test_all_parts_are_loaded(folder):
    assert outcomes(folder) == {
        "texts": ["loaded"],
        "principles": ["loaded"],
        "sectors": ["loaded"],
        "reports": ["loaded", "loaded"],
        "events": ["loaded"],
        "links": ["loaded"],
        "case-studies": ["loaded"],
        "spellings": ["unchanged", "loaded"],
    }
    principle = Principle.objects.get(slug=PRINCIPLE)
    assert (principle.summary, principle.text.body) == (
        "People help each other.",
        "## What it means\n\nA lot.",
    )
    assert (principle.text.title, principle.text.summary) == (principle.name, principle.summary)
    assert ServiceSector.objects.get(slug=SECTOR).text.body == "Where people live."
    rules = Text.objects.current("house-rules")
    assert (rules.title, rules.summary, rules.body, rules.written_by) == (
        "House rules",
        "Be kind.",
        "Really.",
        None,
    )
    assert rules.starter_hash == fingerprint("House rules", "Be kind.", "Really.")


def test_a_report_is_loaded_with_all_it_has(folder):
    load(folder=folder)
    report = Report.objects.get(starter_key="report/older")
    assert (report.status, report.reach, report.author, report.byline) == (
        "published",
        2,
        None,
        "Two publishers",
    )
    assert (report.authors, report.publishers) == (["Ann Lee", "Bola Ade"], ["One", "Two"])
    assert (report.year, report.month, report.identifier) == (2010, 4, "")
    assert {term.slug for term in report.principles.all()} == {PRINCIPLE}
    assert {term.slug for term in report.sectors.all()} == {SECTOR, "education"}
    assert set(report.keywords.names()) == {"time banking", "trust"}
    assert report.is_starter
    assert report.revisions.count() == 1


def test_the_latest_report_is_the_newest_here(folder):
    load(folder=folder)
    assert [report.title for report in Report.objects.newest()] == ["Newer", "Older"]


def test_what_was_loaded_is_found(folder):
    load(folder=folder)
    entry = SearchEntry.objects.get(kind="principle", title="Peer support networks")
    assert (entry.summary, entry.body) == ("People help each other.", "What it means A lot.")
    assert set(SearchEntry.objects.filter(kind="report").values_list("title", flat=True)) == {
        "Newer",
        "Older",
    }


def test_loading_again_changes_nothing(folder):
    load(folder=folder)
    before = everything()
    assert outcomes(folder) == {
        "texts": ["unchanged"],
        "principles": ["unchanged"],
        "sectors": ["unchanged"],
        "reports": ["unchanged", "unchanged"],
        "events": ["unchanged"],
        "links": ["unchanged"],
        "case-studies": ["unchanged"],
        "spellings": ["unchanged", "unchanged"],
    }
    assert everything() == before


def test_a_changed_file_brings_its_change_and_nothing_else(folder):
    load(folder=folder)
    before = everything()
    write(folder, f"principles/{PRINCIPLE}.md", {"summary": "New summary."}, "New words.")
    write(folder, "texts/house-rules.md", {"title": "House rules", "summary": "Be kind."}, "New rules.")
    write(folder, "reports/older.md", {**REPORT, "title": "Older", "keywords": []}, "New body.")
    assert outcomes(folder) == {
        "texts": ["updated"],
        "principles": ["updated"],
        "sectors": ["unchanged"],
        "reports": ["updated", "unchanged"],
        "events": ["unchanged"],
        "links": ["unchanged"],
        "case-studies": ["unchanged"],
        "spellings": ["unchanged", "unchanged"],
    }
    principle = Principle.objects.get(slug=PRINCIPLE)
    assert (principle.summary, principle.text.body) == ("New summary.", "New words.")
    assert Text.objects.current("house-rules").number == 2
    older = Report.objects.get(starter_key="report/older")
    assert (older.body, older.version, list(older.keywords.names())) == ("New body.", 2, [])
    assert older.edited_at is not None
    assert everything()["reports"][1] == before["reports"][1]


def test_an_updated_file_can_be_updated_again(folder):
    load(folder=folder)
    for words in ("Second.", "Third."):
        write(folder, "reports/older.md", {**REPORT, "title": "Older"}, words)
        write(folder, f"sectors/{SECTOR}.md", {"summary": words}, words)
        assert outcomes(folder)["reports"] == ["updated", "unchanged"]
    assert Report.objects.get(starter_key="report/older").body == "Third."
    assert ServiceSector.objects.get(slug=SECTOR).summary == "Third."


def change_files(folder):
    write(folder, f"principles/{PRINCIPLE}.md", {"summary": "From the file."}, "From the file.")
    write(folder, "texts/house-rules.md", {"title": "From the file"}, "From the file.")
    write(folder, "reports/older.md", {**REPORT, "title": "From the file"}, "From the file.")


def test_an_editor_s_words_stay(folder, administrator):
    load(folder=folder)
    Text.write("house-rules", title="House rules", body="An editor’s rules.", by=administrator)
    principle = Principle.objects.get(slug=PRINCIPLE)
    Text.write(principle.text_key, title=principle.name, body="An editor’s words.", by=administrator)
    report = Report.objects.get(starter_key="report/older")
    report.revise(administrator, {"title": "An editor’s title"}, version=report.version)
    change_files(folder)
    before = everything()
    assert outcomes(folder) == {
        "texts": ["left alone"],
        "principles": ["left alone"],
        "sectors": ["unchanged"],
        "reports": ["left alone", "unchanged"],
        "events": ["unchanged"],
        "links": ["unchanged"],
        "case-studies": ["unchanged"],
        "spellings": ["unchanged", "unchanged"],
    }
    assert everything() == before


def test_an_editor_s_summary_stays(folder):
    load(folder=folder)
    Principle.objects.filter(slug=PRINCIPLE).update(summary="An editor’s summary.")
    change_files(folder)
    assert outcomes(folder)["principles"] == ["left alone"]
    assert Principle.objects.get(slug=PRINCIPLE).summary == "An editor’s summary."


def test_a_summary_written_before_the_first_load_stays(folder):
    Principle.objects.filter(slug=PRINCIPLE).update(summary="An editor’s summary.")
    assert outcomes(folder)["principles"] == ["left alone"]
    assert Principle.objects.get(slug=PRINCIPLE).summary == "An editor’s summary."


@pytest.mark.parametrize("field", ["authors", "byline", "year", "principles", "keywords", "audience"])
def test_every_field_of_a_report_counts_as_an_editor_s_change(folder, administrator, field):
    load(folder=folder)
    report = Report.objects.get(starter_key="report/older")
    changed = {
        "authors": ["Only One"],
        "byline": "Others",
        "year": 2011,
        "principles": [Principle.objects.get(slug="blurring-distinctions")],
        "keywords": [],
        "audience": "members",
    }[field]
    report.revise(administrator, {field: changed}, version=report.version)
    change_files(folder)
    assert outcomes(folder, ["reports"]) == {"reports": ["left alone", "unchanged"]}


def test_what_was_taken_down_stays_down(folder, administrator):
    load(folder=folder)
    Report.objects.get(starter_key="report/older").remove(administrator, "Out of date.")
    change_files(folder)
    assert outcomes(folder)["reports"] == ["updated", "unchanged"]
    report = Report.objects.get(starter_key="report/older")
    assert (report.status, report.reach, report.title) == ("removed", 0, "From the file")


def test_a_link_is_loaded_with_all_it_has(folder):
    load(folder=folder)
    link = Link.objects.get(starter_key="link/a-site")
    assert (link.url, link.host, link.subtype) == ("http://www.example.org/", "www.example.org", "website")
    assert (link.status, link.reach, link.author, link.byline) == ("published", 2, None, "Whoever keeps it")
    assert link.address_key is not None
    assert link.is_starter


def test_a_link_s_changed_file_brings_its_change(folder):
    load(folder=folder)
    write(folder, "links/a-site.md", {**LINK, "url": "https://example.org/moved", "byline": ""}, "New body.")
    assert outcomes(folder, ["links"]) == {"links": ["updated"]}
    link = Link.objects.get(starter_key="link/a-site")
    assert (link.url, link.byline, link.body, link.version) == (
        "https://example.org/moved",
        "",
        "New body.",
        2,
    )


@pytest.mark.parametrize("field", ["url", "subtype", "title", "byline", "body", "audience", "keywords"])
def test_every_field_of_a_link_counts_as_an_editor_s_change(folder, administrator, field):
    load(folder=folder)
    link = Link.objects.get(starter_key="link/a-site")
    new = {"url": "https://example.net/", "subtype": "video", "audience": "members", "keywords": []}
    link.revise(administrator, {field: new.get(field, "An editor’s words")}, version=link.version)
    write(folder, "links/a-site.md", {**LINK, "title": "From the file"})
    before = everything()
    assert outcomes(folder, ["links"]) == {"links": ["left alone"]}
    assert everything() == before


def test_looking_at_a_link_is_no_change_of_it(folder):
    load(folder=folder)
    link = Link.objects.get(starter_key="link/a-site")
    for week in range(3):
        keep(link, "not-found", timezone.now() + timedelta(days=7 * week))
    assert Link.objects.get(pk=link.pk).dead_since is not None
    assert outcomes(folder, ["links"]) == {"links": ["unchanged"]}


def test_a_link_that_a_member_has_shared_stays_theirs(folder):
    theirs = make_link(url="https://example.org")
    (tally,) = load(["links"], folder=folder)
    assert str(tally) == "links: 1 left out because a member has shared it"
    assert list(Link.objects.all()) == [theirs]
    theirs.withdraw(theirs.author)
    assert outcomes(folder, ["links"]) == {"links": ["loaded"]}


def test_a_merged_keyword_is_no_change_of_the_report(folder):
    from commons.contributions.keywords import merge_keywords

    load(folder=folder)
    kept = Keyword.objects.get_or_create(name="mutual trust")[0]
    merge_keywords(kept, Keyword.objects.get(name="trust"))
    assert outcomes(folder)["reports"] == ["unchanged", "unchanged"]
    write(folder, "reports/older.md", {**REPORT, "title": "Older"}, "New body.")
    assert outcomes(folder)["reports"] == ["updated", "unchanged"]
    assert set(Report.objects.get(starter_key="report/older").keywords.names()) == {
        "mutual trust",
        "time banking",
    }


def test_a_spelling_that_was_taken_away_stays_away(folder):
    load(folder=folder)
    JoinedSpelling.objects.get(text="well-being").delete()
    assert outcomes(folder)["spellings"] == ["unchanged", "left alone"]
    assert not JoinedSpelling.objects.filter(text="well-being").exists()


def test_one_part_only(folder):
    assert outcomes(folder, ["texts"]) == {"texts": ["loaded"]}
    assert Report.objects.count() == 0
    assert Principle.objects.exclude(summary="").count() == 0


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("reports/older.md", "no front matter", "it must begin with a front matter between two lines of +++"),
        ("reports/older.md", "+++\ntitle = \n+++\nx", "its TOML can’t be read: Invalid value (at line 1, column 9)"),
        ("reports/older.md", document(REPORT, ""), "there is no text below the front matter"),
        ("reports/older.md", document({**REPORT, "title": ""}), "“title” is missing"),
        ("reports/older.md", document({**REPORT, "title": 3}), "“title” must be text"),
        ("reports/older.md", document({**REPORT, "title": "x" * 201}), "“title” has 201 characters; at most 200 fit"),
        ("reports/older.md", document({**REPORT, "year": "2010"}), "“year” must be a number from 1000 to 9999"),
        ("reports/older.md", document({**REPORT, "month": 13}), "“month” must be a number from 1 to 12"),
        ("reports/older.md", document({**REPORT, "authors": "Ann"}), "“authors” must be a list of texts"),
        ("reports/older.md", document({**REPORT, "sectors": []}), "“sectors” is missing"),
        ("reports/older.md", document({**REPORT, "sectors": ["x"]}), "there is no “x” among the sectors"),
        ("reports/older.md", document({**REPORT, "tags": ["x"]}), "“tags” is not a field of this kind of file"),
        ("reports/older.md", document({**REPORT, "keywords": ["x" * 61]}), f"“{'x' * 20}…” {SHORTER}"),
        ("reports/older.md", document(REPORT, "x\x00y"), "it holds a NUL character"),
        ("reports/older.md", document(REPORT, "x" * 50_001), "its text has more than 50000 characters"),
        ("reports/older.md", b"+++\n\xff\n+++\n", "it can’t be read as UTF-8 text (UnicodeDecodeError)"),
        ("reports/Older one.md", document(REPORT), "a file name has small letters, digits and hyphens only"),
        ("links/a-site.md", document({**LINK, "url": ""}), "“url” is missing"),
        ("links/a-site.md", document({**LINK, "url": "http://10.0.0.1/"}), NOT_PUBLIC),
        ("links/a-site.md", document({**LINK, "type": "film"}), "“type” must be one of website, video"),
        ("links/a-site.md", document({**LINK, "year": 2010}), "“year” is not a field of this kind of file"),
        ("principles/kindness.md", document({}), "there is no “kindness” among the principles"),
        ("texts/house-rules.md", document({"summary": "x"}), "“title” is missing"),
    ],
)  # fmt: skip
def test_a_broken_file_is_named_and_nothing_is_loaded(folder, name, content, problem):
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    before = everything()
    with pytest.raises(BrokenFile) as caught:
        load(folder=folder)
    assert str(caught.value) == f"{name}: {problem}"
    assert everything() == before


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("spellings = [", "its TOML can’t be read: Invalid value (at end of document)"),
        (
            'spellings = ["Three words here"]',
            "“Three words here”: Write it in small letters with one hyphen, such as co-production.",
        ),
        ('spellings = "co-design"', "“spellings” must be a list of texts"),
    ],
)
def test_broken_spellings(folder, content, problem):
    (folder / "spellings.toml").write_text(content)
    with pytest.raises(BrokenFile) as caught:
        load(folder=folder)
    assert str(caught.value) == f"{folder.name}/spellings.toml: {problem}"


def test_a_failure_half_way_leaves_nothing_behind(folder):
    (folder / "reports" / "older.md").write_text(document(REPORT))
    before = everything()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Report, "submit", lambda *_args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            load(folder=folder)
    assert everything() == before


# --- the command, on the files of the repository ----------------------------------------------------


def test_new_until_something_is_loaded(folder):
    assert is_new() is True
    load(["texts"], folder=folder)
    assert is_new() is True
    load(["sectors"], folder=folder)
    assert is_new() is False


def test_if_new_does_nothing_later(capsys, administrator):
    call_command("load_starter_library", if_new=True)
    assert "reports: 3 loaded" in capsys.readouterr().out
    report = Report.objects.newest()[0]
    Contribution.objects.filter(pk=report.pk).update(body="x", version=F("version"))
    before = everything()
    call_command("load_starter_library", if_new=True)
    assert capsys.readouterr().out == ""
    assert everything() == before


def test_the_command_says_what_it_did(capsys, administrator):
    call_command("load_starter_library")
    assert capsys.readouterr().out.splitlines() == [
        "texts: 6 unchanged",
        "principles: 6 loaded",
        "sectors: 14 loaded",
        "events: 7 loaded",
        "links: 9 loaded",
        "case-studies: 10 loaded",
        "reports: 3 loaded",
        "spellings: 3 loaded, 4 unchanged",
    ]
    report = Report.objects.newest()[0]
    report.revise(administrator, {"title": "An editor’s title"}, version=report.version)
    call_command("load_starter_library", only=["reports"])
    assert capsys.readouterr().out == "reports: 2 unchanged, 1 left alone because an editor changed it\n"


def test_a_broken_file_is_one_line(folder, capsys, monkeypatch):
    broken = folder / "reports" / "older.md"
    broken.write_text("+++\n")
    monkeypatch.setattr(starter_library.load, "__defaults__", (PARTS, folder))
    with pytest.raises(CommandError) as caught:
        call_command("load_starter_library")
    assert "\n" not in str(caught.value)
    assert "reports/older.md" in str(caught.value)


def test_the_standing_texts_are_there_after_migrating():
    keys = set(Text.objects.values_list("key", flat=True))
    assert keys == {"about", "about-co-production", "about-network", "accessibility", "privacy", "terms"}
    for version in TextVersion.objects.all():
        assert version.starter_hash == fingerprint(version.title, version.summary, version.body)


def test_the_files_cover_the_whole_vocabulary():
    for part, model in (("principles", Principle), ("sectors", ServiceSector)):
        assert {path.stem for path in (FOLDER / part).glob("*.md")} == set(
            model.objects.values_list("slug", flat=True)
        )


def test_every_principle_s_text_has_its_three_parts():
    load()
    for principle in Principle.objects.all():
        headings = [line for line in principle.text.body.splitlines() if line.startswith("## ")]
        assert len(headings) == 3, principle.slug


def test_there_are_eleven_ways_to_take_part():
    ways = ways_to_take_part()
    assert len(ways) == 11
    assert all(way.title and (not way.url or way.url.startswith("/")) for way in ways)


def test_the_copied_library_loads_like_the_original(tmp_path):
    copied = shutil.copytree(FOLDER, tmp_path / "starter")
    load()
    assert {outcome for tally in load(folder=copied) for outcome in tally.outcomes} == {"unchanged"}
