"""Load the terms and the other standing texts: joining records which version of the terms was agreed to.

Self-contained, so that it goes on working whatever becomes of the loader; it writes the same hash as
commons.texts.models.fingerprint, so that `load_starter_library` knows these words as its own.
"""

import hashlib
import tomllib
from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).resolve().parent.parent / "starter" / "texts"


def load_texts(apps, schema_editor):
    Text = apps.get_model("texts", "Text")
    TextVersion = apps.get_model("texts", "TextVersion")
    for path in sorted(FOLDER.glob("*.md")):
        _empty, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
        front = tomllib.loads(front)
        title, summary, body = front["title"], front.get("summary", ""), body.strip()
        text, created = Text.objects.get_or_create(key=front.get("key", path.stem))
        if created:
            TextVersion.objects.create(
                text=text,
                language="en-gb",
                number=1,
                title=title,
                summary=summary,
                body=body,
                starter_hash=hashlib.sha256("\x1f".join([title, summary, body]).encode()).hexdigest(),
            )


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial"), ("texts", "0001_initial")]
    operations = [migrations.RunPython(load_texts, migrations.RunPython.noop)]
