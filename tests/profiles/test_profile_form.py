"""Changing one's profile: every rule of input, the photo, and what a change carries along."""

import io
import re

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from commons.contributions.kept import FIELD, sign_writer
from commons.contributions.models import KeptText
from commons.search.models import SearchEntry
from commons.tagging.models import Principle, ServiceSector
from profiles import photos
from profiles.models import Member
from tests.factories import make_administrator, make_member, make_post
from tests.files.test_pictures import picture, png_header

pytestmark = pytest.mark.django_db
EDIT = "/members/me/edit/"


@pytest.fixture
def ann():
    return make_member("Ann Lee")


@pytest.fixture
def signed(client, ann):
    client.force_login(ann)
    return client


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def stored_files(tmp_path):
    return sorted(p.name for p in (tmp_path / "photos").glob("*")) if (tmp_path / "photos").exists() else []


def upload(content=None, name="me.png"):
    return SimpleUploadedFile(name, content if content is not None else picture("PNG", size=(300, 200)))


def codes(response):
    return {
        name: [e.code for e in found] for name, found in response.context["form"].errors.as_data().items()
    }


def test_everything_is_saved(signed, ann):
    principle, sector = Principle.objects.first(), ServiceSector.objects.first()
    response = signed.post(
        EDIT,
        {
            "display_name": "Ann  Leeds",
            "username": "Ann-Of-Leeds",
            "about": "I **work** here.",
            "roles": ["carer", "practitioner"],
            "organisation": "Acme",
            "place": "Leeds",
            "region": "yorkshire-and-the-humber",
            "principles": [principle.pk],
            "sectors": [sector.pk],
            "links": "example.org/ann\nhttps://example.com/\n\nexample.org/ann",
            "language": "en-gb",
            "show_roles": "members",
            "show_organisation": "nobody",
            "show_place": "everyone",
            "show_links": "everyone",
            "in_directory": "no",
            "indexable": "yes",
        },
    )
    assert (response.status_code, response.url) == (302, "/members/ann-of-leeds/")
    ann.refresh_from_db()
    assert {
        "display_name": ann.display_name,
        "username": ann.username,
        "about": ann.about,
        "about_html": ann.about_html.strip(),
        "roles": ann.roles,
        "organisation": ann.organisation,
        "place": ann.place,
        "region": ann.region,
        "links": ann.links,
        "sights": (ann.show_roles, ann.show_organisation, ann.show_place, ann.show_links),
        "in_directory": ann.in_directory,
        "indexable": ann.indexable,
    } == {
        "display_name": "Ann Leeds",
        "username": "ann-of-leeds",
        "about": "I **work** here.",
        "about_html": "<p>I <strong>work</strong> here.</p>",
        "roles": ["carer", "practitioner"],
        "organisation": "Acme",
        "place": "Leeds",
        "region": "yorkshire-and-the-humber",
        "links": ["https://example.org/ann", "https://example.com/"],
        "sights": ("members", "nobody", "everyone", "everyone"),
        "in_directory": False,
        "indexable": True,
    }
    assert (list(ann.principles.all()), list(ann.sectors.all())) == ([principle], [sector])


def test_who_sees_how_one_takes_part_is_asked_where_one_says_it(signed, ann):
    """docs/decisions/0020: shown by default, so it has to be plain at the moment of choosing."""
    page = signed.get(EDIT).content.decode()
    names = list(dict.fromkeys(re.findall(r'<(?:input|select|textarea)[^>]* name="([a-z_]+)"', page)))
    assert names[names.index("roles") + 1] == "show_roles"
    assert "They stand beside what you write." in page
    assert (ann.roles, ann.show_roles) == ([], "everyone")


def lines_of(member):
    return [
        (line.sort, line.text, line.principle_id, line.sector_id)
        for line in member.help_lines.order_by("sort", "place")
    ]


def test_offers_and_wishes_are_saved_in_their_order_with_their_topics(signed, ann):
    principle, sector = Principle.objects.first(), ServiceSector.objects.first()
    page = {
        "display_name": "Ann Lee",
        "offer_1": "",
        "offer_2": " Chairing a  first meeting ",
        "offer_2_topic": f"principle-{principle.pk}",
        "offer_3": "Reading <b>drafts</b>",
        "want_1": "Paying people fairly",
        "want_1_topic": f"sector-{sector.pk}",
        "show_help": "everyone",
        "open_to_contact": "yes",
    }
    assert signed.post(EDIT, page).status_code == 302
    ann.refresh_from_db()
    assert (ann.show_help, ann.open_to_contact) == ("everyone", True)
    assert lines_of(ann) == [
        ("offer", "Chairing a first meeting", principle.pk, None),
        ("offer", "Reading <b>drafts</b>", None, None),
        ("want", "Paying people fairly", None, sector.pk),
    ]
    shown = signed.get(EDIT).content.decode()
    assert 'name="offer_1" value="Chairing a first meeting"' in shown
    assert f'<option value="principle-{principle.pk}" selected>' in shown
    # Those that are filled, and two to fill: never more than five of a sort.
    assert re.findall(r'name="(offer_\d|want_\d)"', shown) == [
        "offer_1", "offer_2", "offer_3", "offer_4", "want_1", "want_2", "want_3",
    ]  # fmt: skip
    signed.post(EDIT, {"display_name": "Ann Lee"})
    assert len(lines_of(ann)) == 3, "what is left out of a post stays"
    signed.post(EDIT, {"display_name": "Ann Lee", "offer_1": "", "want_1": "Paying people fairly"})
    assert lines_of(ann) == [("want", "Paying people fairly", None, None)]


def test_a_topic_without_words_and_words_too_long_are_said_beside_the_field(signed, ann):
    principle = Principle.objects.first()
    response = signed.post(
        EDIT,
        {"display_name": "Ann", "offer_1_topic": f"principle-{principle.pk}", "want_2": "x" * 141},
    )
    assert codes(response) == {"offer_1": ["help_without_words"], "want_2": ["max_length"]}
    response = signed.post(EDIT, {"display_name": "Ann", "offer_1": "Tea", "offer_1_topic": "principle-0"})
    assert codes(response) == {"offer_1_topic": ["invalid_choice"]}
    assert 'name="offer_1" value="Tea"' in response.content.decode()
    assert lines_of(ann) == []


def test_nobody_is_open_to_contact_and_only_members_see_offers_until_one_chooses(ann):
    assert (ann.open_to_contact, ann.show_help) == (False, "members")


def test_a_new_members_offers_wait_when_they_lead_off_the_site(signed, ann):
    signed.post(EDIT, {"display_name": "Ann Lee", "offer_1": "Cheap loans at https://loans.example.com/now"})
    ann.refresh_from_db()
    assert ann.profile_held_because != ""
    other = Client()
    other.force_login(make_member())
    assert "Cheap loans" not in other.get("/members/ann-lee/").content.decode()
    assert "Cheap loans" in signed.get("/members/ann-lee/").content.decode()
    boss = Client()
    boss.force_login(make_administrator())
    assert "Cheap loans" in boss.get(f"/admin/profiles/member/{ann.pk}/change/").content.decode()


def test_what_is_left_out_of_a_post_stays(signed, ann):
    Member.objects.filter(pk=ann.pk).update(show_links="nobody", indexable=True)
    signed.post(EDIT, {"display_name": "Ann"})
    ann.refresh_from_db()
    assert (ann.display_name, ann.username, ann.show_links, ann.in_directory, ann.indexable) == (
        "Ann",
        "ann-lee",
        "nobody",
        True,
        True,
    )


def test_forbidden_fields_are_ignored(signed, ann):
    signed.post(
        EDIT, {"display_name": "Ann", "is_staff": "on", "email": "x@example.org", "hidden": "on", "id": "999"}
    )
    changed = Member.objects.get(pk=ann.pk)
    assert (changed.is_staff, changed.email, changed.hidden) == (False, ann.email, False)


def test_decisions_made_meanwhile_are_not_undone(signed, ann, monkeypatch):
    """An administrator hides the profile while its owner's form is being saved."""
    stale = Member.objects.get(pk=ann.pk)
    ann.hide(make_administrator())
    stale.write_profile({"display_name": "Ann"})
    ann.refresh_from_db()
    assert (ann.hidden, ann.display_name) == (True, "Ann")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"display_name": ""}, {"display_name": ["required"]}),
        ({"display_name": "a@b"}, {"display_name": ["name_is_address"]}),
        ({"username": "me"}, {"username": ["username_reserved"]}),
        ({"username": "a b"}, {"username": ["username_shape"]}),
        ({"username": "bola-ade"}, {"username": ["username_taken"]}),
        ({"username": "bola-before"}, {"username": ["username_taken"]}),
        ({"about": "x" * 5001}, {"about": ["max_length"]}),
        ({"roles": ["king"]}, {"roles": ["invalid_choice"]}),
        ({"region": "atlantis"}, {"region": ["invalid_choice"]}),
        ({"principles": ["x"]}, {"principles": ["invalid_pk_value"]}),
        ({"principles": ["99999"]}, {"principles": ["invalid_choice"]}),
        ({"principles": ["99999999999999999999"]}, {"principles": ["invalid_pk_value"]}),
        ({"links": "javascript:alert(1)"}, {"links": ["link_invalid"]}),
        ({"links": "ftp://example.org"}, {"links": ["link_invalid"]}),
        ({"links": "https://" + "x" * 300 + ".org"}, {"links": ["link_invalid"]}),
        ({"links": "http://["}, {"links": ["link_invalid"]}),
        ({"links": "\n".join(f"https://example.org/{n}" for n in range(6))}, {"links": ["too_many_links"]}),
        ({"show_links": "enemies"}, {"show_links": ["invalid_choice"]}),
        ({"in_directory": "maybe"}, {"in_directory": ["invalid_choice"]}),
    ],
)
def test_bad_input(signed, ann, typed, found):
    make_member("Bola Before").rename("bola-ade")
    response = signed.post(EDIT, {"display_name": "New Name", **typed})
    assert response.status_code == 200
    assert codes(response) == found
    page = response.content.decode()
    assert "<title>Error: " in page
    if "display_name" not in typed:
        assert 'value="New Name"' in page
    assert "New Name" not in page.partition("<main")[0]  # the header still has the name that is stored
    ann.refresh_from_db()
    assert ann.display_name == "Ann Lee"


def test_control_characters_are_dropped(signed, ann):
    signed.post(
        EDIT, {"display_name": "An\x00n", "about": "a\x07b\r\nc", "links": "https://example.org/\x00"}
    )
    ann.refresh_from_db()
    assert (ann.display_name, ann.about, ann.links) == ("Ann", "ab\nc", ["https://example.org/"])


def test_change_carries_to_cards_and_search(signed, ann):
    post = make_post(ann)
    signed.post(
        EDIT, {"display_name": "Ann Other", "organisation": "Acme", "roles": ["carer"], "about": "Beekeeper."}
    )
    post.refresh_from_db()
    assert post.card["byline"] == {
        "name": "Ann Other",
        "username": "ann-lee",
        "roles": ["carer"],
        "organisation": "Acme",
    }
    entry = SearchEntry.objects.for_target(ann).get()
    assert (entry.title, entry.summary, entry.body, entry.url) == (
        "Ann Other",
        "Carer or family member, Acme",
        "Beekeeper.",
        "/members/ann-lee/",
    )


@pytest.mark.parametrize("sight", ["members", "nobody"])
def test_search_keeps_only_what_everyone_may_see(ann, sight):
    ann.write_profile(
        {
            "organisation": "Acmeorg",
            "roles": ["carer"],
            "place": "Leedstown",
            "links": ["https://linky.example/"],
            **{f"show_{name}": sight for name in ("roles", "organisation", "place", "links")},
        }
    )
    entry = SearchEntry.objects.for_target(ann).get()
    words = f"{entry.title} {entry.summary} {entry.body} {entry.extra}"
    assert words.split() == ["Ann", "Lee"]


@pytest.mark.parametrize("change", ["unlisted", "hidden", "unconfirmed"])
def test_those_who_are_not_listed_have_no_search_entry(ann, change):
    assert SearchEntry.objects.for_target(ann).count() == 1
    if change == "unlisted":
        ann.write_profile({"in_directory": False})
    elif change == "hidden":
        ann.hide(make_administrator())
    else:
        ann = make_member(confirmed=False)
    assert SearchEntry.objects.for_target(ann).count() == 0


# --- the photo ------------------------------------------------------------------------------------


def test_photo_is_cut_and_kept_in_two_sizes(signed, ann, tmp_path):
    signed.post(EDIT, {"display_name": "Ann Lee", "photo": upload()})
    ann.refresh_from_db()
    assert len(stored_files(tmp_path)) == 2
    for url, size in ((ann.photo_url, 96), (ann.portrait_url, 512)):
        assert url.startswith("/members/ann-lee/photo/")
        response = Client().get(url)
        image = Image.open(io.BytesIO(response.content))
        assert (image.format, image.size) == ("WEBP", (size, size))
        headers = response.headers
        assert (headers["Content-Type"], headers["X-Content-Type-Options"]) == ("image/webp", "nosniff")
        assert headers["Content-Security-Policy"] == (
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
        )
        assert headers["Content-Disposition"] == "inline"


def test_new_photo_replaces_the_old_one(signed, ann, tmp_path, django_capture_on_commit_callbacks):
    signed.post(EDIT, {"display_name": "Ann Lee", "photo": upload()})
    first = stored_files(tmp_path)
    old = Member.objects.get(pk=ann.pk).photo_url
    with django_capture_on_commit_callbacks() as callbacks:
        signed.post(
            EDIT, {"display_name": "Ann Lee", "photo": upload(name="b.webp", content=picture("WEBP"))}
        )
    assert set(first) < set(stored_files(tmp_path))  # until the change is certain
    for callback in callbacks:
        callback()
    assert len(stored_files(tmp_path)) == 2
    assert set(first) & set(stored_files(tmp_path)) == set()
    assert Client().get(old).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        signed.post(EDIT, {"display_name": "Ann Lee", "remove_photo": "on"})
    ann.refresh_from_db()
    assert (ann.photo.name, ann.photo_url, stored_files(tmp_path)) == ("", "", [])


def test_saving_without_a_new_photo_keeps_it(signed, ann, tmp_path):
    signed.post(EDIT, {"display_name": "Ann Lee", "photo": upload()})
    before = stored_files(tmp_path)
    signed.post(EDIT, {"display_name": "Ann"})
    assert stored_files(tmp_path) == before
    assert Member.objects.get(pk=ann.pk).photo


def test_photo_of_a_change_that_failed_is_not_left_behind(ann, tmp_path, monkeypatch):
    def fail(self):
        raise RuntimeError

    monkeypatch.setattr(Member, "reindex", fail)
    with pytest.raises(RuntimeError):
        ann.write_profile({"photo": dict.fromkeys(photos.SIZES, b"RIFF")})
    assert stored_files(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (png_header(60000, 60000), "me.png", "picture_too_many_pixels"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "me.svg", "picture_type"),
        (picture("JPEG", size=(400, 400))[:700], "me.jpg", "picture_broken"),
        (b"x", "../../etc/passwd", "picture_type"),
    ],
)
def test_photo_refused(signed, ann, tmp_path, content, name, code):
    response = signed.post(EDIT, {"display_name": "Ann Lee", "photo": upload(content, name)})
    assert codes(response) == {"photo": [code]}
    assert stored_files(tmp_path) == []


@pytest.mark.parametrize(
    "name", ["none.webp", "x.webp", "..%2f..%2fsecret_key", "%00", "a" * 30 + ".webp", "a" * 30 + "-96.webp"]
)
def test_other_names_lead_to_no_file(signed, ann, name):
    signed.post(EDIT, {"display_name": "Ann Lee", "photo": upload()})
    assert Client().get(f"/members/ann-lee/photo/{name}").status_code in {400, 404}


def test_photo_goes_through_the_gate(signed, ann):
    signed.post(EDIT, {"display_name": "Ann Lee", "photo": upload()})
    ann.refresh_from_db()
    ann.hide(make_administrator())
    for client, status in ((Client(), 404), (signed, 200)):
        assert client.get(ann.photo_url).status_code == status
    other = make_member("Bola Ade")
    assert Client().get(ann.photo_url.replace("ann-lee", other.username)).status_code == 404


def test_file_that_is_gone_is_a_404(signed, ann):
    signed.post(EDIT, {"display_name": "Ann Lee", "photo": upload()})
    ann.refresh_from_db()
    default_storage.delete(ann.photo.name)
    assert Client().get(ann.portrait_url).status_code == 404


# --- nothing typed is lost ------------------------------------------------------------------------


def test_text_survives_a_lost_session(ann):
    typed = {
        "display_name": "Ann",
        "about": "Long story.",
        "roles": ["carer", "policy"],
        "indexable": "yes",
        FIELD: sign_writer(ann),
    }
    response = Client().post(EDIT, typed)
    kept = KeptText.objects.get()
    assert response.url == f"/accounts/login/?next=/members/me/edit/%3Fkept%3D{kept.token}"
    stranger = Client()
    stranger.force_login(make_member())
    assert "Long story." not in stranger.get(f"{EDIT}?kept={kept.token}").content.decode()
    client = Client()
    client.force_login(ann)
    form = client.get(f"{EDIT}?kept={kept.token}").context["form"]
    assert {name: form[name].value() for name in ("display_name", "about", "roles", "indexable")} == {
        "display_name": "Ann",
        "about": "Long story.",
        "roles": ["carer", "policy"],
        "indexable": "yes",
    }
    client.post(EDIT, typed)
    assert KeptText.objects.count() == 0


@pytest.mark.parametrize("token", ["abc", "", "67e68a62-21de-43b7-8e86-2408d5701f58", "\x00"])
def test_unknown_tokens_are_nothing(signed, ann, token):
    assert signed.get(EDIT, {"kept": token}).status_code in {200, 400}


def test_form_has_a_fixed_cost(signed, ann, queries):
    ann.principles.set(Principle.objects.all())
    signed.get(EDIT)
    with queries(9):
        signed.get(EDIT)
