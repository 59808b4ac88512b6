from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def note(apps, schema_editor):
    Comment = apps.get_model("contributions", "Comment")
    answered = Comment.objects.filter(pk=OuterRef("answers")).order_by().values("position")
    Comment.objects.exclude(answers=None).update(answers_position=Subquery(answered))


class Migration(migrations.Migration):
    dependencies = [("contributions", "0010_what_is_new")]
    operations = [
        migrations.AddField(
            model_name="comment",
            name="answers_position",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.RunPython(note, migrations.RunPython.noop, elidable=True),
    ]
