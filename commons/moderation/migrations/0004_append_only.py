"""The database itself refuses to change or delete what was decided, reported and answered."""

from django.db import migrations

from commons.moderation import append_only


def install(apps, schema_editor):
    append_only.install(schema_editor.connection)


def uninstall(apps, schema_editor):
    append_only.uninstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0003_cases_reports_and_answers")]
    operations = [migrations.RunPython(install, uninstall)]
