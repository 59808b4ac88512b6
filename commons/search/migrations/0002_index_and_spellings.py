"""The engine's own index over the entries, and the joined spellings to begin with. Editors may change those."""

from django.db import migrations

from commons.search.backends import backend

SPELLINGS = ["co-production", "co-design", "co-ordinat", "time-bank"]


def install(apps, schema_editor):
    backend().install(schema_editor.connection)


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
        migrations.RunPython(install, uninstall),
    ]
