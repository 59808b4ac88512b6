"""Keep what somebody typed when their session or their form's token was lost in the middle.

Every form carries its writer's signed id (`written_by`). A post that arrives without a session, or
fails the CSRF check, is stored under that id and given back, after signing in, to the same member only.
"""

import uuid
from datetime import timedelta

from django.core import signing
from django.utils import timezone

from commons.markup.render import clean_text

from .models import KeptText

FIELD = "written_by"
SALT = "contributions.written_by"
KEPT_FOR = timedelta(days=7)
FORM_OPEN_FOR = timedelta(days=7)
MOST_PER_MEMBER = 20
NEVER_KEPT = {"csrfmiddlewaretoken", FIELD, "password", "password1", "password2", "form_key_check"}


def sign_writer(member):
    """Return the value of the hidden field that says who began the form."""
    return signing.dumps(member.pk, salt=SALT)


def writer_of(request):
    """Return the id of the member who began the posted form, or None when it doesn't say so credibly."""
    try:
        return signing.loads(request.POST.get(FIELD, ""), salt=SALT, max_age=FORM_OPEN_FOR)
    except signing.BadSignature:
        return None


def keep_typed_text(request):
    """Store the posted fields for the form's writer and return the KeptText, or None if nobody signed the form."""
    writer = writer_of(request) if request.method == "POST" else None
    if writer is None:
        return None
    fields = {
        clean_text(name): [clean_text(value) for value in values]
        for name, values in request.POST.lists()
        if name not in NEVER_KEPT
    }
    same = KeptText.objects.filter(member_id=writer)
    if same.count() >= MOST_PER_MEMBER:
        same.order_by("kept_at").first().delete()
    return KeptText.objects.create(member_id=writer, path=request.path[:300], fields=fields)


def give_back(request):
    """Return the KeptText named in ?kept= if it is this member's and was typed here, else None."""
    token = request.GET.get("kept", "")
    if not token or not request.user.is_authenticated:
        return None
    try:
        token = uuid.UUID(token)
    except ValueError:
        return None
    return KeptText.objects.filter(
        token=token, member=request.user, kept_at__gte=timezone.now() - KEPT_FOR
    ).first()


def forget_used(request):
    """Delete what was kept for this member and this form: it has been sent."""
    KeptText.objects.filter(member=request.user, path=request.path).delete()


def forget_old(now=None):
    """Delete kept texts past KEPT_FOR; return how many."""
    return KeptText.objects.filter(kept_at__lt=(now or timezone.now()) - KEPT_FOR).delete()[0]
