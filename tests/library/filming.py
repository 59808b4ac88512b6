"""Makers of videos that were uploaded, with captions and a picture."""

from django.core.files.uploadedfile import SimpleUploadedFile

from commons.contributions.attaching import Chosen
from commons.contributions.models import Role
from commons.files.checking import Facts
from commons.files.storing import store
from tests.factories import make_member, make_video
from tests.files import made


def upload(name, content):
    return SimpleUploadedFile(name, content)


def stored(name, kind, content, owner, **more):
    facts = Facts(type=kind, name=name, size=len(content), sha256="", **more)
    return store(upload(name, content), facts, owner)


def files_for(owner, *, captions=True, poster=False, **more):
    """The files of an uploaded video, as Chosen."""
    size = {"width": 1280, "height": 720, "milliseconds": 192_400, **more}
    chosen = [Chosen(stored("walk.mp4", "mp4", made.mp4(), owner, **size), Role.VIDEO)]
    if captions:
        chosen.append(Chosen(stored("walk.vtt", "vtt", made.vtt(), owner), Role.CAPTIONS))
    if poster:
        picture = stored("still.webp", "webp", made.webp(), owner, width=60, height=40)
        chosen.append(Chosen(picture, Role.POSTER))
    return chosen


def uploaded(author=None, *, publish=True, captions=True, poster=False, size=None, **values):
    author = author or make_member()
    files = files_for(author, captions=captions, poster=poster, **(size or {}))
    return make_video(author, publish=publish, files=files, **values)
