
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contributions', '0012_attached_files'),
        ('library', '0003_editions_of_documents'),
    ]

    operations = [
        migrations.RenameIndex(
            model_name='link',
            new_name='link_checked',
            old_name='link_to_check',
        ),
        migrations.AddField(
            model_name='link',
            name='check_due_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='next look'),
        ),
        migrations.AlterField(
            model_name='link',
            name='failed_since',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='failing since'),
        ),
        migrations.AlterField(
            model_name='link',
            name='failures',
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='failures'),
        ),
        migrations.AlterField(
            model_name='link',
            name='problem',
            field=models.CharField(blank=True, choices=[('not-found', 'the site says that there is no such page'), ('gone', 'the site says that the page is gone for good'), ('server-error', 'the site has an error of its own'), ('redirects', 'it leads from one address to the next without end'), ('no-web-server', 'what answers there is no website'), ('no-name', 'no site has this name'), ('refused', 'nothing answers there'), ('unreachable', 'there is no way there'), ('timeout', 'it takes too long to answer'), ('not-secure', 'it makes no secure connection that can be trusted'), ('not-public', 'it leads to a place that is not public')], editable=False, max_length=100, verbose_name='what was wrong'),
        ),
        migrations.AddIndex(
            model_name='link',
            index=models.Index(condition=models.Q(('address_key__isnull', False)), fields=['check_due_at'], name='link_to_check'),
        ),
    ]
