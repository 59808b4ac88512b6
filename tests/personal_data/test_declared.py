"""What is held on a member is declared: a table that leads to one and that nobody declared fails here."""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model

from commons.personal_data.held import Closing, all_held
from tests.factories import make_member

DECLARED = {each.model: each for each in all_held()}


def leading_to_a_member():
    """Return {"app_label.Model.field"} of every foreign key, one-to-one and many-to-many field to or of the member."""
    found = set()
    for model in apps.get_models():
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if field.is_relation and settings.AUTH_USER_MODEL in {
                field.related_model and field.related_model._meta.label,
                model._meta.label if field.many_to_many else "",
            }:
                found.add(f"{model._meta.label}.{field.name}")
    return found


def what_to_write(fields):
    """Return the declarations that are missing for "app_label.Model.field" each, ready to be put in place."""
    lines = ["Declare in the app's personal_data.py, which its apps.py declares (docs/personal-data.md):"]
    for model in sorted({field.rpartition(".")[0] for field in fields}):
        names = tuple(sorted(field.rpartition(".")[2] for field in fields if field.startswith(f"{model}.")))
        where = "add these to the fields of its Held" if model in DECLARED else "a Held of its own"
        lines += [
            f"{model}: {where}",
            f'Held("{model}", what=_("..."), why=_("..."), closing=Closing.DELETE, fields={names!r}, columns=("...",))',
        ]
    return "\n".join(lines)


def test_every_field_that_leads_to_a_member_is_declared():
    declared = {f"{each.model}.{name}" for each in all_held() for name in each.fields}
    missing = leading_to_a_member() - declared
    assert not missing, what_to_write(missing)
    assert declared - leading_to_a_member() == set(), "these fields lead to no member"


@pytest.mark.parametrize("held", all_held(), ids=lambda held: held.model)
def test_each_says_how_it_is_taken_out(held):
    if held.erased_with:
        assert DECLARED[held.erased_with].erase is not None
    elif held.closing not in (Closing.DELETE, Closing.KEEP):
        assert held.erase is not None
    assert held.closing is not Closing.DELETE or held.fields or held.erase is not None, (
        "nothing says which rows go"
    )


def test_tables_between_two_others_are_of_a_declared_field():
    """A many-to-many field makes a table of its own, with a key to the member."""
    member = get_user_model()
    between = {
        model._meta.auto_created._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.auto_created and any(field.related_model is member for field in model._meta.fields)
    }
    assert between <= set(DECLARED)


@pytest.mark.parametrize("held", all_held(), ids=lambda held: held.model)
def test_each_declaration_says_what_why_and_what_becomes_of_it(held):
    assert (bool(str(held.what)), bool(str(held.why)), held.closing in Closing) == (True, True, True)
    copied = bool(held.columns or held.rows)
    assert copied != bool(held.not_copied), "it is in the copy, or it is said why not"
    assert set(held.of) <= set(held.fields)


@pytest.mark.django_db
def test_a_copy_can_be_made_of_a_member_who_did_nothing():
    member = make_member("Newly Joined")
    rows = {held.model: list(held.copy(member)) for held in all_held()}
    assert {model for model, found in rows.items() if found} == {
        "profiles.Member",
        "account.EmailAddress",
    }
    (own,) = rows["profiles.Member"]
    assert (own["display_name"], own["email"]) == ("Newly Joined", member.email)
    assert "password" not in own
