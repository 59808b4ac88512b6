"""The form for a blog post."""

from commons.contributions.forms import ContributionForm

from .models import Post


class PostForm(ContributionForm):
    class Meta(ContributionForm.Meta):
        model = Post
