from django.db import migrations
from django.db.models import Exists, OuterRef


def note(apps, schema_editor):
    """Of what is listed, others can read the version that stands; of earlier ones nobody knows whether they could."""
    Contribution = apps.get_model("contributions", "Contribution")
    Revision = apps.get_model("contributions", "Revision")
    listed = Contribution.objects.filter(pk=OuterRef("contribution"), reach__gt=0, version=OuterRef("number"))
    Revision.objects.filter(Exists(listed)).update(shown=True)


class Migration(migrations.Migration):
    dependencies = [("contributions", "0005_comments_marks_follows")]
    operations = [migrations.RunPython(note, migrations.RunPython.noop, elidable=True)]
