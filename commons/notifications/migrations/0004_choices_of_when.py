"""Each sort of news comes at once, with a digest or never. Whoever had silenced a sort goes on hearing nothing of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WHEN = [
    ("at-once", "At once"),
    ("daily", "Once a day, together with other news"),
    ("weekly", "Once a week, together with other news"),
    ("never", "Never"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0003_news"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="silence", name="silence_once"),
        migrations.RenameModel("Silence", "EmailChoice"),
        migrations.AlterModelOptions(
            name="emailchoice",
            options={"verbose_name": "choice of e-mails", "verbose_name_plural": "choices of e-mails"},
        ),
        migrations.AlterField(
            model_name="emailchoice",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="email_choices",
                to=settings.AUTH_USER_MODEL,
                verbose_name="member",
            ),
        ),
        migrations.AddField(
            model_name="emailchoice",
            name="when",
            field=models.CharField(choices=WHEN, default="never", max_length=10, verbose_name="when"),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="emailchoice",
            constraint=models.UniqueConstraint(fields=("member", "choice"), name="email_choice_once"),
        ),
        migrations.AddConstraint(
            model_name="emailchoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("when__in", ["at-once", "daily", "weekly", "never"])),
                name="email_choice_known",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="digest",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=10, verbose_name="waits for a digest"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("digest", ""), _negated=True),
                fields=["member", "digest"],
                name="notice_digest",
            ),
        ),
    ]
