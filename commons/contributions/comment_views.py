"""Pages about one comment."""

from django.http import Http404
from django.shortcuts import redirect

from .models import Comment


def permalink(request, pk):
    """Lead to the place of a comment in its conversation, also when only its line with its number is left."""
    found = Comment.objects.leading_to(request.user).filter(pk=pk)
    comment = found.select_related("contribution").first()
    if comment is None:
        raise Http404
    # Where it now stands has a gate of its own.
    return (
        redirect("comment", comment.moved_to_id) if comment.moved_to_id else redirect(comment.url_on_page())
    )
