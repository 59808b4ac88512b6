"""Editors look after the links of the starter library too."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

WANTED = ("change_link", "view_link")


def allow(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    alias = schema_editor.connection.alias
    # Permissions are made only once all migrations have run: those needed here are made now.
    config = apps.get_app_config("library")
    config.models_module = True
    create_permissions(config, apps=apps, using=alias, verbosity=0)
    config.models_module = None
    wanted = Permission.objects.using(alias).filter(content_type__app_label="library", codename__in=WANTED)
    for group in Group.objects.using(alias).filter(name="Editors"):
        group.permissions.add(*wanted)


class Migration(migrations.Migration):
    dependencies = [("network", "0004_groups"), ("library", "0004_links_looked_at")]
    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
