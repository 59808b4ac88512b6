"""Makers for the tests of pictures in texts."""

import io
import re
import uuid

import html5lib
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from commons.contributions.attaching import Chosen
from commons.contributions.models import Role
from commons.contributions.pictures import name_of
from commons.files.models import Purpose, StoredFile
from commons.files.picture_storing import store_picture
from commons.tagging.models import Principle, ServiceSector

WORDS = "Raised beds behind the hall"


def photo(name="garden.png", size=(600, 300), colour="green"):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue())


def kept_picture(member, name="garden.png"):
    """A picture that was uploaded with a form that is not saved yet."""
    return store_picture(photo(name), member)


def rows_of_a_picture(member):
    """As kept_picture(), of rows alone: quick, and without bytes."""
    made = {"owner": member, "size": 100, "width": 600, "height": 300}
    original = StoredFile.objects.create(type="webp", name="garden-600.webp", **made)
    for code, name in (("webp", "garden-480.webp"), ("jpeg", "garden-600.jpg")):
        StoredFile.objects.create(
            type=code, name=name, made_from=original, purpose=Purpose.PICTURE, **{**made, "width": 480}
        )
    return original


def chosen(file, words=WORDS):
    return Chosen(file, Role.PICTURE, words)


def typed(*kept, words=WORDS, **values):
    """What a browser sends of the form: with the pictures `kept`, each described as `words`."""
    return {
        "title": "What we tried",
        "summary": "",
        "body": "We asked people first.",
        "principles": [Principle.objects.first().pk],
        "sectors": [ServiceSector.objects.first().pk],
        "keywords": "",
        "audience": "everyone",
        "form_key": str(uuid.uuid4()),
        "do": "publish",
        **{key: value for file in kept for key, value in fields_of(file, words).items()},
        **values,
    }


def fields_of(file, words=WORDS):
    return {f"picture_{name_of(file)}": file.sign(), f"picture_{name_of(file)}_words": words}


def codes(response):
    return {
        name: [error.code for error in errors]
        for name, errors in response.context["form"].errors.as_data().items()
    }


def images(response):
    """Return the elements <img> of a page's text."""
    page = response.content.decode() if hasattr(response, "content") else response
    text = re.search(r'<div class="prose">(.*?)</div>', page, re.DOTALL)
    html = text[1] if text else page
    return list(html5lib.parseFragment(html, namespaceHTMLElements=False).iter("img"))


def addresses(file):
    """Return the address of a picture and of each of its sizes."""
    return [each.get_absolute_url() for each in (file, *file.renditions.all())]
