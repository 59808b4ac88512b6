"""What all pages share on which a member writes: signing in first, and having written a lot already."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .kept import keep_typed_text


def sign_in_first(request):
    """Lead to the sign-in page and back; what was typed is kept for its writer and named in the way back."""
    kept = keep_typed_text(request)
    if kept is None:
        return redirect_to_login(request.get_full_path())
    messages.info(request, _("You were signed out. Your text is safe: sign in and it will be there."))
    return redirect_to_login(f"{request.path}?kept={kept.token}")


def wait_words(seconds):
    """Return what is said to a member who has sent in as much as they may, and can do so again in so many seconds."""
    minutes = -(-seconds // 60)
    return ngettext(
        "You have sent in a lot in a short time. Your text is here: send it again in a minute.",
        "You have sent in a lot in a short time. Your text is here: send it again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}
