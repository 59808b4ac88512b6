"""Blog posts: what a member wants to tell, under their own name. Not for questions: those are forum threads."""

from django.utils.translation import gettext_lazy as _

from commons.contributions.models import Contribution


class Post(Contribution):
    """Something a member wrote to share."""

    KIND = "blog"

    class Meta:
        verbose_name = _("blog post")
        verbose_name_plural = _("blog posts")
