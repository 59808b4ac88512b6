"""Parts of an item's page that are drawn once and kept."""

from django import template

from commons.contributions.drawn import drawn

register = template.Library()


class KeepNode(template.Node):
    def __init__(self, name, values, nodelist):
        self.name, self.values, self.nodelist = name, values, nodelist

    def render(self, context):
        kept_under = context.get("kept_under")
        if kept_under is None:
            return self.nodelist.render(context)
        made_of = (self.name, kept_under, [value.resolve(context) for value in self.values])
        return drawn(made_of, lambda: self.nodelist.render(context))


@register.tag
def keep(parser, token):
    """Keep what stands between `{% keep "name" %}` and `{% endkeep %}` as HTML, under the page's `kept_under`.

    For what is made of the item's own columns, the vocabulary and the language alone. What else it is made of is
    named after the name, in plain values: `{% keep "acts" marks.key %}`. A name is used once a page.
    """
    _tag, name, *values = token.split_contents()
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeepNode(name, [parser.compile_filter(value) for value in values], nodelist)
