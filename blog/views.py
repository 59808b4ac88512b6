"""The blog's pages: all of them are the shared views with the blog's model, form and words."""

from django.utils.translation import gettext_lazy as _

from commons.contributions import views

from .forms import PostForm
from .models import Post


class PostListView(views.ContributionListView):
    kind = Post.KIND
    template_name = "blog/post_list.html"
    heading = _("Blog")
    introduction = _("What members have tried, seen and learnt, in their own words.")
    section = "blog"
    whole_kind = True


class PostArchiveView(views.ContributionArchiveView):
    kind = Post.KIND
    section = "blog"


class PostDetailView(views.ContributionDetailView):
    model = Post
    schema_type = "BlogPosting"
    section = "blog"


class PostCreateView(views.ContributionCreateView):
    model = Post
    form_class = PostForm
    template_name = "blog/post_form.html"
    section = "blog"


class PostUpdateView(views.ContributionUpdateView):
    model = Post
    form_class = PostForm
    template_name = "blog/post_form.html"
    section = "blog"


class PostWithdrawView(views.ContributionWithdrawView):
    model = Post
    section = "blog"
