"""Sample posts, for a sample network (manage.py generate_network)."""

from functools import partial

from commons.contributions.generator import Generator, Stage, contributions

from .models import Post

POSTS = Generator("blog posts", Stage.CONTRIBUTIONS, partial(contributions, model=Post, noun="post"), share=9)
