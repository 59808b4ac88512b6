from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    name = "blog"
    label = "blog"
    verbose_name = _("Blog")

    def ready(self):
        from commons.contributions import kinds
        from commons.contributions.generator import register

        from .generator import POSTS

        kinds.register(
            kinds.Kind(
                code="blog",
                label=_("Blog post"),
                plural=_("Blog posts"),
                model="blog.Post",
                list_url="blog:list",
                new_url="blog:new",
            )
        )
        register(POSTS)
