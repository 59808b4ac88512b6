"""The joined spellings to begin with, which editors may change; and the engine's own index, taken away on the way back.

The index is made after every migrate (apps.py), when all the columns that it reads are there.
"""

from django.db import migrations

from commons.search.backends import backend

SPELLINGS = ["co-production", "co-design", "co-ordinat", "time-bank"]


def uninstall(apps, schema_editor):
    backend().uninstall(schema_editor.connection)


def seed(apps, schema_editor):
    JoinedSpelling = apps.get_model("search", "JoinedSpelling")
    for text in SPELLINGS:
        JoinedSpelling.objects.get_or_create(text=text)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(migrations.RunPython.noop, uninstall),
    ]
