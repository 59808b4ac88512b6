from django.db import migrations, models
from django.db.models import F


def since_published(apps, schema_editor):
    """What is listed counts as listed since it was published."""
    published = apps.get_model("contributions", "Contribution")._base_manager.filter(status="published")
    published.update(listed_since=F("published_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('contributions', '0002_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='contribution',
            name='listed_since',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunPython(since_published, migrations.RunPython.noop, elidable=True),
    ]
