"""Counts how often it was called, beside the data."""

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--if-new", action="store_true", required=True)

    def handle(self, **options):
        with open(settings.NETWORK_DATA / "starter_calls", "a") as calls:
            calls.write("called\n")
