"""Django's createsuperuser, which asks for e-mail address, name and password.

Here, in the first of the installed apps, because Django's own would win over an app that comes after it.
"""

import os

from django.contrib.auth.management.commands import createsuperuser
from django.utils.translation import gettext as _


class Command(createsuperuser.Command):
    def handle(self, *args, **options):
        if not options["interactive"] and not options.get("display_name"):
            options["display_name"] = os.environ.get("DJANGO_SUPERUSER_DISPLAY_NAME") or _("Administrator")
        super().handle(*args, **options)
