"""Forms begin with what their address is about: principles, sectors, keywords and a region, as lists take them."""

import pytest
from django.urls import reverse

from commons.contributions import kinds
from commons.tagging.models import Principle, ServiceSector
from tests.factories import make_post

pytestmark = pytest.mark.django_db

PRINCIPLE, SECTOR = "recognising-people-as-assets", "housing"


@pytest.fixture
def tags():
    return {
        "principles": [Principle.objects.get(slug=PRINCIPLE)],
        "sectors": [ServiceSector.objects.get(slug=SECTOR)],
    }


@pytest.mark.parametrize("kind", [kind.code for kind in kinds.all_kinds() if kind.new_url])
def test_every_form_begins_with_what_its_address_is_about(client, member, tags, kind):
    make_post(keywords=["jam", "chutney"], **tags)
    make_post(keywords=["secret"], publish=False, **tags)
    client.force_login(member)
    query = f"principle={PRINCIPLE}&sector={SECTOR}&keyword=jam&keyword=secret&region=wales&sector=none"
    initial = client.get(f"{reverse(kinds.get(kind).new_url)}?{query}").context["form"].initial
    assert {name: initial.get(name) for name in ("principles", "sectors", "keywords", "region")} == {
        "principles": [tags["principles"][0].pk],
        "sectors": [tags["sectors"][0].pk],
        "keywords": ["jam"],
        "region": "wales",
    }


def test_a_document_s_form_keeps_its_type_beside_what_it_is_about(client, member):
    client.force_login(member)
    address = f"{reverse('library:document_new')}?type=evaluation&principle={PRINCIPLE}"
    assert client.get(address).context["form"].initial["subtype"] == "evaluation"
