"""The two groups that share the work. What an administrator makes of them afterwards stays."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = {
    "Moderators": [
        "contributions.moderate_contribution",
        "moderation.view_case",
        "moderation.view_decision",
        "profiles.moderate_member",
    ],
    "Editors": [
        *[f"library.{action}_report" for action in ("add", "change", "view")],
        *[f"tagging.{action}_principle" for action in ("add", "change", "view")],
        *[f"tagging.{action}_servicesector" for action in ("add", "change", "view")],
        *[f"tagging.{action}_keyword" for action in ("add", "change", "delete", "view")],
        *[f"tagging.{action}_formerkeyword" for action in ("delete", "view")],
        "texts.change_text",
        "texts.view_text",
        "texts.view_textversion",
    ],
}


def seed(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    alias = schema_editor.connection.alias
    # Permissions are made only once all migrations have run: those needed here are made now.
    for label in sorted({name.partition(".")[0] for names in GROUPS.values() for name in names}):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, using=alias, verbosity=0)
        config.models_module = None
    for name, wanted in GROUPS.items():
        group, made = Group.objects.using(alias).get_or_create(name=name)
        if not made:
            continue
        for permission in wanted:
            label, _dot, codename = permission.partition(".")
            group.permissions.add(
                Permission.objects.using(alias).get(content_type__app_label=label, codename=codename)
            )


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0003_worker_beat"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("contributions", "0002_initial"),
        ("library", "0001_initial"),
        ("moderation", "0004_append_only"),
        ("profiles", "0003_moderating_members"),
        ("tagging", "0003_former_keywords"),
        ("texts", "0001_initial"),
    ]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
