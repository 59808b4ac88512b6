"""Run the background worker: `bin/run` starts it; with --once it can be called from cron."""

import signal

from django.core.management.base import BaseCommand

from network.worker import Worker


class Command(BaseCommand):
    help = "Deliver queued e-mail, read files and tidy up daily, until a signal ends it."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due now, and end")

    def handle(self, *args, once, **options):
        worker = Worker()

        def stop(number, frame):
            worker.stop()
            signal.signal(number, signal.SIG_DFL)  # asked a second time: at once

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        if not once:
            worker.run()
            return
        while worker.work() and not worker.stopping:
            pass
