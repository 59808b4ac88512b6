"""A worker that behaves as the variable TINY_WORKER says: steady, dying or stubborn."""

import os
import signal
import sys

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    def handle(self, **options):
        behaviour = os.environ.get("TINY_WORKER", "steady")
        with open(settings.NETWORK_DATA / "worker_starts", "a") as starts:
            starts.write("started\n")
        if behaviour == "dying":
            sys.exit(3)
        if behaviour == "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            signal.pause()
