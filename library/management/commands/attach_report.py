"""Attach the original of a curated report: its file is stored, read at once, and shown on the report's page."""

from contextlib import closing
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from commons.contributions.file_lines import file_lines
from commons.contributions.models import StaleEdit
from commons.files.checking import check
from commons.files.reading import read_now
from commons.files.storing import store
from library.models import Report
from library.models.report import MOST_BYTES, ORIGINALS


class Command(BaseCommand):
    help = (
        "Attaches the original of a report (PDF, DOCX, ODT or plain text): it can be downloaded on the report's page, "
        "and its words can be found. Attaching the same file again changes nothing; another one replaces it."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", help="what the report's address ends with, such as right-here-right-now")
        parser.add_argument("file", type=Path, help="the file to attach")

    def handle(self, *, slug, file, **_options):
        report = _report(slug)
        try:
            size = file.stat().st_size
            with closing(UploadedFile(file.open("rb"), file.name, size=size)) as upload:
                facts = check(upload, ORIGINALS, most_bytes=MOST_BYTES)
                if report.has_original(facts.sha256):
                    self.stdout.write(_("“%(title)s” has this file already.") % {"title": report.title})
                    return
                stored = read_now(store(upload, facts, None))
        except OSError as error:
            problem = {"file": file, "problem": error.strerror}
            raise CommandError(_("%(file)s can’t be read: %(problem)s") % problem) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        try:
            report.attach_original(stored)
        except StaleEdit as error:
            raise CommandError(
                _("Somebody saved another version of “%(title)s” meanwhile. Try again.")
                % {"title": report.title}
            ) from error
        (line,) = file_lines(report)
        words = {"title": report.title, "name": line.name, "about": line.about}
        self.stdout.write(_("“%(title)s” now has “%(name)s” (%(about)s).") % words)
        if line.notice:
            self.stdout.write(line.notice)


def _report(slug):
    """Return the Report that has this slug, or whose address ends so ("12-right-here"). Raises CommandError."""
    number, _hyphen, rest = slug.partition("-")
    found = Report.objects.filter(slug=slug)
    if not found and number.isdecimal():
        found = Report.objects.filter(pk=number[:18], slug=rest)
    if len(found) == 1:
        return found[0]
    shown = found or Report.objects.all()
    known = ", ".join(
        f"{report.pk}-{report.slug}" if found else report.slug for report in shown.order_by("pk")
    )
    if found:
        raise CommandError(
            _("Several reports have the slug “%(slug)s”. Choose one: %(known)s")
            % {"slug": slug, "known": known}
        )
    raise CommandError(
        _("There is no report with the slug “%(slug)s”. There are: %(known)s")
        % {"slug": slug, "known": known or _("none yet")}
    )
