"""Make the floor's database: `python -m bench.floor.fill` prints the session cookie of its one user."""

from datetime import datetime, timedelta
from random import Random

ITEMS = 2000
CHARACTERS = 1300  # of an item's text: 20 of them make a page of about 30 KB
WORDS = ["people", "and", "services", "neighbours", "made", "a", "small", "plan", "for", "the", "library"]


def fill():
    """Create the tables and rows; return the cookie."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    from .models import Item

    _create_database()
    call_command("migrate", run_syncdb=True, verbosity=0)
    newest = timezone.make_aware(datetime(2026, 11, 1, 12))
    random = Random(7)  # noqa: S311 -- samples, no secrets
    Item.objects.bulk_create(
        Item(
            title=f"Sample item {number}",
            author=f"Sample member {number % 300}",
            published_at=newest - timedelta(hours=number),
            body=_text(random),
        )
        for number in range(ITEMS)
    )
    client = Client()
    client.force_login(get_user_model().objects.create_user("sample"))
    return f"sessionid={client.cookies['sessionid'].value}"


def _text(random):
    words = ""
    while len(words) < CHARACTERS:
        words += " ".join(random.choices(WORDS, k=40)) + ".\n\n"
    return words[:CHARACTERS]


def _create_database():
    """On PostgreSQL the floor has a database of its own beside the site's; a file needs no making."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute("CREATE DATABASE floor")


if __name__ == "__main__":
    import django

    django.setup()
    print(fill())  # noqa: T201
