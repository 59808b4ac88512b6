"""Giving files to a contribution: which ones belong to the version that is being stored."""

from dataclasses import dataclass

from commons.files.models import StoredFile

from .models.attachment import Attachment, Role


@dataclass(frozen=True)
class Chosen:
    """A StoredFile that a form chose, in a role; `description` is asked for with pictures."""

    file: StoredFile
    role: str = Role.FILE
    description: str = ""


def attach(contribution, chosen):
    """Let `chosen` (Chosen, in order) be the files of the version that stands; others' stay with their versions.

    Within the writing transaction. A file that belongs to another contribution is left out: forms offer none.
    """
    elsewhere = Attachment.objects.filter(file__in=[each.file for each in chosen])
    taken = set(elsewhere.exclude(contribution=contribution).values_list("file", flat=True))
    chosen = [each for each in chosen if each.file.pk not in taken]
    there = {attached.file_id: attached for attached in contribution.attachments.all()}
    for position, each in enumerate(chosen):
        attached = there.pop(each.file.pk, None) or Attachment(contribution=contribution, file=each.file)
        attached.role, attached.description = each.role, each.description
        attached.position, attached.current = position, True
        attached.save()
    StoredFile.objects.filter(pk__in=[each.file.pk for each in chosen], in_use=False).update(in_use=True)
    contribution.attachments.filter(pk__in=[left.pk for left in there.values()]).update(current=False)


def card_of(contribution):
    """Return {"files": what a card and a page say of each file}, or {} where there is none.

    One query for whether there are any, two more where there are, none with refreshing.WITH_FILES prefetched.
    """
    attached = contribution.attachments.all()
    if not _is_prefetched(contribution):
        attached = attached.select_related("file").prefetch_related("file__renditions")
    entries = [_entry(each) for each in attached if each.current]
    return {"files": entries} if entries else {}


def _is_prefetched(contribution):
    return "attachments" in getattr(contribution, "_prefetched_objects_cache", {})


def _entry(attached):
    """Return what a card holds of one file, as JSON."""
    file = attached.file
    known = {
        "pages": file.pages,
        "width": file.width,
        "height": file.height,
        "milliseconds": file.milliseconds,
        "text_cut": file.text_cut,
        "description": attached.description,
    }
    pictures = [
        {
            "token": each.token,
            "purpose": each.purpose,
            "type": each.type,
            "width": each.width,
            "height": each.height,
        }
        for each in sorted(file.renditions.all(), key=lambda each: (each.purpose, each.width or 0, each.pk))
    ]
    return {
        "token": file.token,
        "role": attached.role,
        "type": file.type,
        "name": file.name,
        "size": file.size,
        "state": file.state,
        "has_text": file.has_text,
        **{name: value for name, value in known.items() if value},
        **({"renditions": pictures} if pictures else {}),
    }


def snapshot_of(entries):
    """Return what a version remembers of a card's `files`: which they were, not what was read in them since."""
    return [
        {
            "token": entry["token"],
            "role": entry["role"],
            "name": entry["name"],
            "description": entry.get("description", ""),
        }
        for entry in entries
    ]


def chosen_of(contribution):
    """Return the Chosen that stand now, in order. One query."""
    attached = contribution.attachments.current().select_related("file")
    return [Chosen(each.file, each.role, each.description) for each in attached]


def chosen_from(contribution, kept):
    """Return the Chosen that a snapshot holds as `kept`; files that are gone since are left out."""
    attached = contribution.attachments.select_related("file")
    by_token = {each.file.token: each.file for each in attached}
    return [
        Chosen(by_token[entry["token"]], entry["role"], entry["description"])
        for entry in kept
        if entry["token"] in by_token
    ]
