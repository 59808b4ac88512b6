from datetime import UTC

from django.conf import settings
from django.db import migrations, models

BATCH = 500


def fill(apps, _editor):
    """Keep of each last comment who wrote it and when, as conversation.reply() says it."""
    items = apps.get_model("contributions", "Contribution").objects
    last = 0
    while True:
        found = items.filter(pk__gt=last, last_comment__isnull=False).select_related("last_comment").order_by("pk")
        batch = list(found.only("last_reply", "last_comment__byline", "last_comment__published_at")[:BATCH])
        if not batch:
            return
        for item in batch:
            comment = item.last_comment
            item.last_reply = {"by": comment.byline, "at": comment.published_at.astimezone(UTC).isoformat()}
        items.bulk_update(batch, ["last_reply"])
        last = batch[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('contributions', '0017_what_somebody_wrote'),
    ]

    operations = [
        migrations.AddField(
            model_name='contribution',
            name='last_reply',
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
