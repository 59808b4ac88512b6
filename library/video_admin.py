"""Videos in the admin: found, read, decided about."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from commons.contributions.admin import ContributionAdmin
from commons.contributions.file_lines import file_url
from commons.contributions.models import Role

from .models import Video
from .video_player import file_words

OWN = ("file", "hosted_url", "captions", "poster")


@admin.register(Video)
class VideoAdmin(ContributionAdmin):
    list_display = [*ContributionAdmin.list_display, "subtype", "host"]
    list_filter = [*ContributionAdmin.list_filter, "subtype", "host"]
    fields = [*ContributionAdmin.fields, *OWN, "transcript"]
    readonly_fields = [*ContributionAdmin.readonly_fields, *OWN]

    @admin.display(description=_("video file"), empty_value="-")
    def file(self, video):
        return _linked(video, Role.VIDEO)

    @admin.display(description=_("captions"), empty_value="-")
    def captions(self, video):
        return _linked(video, Role.CAPTIONS)

    @admin.display(description=_("poster"), empty_value="-")
    def poster(self, video):
        return _linked(video, Role.POSTER)


def _linked(video, role):
    """Return a link to the file in a role, with what is known of it, or None."""
    for entry in video.files_as(role):
        words = ", ".join(file_words(entry))
        return format_html('<a href="{}">{}</a> ({})', file_url(entry), entry["name"], words)
    return None
