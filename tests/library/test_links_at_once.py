"""Several members who share one address at the same moment, each in a process of their own."""

import pytest

from tests.processes import other_site  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db(transaction=True)

SENDING = """
import sys
from commons.tagging.models import Principle, ServiceSector
from django.test import Client
from profiles.models import Member

client = Client(SERVER_NAME="localhost")
client.force_login(Member.objects.get(email="{email}"))
print("there", flush=True)
sys.stdin.readline()
values = {{
    "url": "{url}", "subtype": "website", "title": "A garden", "body": "Why.", "audience": "everyone",
    "principles": [Principle.objects.first().pk], "sectors": [ServiceSector.objects.first().pk], "do": "publish",
}}
answer = client.post("{path}", values)
print(answer.status_code, b"is in the library already" in answer.content)
"""
MAKING = """
from tests.factories import establish, make_member
for number in range({members}):
    establish(make_member(email=f"m{{number}}@example.org"))
"""
COUNTING = """
from library.models import Link
print(list(Link.objects.exclude(address_key=None).values_list("status", flat=True)), Link.objects.count())
"""
MEMBERS = 4


def test_of_several_at_once_one_is_published_and_the_others_are_led_to_it(other_site):  # noqa: F811
    other_site.python(MAKING.format(members=MEMBERS))
    started = [
        other_site.start(
            "-c",
            SENDING.format(
                email=f"m{number}@example.org", url="https://example.org/one", path="/library/links/new/"
            ),
        )
        for number in range(MEMBERS)
    ]
    for process in started:
        while process.stdout.readline() != "there\n":  # lines of the log come before
            assert process.poll() is None
    said = sorted(process.communicate("\n")[0].splitlines()[-1] for process in started)
    assert said == ["200 True"] * (MEMBERS - 1) + ["302 False"]
    assert other_site.python(COUNTING) == "['published'] 1"
