"""The main feeds in one file that a feed reader takes in: OPML 2.0 (opml.org/spec2.opml)."""

from io import StringIO

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from commons.contributions import kinds
from commons.contributions.conditional import etag_for, not_modified, stamp
from commons.contributions.feeds import canonical
from commons.tagging import vocabulary


def groups():
    """Yield (words, [(words, path of a feed, path of its page)]) of the main feeds."""
    terms = vocabulary.current()
    everything = (_("Everything new"), reverse("discovery:feed"), reverse("home"))
    of_kinds = [(str(kind.plural), kinds.list_path(kind.code)) for kind in kinds.all_kinds()]
    yield _("By kind"), [everything, *((words, f"{path}feed/", path) for words, path in of_kinds)]
    yield _("By principle"), [(term.name, f"{term.url}feed/", term.url) for term in terms.principles.values()]
    yield (
        _("By service sector"),
        [(term.name, f"{term.url}feed/", term.url) for term in terms.sectors.values()],
    )


@require_safe
def opml(request):
    """Answer with the file. No query while the vocabulary is in the cache."""
    etag = etag_for(request)
    unchanged = not_modified(request, etag)
    if unchanged:
        return unchanged
    response = HttpResponse(_document(), content_type="text/x-opml; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="feeds.opml"'
    return stamp(response, etag)


def _document():
    text = StringIO()
    xml = SimplerXMLGenerator(text, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("opml", {"version": "2.0"})
    xml.startElement("head", {})
    xml.addQuickElement("title", settings.NETWORK_NAME)
    xml.endElement("head")
    xml.startElement("body", {})
    for heading, feeds in groups():
        xml.startElement("outline", {"text": heading})
        for words, feed, page in feeds:
            addresses = {"xmlUrl": canonical(feed), "htmlUrl": canonical(page)}
            # "rss" is what the format calls every feed, Atom too.
            xml.addQuickElement("outline", attrs={"type": "rss", "text": words, "title": words, **addresses})
        xml.endElement("outline")
    xml.endElement("body")
    xml.endElement("opml")
    xml.endDocument()
    return text.getvalue()
