"""Cards in a list."""

from django import template

from commons.contributions.cards import draw

register = template.Library()


@register.simple_tag
def card_html(card, level):
    """Return a card as HTML, with its title as a heading of `level`; what is no contribution's is drawn each time."""
    return card.html(level) if hasattr(card, "html") else draw(card, level)
