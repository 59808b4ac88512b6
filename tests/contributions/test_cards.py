"""Cards: kept as HTML under all that they are made of, so that none is ever out of date or somebody else's."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.template import Context, Template

from commons.contributions.cards import _kept, cards_for
from commons.contributions.models import Contribution
from commons.markup.render import highlight
from commons.tagging.models import Principle
from tests.factories import make_post

pytestmark = pytest.mark.django_db
LIST = Template('{% include "components/card_list.html" %}')


def listed():
    return list(Contribution.objects.listed_to(AnonymousUser()).newest().for_cards())


def shown(**options):
    return LIST.render(Context({"cards": cards_for(listed(), **options)}))


@pytest.fixture(autouse=True)
def _nothing_kept():
    _kept.cache_clear()


def test_a_card_is_drawn_once_and_then_kept(member):
    make_post(member, title="Sowing beans")
    first = shown()
    assert (shown(), _kept.cache_info()[:2]) == (first, (1, 1))
    assert "Sowing beans" in first


def test_a_changed_item_is_drawn_anew(member):
    post = make_post(member, title="Sowing beans")
    shown()
    Contribution.objects.filter(pk=post.pk).update(title="Sowing <b>peas</b>")
    assert "Sowing &lt;b&gt;peas&lt;/b&gt;" in shown()
    assert ">Sowing beans<" not in shown()


def test_a_renamed_principle_shows_on_cards_that_were_kept(member):
    make_post(member)
    shown()
    Principle.objects.filter(order=1).update(short_name="Renamed")
    cache.clear()
    assert ">Renamed</a>" in shown()


def test_two_items_that_look_the_same_keep_their_own_addresses(member):
    posts = [make_post(member, title="Twins") for _ in range(2)]
    html = shown()
    assert all(html.count(f'href="{post.get_absolute_url()}"') == 1 for post in posts)


def test_each_search_has_its_own_passage_in_the_kept_card(member):
    post = make_post(member, summary="Of beans and of peas.")
    beans, peas = (highlight(f"Of [{word}]", "[", "]") for word in ("beans", "peas"))
    assert "<p>Of <mark>beans</mark></p>" in shown(snippets={post.pk: beans})
    html = shown(snippets={post.pk: peas})
    assert "<p>Of <mark>peas</mark></p>" in html
    assert "<mark>beans" not in html
    assert "<p>Of beans and of peas.</p>" in shown()


def test_a_passage_that_is_not_safe_is_escaped(member):
    post = make_post(member)
    assert "<p>&lt;script&gt;</p>" in shown(snippets={post.pk: "<script>"})


def test_the_heading_s_level_and_the_status_are_part_of_what_is_kept(member):
    make_post(member, title="Sowing beans")
    assert '<h3 class="card-title">' in shown()
    cards = cards_for(listed(), with_status=True)
    html = LIST.render(Context({"cards": cards, "level": 4}))
    assert '<h4 class="card-title">' in html
    assert '<span class="tag good">Published</span>' in html
    assert "Published" not in shown()


def test_a_card_tells_no_more_than_a_card_has(member):
    make_post(member, title="Sowing beans")
    card = cards_for(listed())[0]
    assert (card.title, card.byline_name) == ("Sowing beans", "Ann Lee")
    assert not hasattr(card, "body")
