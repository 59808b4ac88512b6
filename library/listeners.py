"""What the library does when a floor below announces a change."""

from commons.search.index import index_term
from commons.tagging.models import Principle, ServiceSector


def index_term_of_text(sender, version, **_rest):
    """A principle's or sector's text has a new version: search finds its words from now on."""
    prefix, _slash, slug = version.text.key.partition("/")
    for model in (Principle, ServiceSector):
        if prefix == model.text_prefix:
            term = model.objects.filter(slug=slug).first()
            if term:
                index_term(term)
