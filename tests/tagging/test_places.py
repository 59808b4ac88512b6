"""Nations and regions where something is: they lead to their pages."""

import pytest

from commons.tagging.places import place_html
from tests.factories import make_case_study, make_document, make_member

pytestmark = pytest.mark.django_db

REGION = "/regions/wales/"


def test_where_something_was_leads_to_its_region(client):
    person = make_member(place="Tregaron", region="wales", show_place="everyone")
    link = f'Tregaron, <a href="{REGION}">Wales</a>'
    for path in (
        make_case_study(place="Tregaron", region="wales").get_absolute_url(),
        make_document(place="Tregaron", region="wales").get_absolute_url(),
        person.get_absolute_url(),
    ):
        assert link in client.get(path).content.decode()
    assert place_html("<i>", "atlantis") == "&lt;i&gt;"
    assert place_html("", "wales") == f'<a href="{REGION}">Wales</a>'
    assert place_html("", "") == ""
