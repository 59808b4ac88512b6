"""A copy, then closing with removal: of the member's name, username and addresses, and of what they wrote, nothing is
left in any column of any table, nor in any file.

To prove that nothing is left, put it wherever it can be: every table that is declared has something of theirs.
"""

import json
import uuid
from datetime import timedelta
from functools import reduce
from operator import or_
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from casestudies.models import Account
from commons.contributions.attaching import Chosen
from commons.contributions.models import Bookmark, Follow, Helpful, KeptText, ReadMark
from commons.contributions.quoting import quotation
from commons.files.checking import check
from commons.files.models import FileText, StoredFile
from commons.files.storing import store
from commons.moderation.models import Flag, ModeratorMail
from commons.notifications.mail import deliver_due
from commons.notifications.models import Digest, EmailChoice
from commons.notifications.notify import notify, send
from commons.personal_data.held import Closing, all_held
from events.models import Answer
from events.rsvps import answer
from network.models import SiteIssue
from profiles import closing, copying, photos
from profiles.badges.models import EditorsBadge, Held
from profiles.badges.showing import keep_shown
from profiles.blocks import Block
from profiles.data_copy import DataCopy
from profiles.help_lines import HelpLine
from profiles.invitations.models import Arrival, Invitation
from profiles.models import Member
from profiles.personal_messages import PersonalMessage
from tests.factories import make_comment, make_event, make_post
from tests.profiles.joining import sign_in
from tests.world import build_world

pytestmark = pytest.mark.django_db

ADDRESS, OTHER_ADDRESS = "quill.wyvern@personal.example.org", "second.wyvern@personal.example.org"
NAME, USERNAME, FORMER_USERNAME = "Quillon Wyvern", "quillon-wyvern", "wyvernish"
# Stands in everything that they wrote, but for the name it is nowhere else.
WROTE = "basilisk"
NEEDLES = ("wyvern", WROTE)


@pytest.fixture
def world(settings, tmp_path):
    settings.NETWORK_DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"
    settings.DELIVERY_BACKEND = "commons.notifications.mail.FolderBackend"
    world = build_world()
    member = world.author
    Member.objects.filter(pk=member.pk).update(email=ADDRESS)
    member.refresh_from_db()
    member.trust_address()
    EmailAddress.objects.create(user=member, email=OTHER_ADDRESS)
    member.write_profile(
        {
            "display_name": NAME,
            "about": f"I am {NAME}: {ADDRESS}, {WROTE}.",
            "roles": ["citizen"],
            "organisation": f"{WROTE} and Co",
            "place": f"{WROTE} town",
            "links": [f"https://{WROTE}.example.org/wyvern"],
            "photo": {size: f"a photo of {NAME}".encode() for size in photos.SIZES},
            "username": FORMER_USERNAME,
        }
    )
    member.rename(USERNAME)
    member.principles.set([world.principle])
    return world


def theirs(world):
    """Put the member's name and words wherever they can be."""
    member, stranger, administrator = world.author, world.stranger, world.administrator
    # What they wrote, of every kind, in every state, in several versions.
    for item in [item for item in world.items.values() if item.author_id == member.pk]:
        item.refresh_from_db()
        if item.can_be_edited_by(member):
            item.revise(
                member,
                {
                    "title": f"{NAME} {item.pk}",
                    "summary": f"{WROTE} by {NAME}",
                    "body": f"{WROTE}. {NAME}, {ADDRESS}",
                },
                version=item.version,
            )
    upload = SimpleUploadedFile(f"{NAME} {WROTE}.txt", f"{WROTE} by {NAME}".encode())
    file = store(upload, check(upload, ["txt"], most_bytes=1000), member)
    FileText.objects.create(file=file, text=f"{WROTE} by {NAME}")
    document = world.items["zqdocument"]
    document.refresh_from_db()
    document.revise(member, {"files": [Chosen(file)]}, version=document.version)
    unused = SimpleUploadedFile(f"{NAME}.txt", f"{WROTE}".encode())
    store(unused, check(unused, ["txt"], most_bytes=1000), member)
    photos.keep(member.pk, {size: f"another photo of {NAME}".encode() for size in photos.SIZES})
    # Where they speak with others, and others with them.
    post = make_post(
        stranger, title="A post of somebody else", body=f"Thanks, @{USERNAME} and @{FORMER_USERNAME}."
    )
    comment = make_comment(post, member, f"{WROTE} by @{USERNAME}.")
    comment.revise(member, f"{WROTE} again by {NAME}.", version=1)
    reply = make_comment(
        post,
        stranger,
        quotation(comment).replace(WROTE, "…").replace(f"by {NAME}", "") + f"Right, @{USERNAME}.",
    )
    reply.revise(stranger, f"{reply.body} And better.", version=1)
    world.items["zqcasemembers"].refresh_from_db()
    Account.objects.create(case_study=world.items["zqcasemembers"], member=member, side="citizen")
    event = make_event(stranger)
    answer(event.occurrences.get(), member, Answer.GOING, f"{WROTE} for {NAME}")
    # Marks and follows.
    Helpful.objects.set(member, reply, True)
    Bookmark.objects.set(member, post, True)
    ReadMark.objects.move(member, post, 1)
    Follow.objects.create(member=member, principle=world.principle)
    Follow.objects.create(member=stranger, person=member)
    KeptText.objects.create(member=member, path="/blog/new/", fields={"body": [f"{WROTE} by {NAME}"]})
    # Moderation.
    Flag.objects.report(post, reason="other", words=f"{WROTE} says {NAME}", by=member)
    Flag.objects.report(world.items["zqlink"], reason="spam", by=stranger)
    Flag.objects.report(reply, reason="spam", words="Without signing in.", email=OTHER_ADDRESS)
    ModeratorMail.objects.create(member=member)
    member.suspend(timezone.now(), administrator, f"{NAME} was rude.")
    # The site itself.
    SiteIssue.receive(
        {"kind": "other", "text": f"{WROTE} from {NAME}", "page": f"/members/{USERNAME}/", "email": ADDRESS},
        form_key="5d4dd7f2-5d0e-4c25-93b9-6f64f5d4f0aa",
        by=member,
    )
    SiteIssue.receive(
        {"kind": "other", "text": "Not signed in.", "page": "", "email": OTHER_ADDRESS},
        form_key="5d4dd7f2-5d0e-4c25-93b9-6f64f5d4f0ab",
    )
    LogEntry.objects.create(
        user=administrator,
        content_type=ContentType.objects.get_for_model(Member),
        object_id=str(member.pk),
        object_repr=NAME,
        action_flag=CHANGE,
        change_message=f'Changed "{ADDRESS}".',
    )
    LogEntry.objects.create(
        user=member,
        content_type=ContentType.objects.get_for_model(Follow),
        object_id="1",
        object_repr=f"{WROTE}",
        action_flag=CHANGE,
        change_message=json.dumps([{"changed": {"object": NAME}}]),
    )
    sign_in(Client(), ADDRESS)
    Authenticator.objects.create(user=member, type="totp", data={"secret": f"{WROTE}"})
    EmailChoice.set(member, {"reply": "daily"})
    Digest.objects.create(member=member, when="daily", day=timezone.localdate())
    # Offers, messages and whom they block.
    HelpLine.objects.create(member=member, sort="offer", place=1, text=f"{WROTE} by {NAME}")
    for sender, recipient in ((member, stranger), (stranger, member)):
        PersonalMessage.objects.create(
            sender=sender, recipient=recipient, words=f"{WROTE} of {NAME}", form_key=uuid.uuid4()
        )
    Block.set(member.pk, administrator.pk, wanted=True)
    # Passing on the word, and thanks.
    invitation = Invitation.objects.create(
        inviter=member,
        form_key="5d4dd7f2-5d0e-4c25-93b9-6f64f5d4f0ac",
        note=f"{WROTE} by {NAME}",
        for_whom=WROTE,
    )
    Arrival.objects.create(member=member, invitation=invitation)
    Invitation.objects.create(
        inviter=stranger,
        form_key="5d4dd7f2-5d0e-4c25-93b9-6f64f5d4f0ad",
        for_whom=NAME,
        accepted_by=member,
        accepted_at=timezone.now(),
    )
    badge = EditorsBadge.objects.create(name="Gardener", words="For gardens.")
    Held.objects.create(member=member, editors_badge=badge, reason=f"For {NAME}", given_by=administrator)
    Held.objects.create(member=stranger, editors_badge=badge, reason=f"{WROTE} says {NAME}", given_by=member)
    keep_shown([member.pk, stranger.pk])
    # Notices and e-mails: theirs and others', sent and waiting.
    notify(member, "x", f"For {NAME}", f"About {WROTE}")
    notify(stranger, "x", f"{NAME} did something", f"Write to {ADDRESS}.", f"/members/{USERNAME}/")
    send(OTHER_ADDRESS, "email/site_issue_received", {"issue": SiteIssue.objects.first()})
    deliver_due(limit=1000)
    notify(member, "x", f"Once more for {NAME}")
    notify(stranger, "x", f"{NAME} did something else")
    DataCopy.objects.ask(member)
    while copying.make_due():
        pass


def found_in_tables():
    """Return {(table, column): an example} of what names the member, whatever a column's type is."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    text = (
                        bytes(value).decode(errors="replace")
                        if isinstance(value, (bytes, memoryview))
                        else str(value)
                    )
                    if any(needle in text.lower() for needle in NEEDLES):
                        found[table, column] = text[:200]
    return found


def found_in_files(folder):
    """Return the paths whose name or content names the member; what is a mail or an archive is opened."""
    found = []
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            content = path.read_bytes().decode(errors="replace")
            if any(needle in f"{path.name} {content}".lower() for needle in NEEDLES):
                found.append(str(path.relative_to(folder)))
    return found


def close(member, *, keeps, commit):
    member.refresh_from_db()
    with commit(execute=True):
        member.close(keeps=keeps)
    Member.objects.filter(pk=member.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    for _turn in range(4):
        with commit(execute=True):
            closing.carry_out_due()
        deliver_due(limit=1000)
    assert Member.objects.get(pk=member.pk).closed_at is not None


def test_there_is_something_to_find_in_every_table(world, tmp_path):
    """Or what follows would prove nothing."""
    theirs(world)
    member = Member.objects.get(pk=world.author.pk)
    empty = {
        held.model
        for held in all_held()
        if held.fields and held.closing is not Closing.KEEP and held.model != "profiles.Member"
        and not held.model_class()._base_manager.filter(_any_of(held.fields, member)).exists()
    }  # fmt: skip
    assert empty == set()
    tables = {table for table, _column in found_in_tables()}
    assert tables >= {
        "profiles_member", "profiles_formerusername", "account_emailaddress", "contributions_contribution",
        "contributions_revision", "contributions_comment", "contributions_commentrevision", "contributions_kepttext",
        "files_storedfile", "files_filetext", "search_searchentry", "moderation_decision", "moderation_case",
        "moderation_flag", "notifications_notice", "notifications_outgoingmail", "network_siteissue",
        "django_admin_log", "events_rsvp", "mfa_authenticator",
    }  # fmt: skip
    folders = {name.partition("/")[0] for name in found_in_files(tmp_path)}
    assert folders >= {"mail", "media"}


def _any_of(fields, member):
    return reduce(or_, (Q(**{name: member}) for name in fields))


def test_nothing_is_left(world, tmp_path, django_capture_on_commit_callbacks):
    theirs(world)
    assert found_in_tables() != {}
    close(world.author, keeps=False, commit=django_capture_on_commit_callbacks)
    assert found_in_tables() == {}
    assert found_in_files(tmp_path) == []
    assert StoredFile.objects.filter(owner=world.author).count() == 0


def test_what_is_kept_names_nobody_but_in_its_own_words(world, tmp_path, django_capture_on_commit_callbacks):
    """What they shared stays, with what they said of themselves in it; nothing else does."""
    theirs(world)
    close(world.author, keeps=True, commit=django_capture_on_commit_callbacks)
    tables = {table for table, _column in found_in_tables()}
    # SQLite's index has tables of its own.
    assert {table for table in tables if not table.startswith(("search_fulltext", "search_attached"))} <= {
        "contributions_contribution", "contributions_revision", "contributions_comment",
        "contributions_commentrevision", "search_searchentry", "files_storedfile", "files_filetext",
    }  # fmt: skip
    assert [path for path in found_in_files(tmp_path) if not path.startswith("media/files/")] == []
