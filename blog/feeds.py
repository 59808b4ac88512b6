"""The blog as an Atom feed."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from commons.contributions.feeds import ContributionFeed

from .models import Post


class PostFeed(ContributionFeed):
    """Public posts, newest first."""

    title = _("Blog")
    link = reverse_lazy("blog:list")
    kind = Post.KIND
