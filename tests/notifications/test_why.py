"""Every e-mail there is says in plain words why it came, in its text and in its HTML."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape

from commons.notifications import sources
from commons.notifications.digests import DIGEST_KINDS
from tests.factories import make_member

pytestmark = pytest.mark.django_db
BEGINNING = "You get this e-mail because "
TEMPLATES = Path(settings.BASE_DIR, "templates")
# What others extend: an e-mail is never made of it alone.
BASES = {"email/moderation_base", "email/site_issue_base", "account/email/base_message"}
NEWS = {"email/news", "email/digest"}


def messages():
    """Return the names of all templates of e-mails, without their endings."""
    files = [path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*") if path.parent.name == "email"]
    names = {str(path.with_suffix("")) for path in files if path.suffix in {".txt", ".html"}}
    return sorted(name for name in names - BASES if not name.endswith("_subject"))


def context(**more):
    return {"network_name": "Network", "issue": {"pk": 1}, "number": 2, "more": 1, **more}


@pytest.mark.parametrize("ending", ["txt", "html"])
@pytest.mark.parametrize("name", [name for name in messages() if name not in NEWS])
def test_an_e_mail_says_why_it_came(name, ending):
    words = render_to_string(f"{name}.{ending}", context(user=make_member(), member=make_member()))
    assert words.count(BEGINNING) == 1


@pytest.mark.parametrize("ending", ["txt", "html"])
@pytest.mark.parametrize("name", sorted(NEWS))
def test_news_says_why_it_came_in_the_words_of_its_sort_and_how_to_end_it(name, ending):
    choices = [*sources.choices(), *DIGEST_KINDS.values()]
    for choice in choices:
        why = str(choice.why)
        assert why.startswith(BEGINNING), choice.code
        stop_url = "https://network.example/unsubscribe/abc/"
        words = render_to_string(f"{name}.{ending}", context(why=choice.why, stop_url=stop_url))
        assert words.count(escape(why) if ending == "html" else why) == 1
        assert words.count(stop_url) == 1


def test_all_of_them_are_looked_at():
    assert len(messages()) >= 21
    assert set(messages()) >= NEWS | {"email/notice", "account/email/login_code_message"}
