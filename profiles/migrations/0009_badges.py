"""Badges that are earned and given, and the editors who give them."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models


EDITORS = (
    "add_editorsbadge", "change_editorsbadge", "view_editorsbadge", "add_held", "delete_held", "view_held",
)  # fmt: skip


def allow(apps, schema_editor):
    """Editors make badges and give them."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    alias = schema_editor.connection.alias
    # Permissions are made only once all migrations have run: those needed here are made now.
    config = apps.get_app_config("profiles")
    config.models_module = True
    create_permissions(config, apps=apps, using=alias, verbosity=0)
    config.models_module = None
    wanted = Permission.objects.using(alias).filter(content_type__app_label="profiles", codename__in=EDITORS)
    for group in Group.objects.using(alias).filter(name="Editors"):
        group.permissions.add(*wanted)


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0004_groups'),
        ('profiles', '0008_taking_part_and_contact'),
    ]

    operations = [
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'look for badges',
                'verbose_name_plural': 'looks for badges',
            },
        ),
        migrations.AddField(
            model_name='member',
            name='badges_hidden',
            field=models.BooleanField(default=False, editable=False, verbose_name='badges hidden'),
        ),
        migrations.AddField(
            model_name='member',
            name='badges_shown',
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.CreateModel(
            name='EditorsBadge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='name')),
                ('words', models.CharField(help_text='Stands on the page of badges, which everyone can read.', max_length=300, verbose_name='what it is for')),
            ],
            options={
                'verbose_name': 'badge of the editors',
                'verbose_name_plural': 'badges of the editors',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('words', ''), _negated=True)), name='editors_badge_says_what_for')],
            },
        ),
        migrations.CreateModel(
            name='Held',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(blank=True, editable=False, max_length=40, verbose_name='rule')),
                ('reason', models.CharField(blank=True, help_text='Everyone can read it.', max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='since')),
                ('hidden', models.BooleanField(default=False, editable=False, verbose_name='hidden by the member')),
                ('editors_badge', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='held', to='profiles.editorsbadge', verbose_name='badge')),
                ('given_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='badges_given', to=settings.AUTH_USER_MODEL, verbose_name='given by')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='badges', to=settings.AUTH_USER_MODEL, verbose_name='member')),
            ],
            options={
                'verbose_name': 'badge of a member',
                'verbose_name_plural': 'badges of members',
                'ordering': ['-at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('rule', ''), _negated=True), fields=('member', 'rule'), name='badge_earned_once'), models.UniqueConstraint(fields=('member', 'editors_badge'), name='badge_given_once'), models.CheckConstraint(condition=models.Q(models.Q(('editors_badge', None), ('reason', ''), models.Q(('rule', ''), _negated=True)), models.Q(('editors_badge__isnull', False), ('rule', ''), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='badge_earned_or_given_with_reason')],
            },
        ),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
