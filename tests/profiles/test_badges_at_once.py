"""Several workers that award at the same moment, each in a process of its own, on either database."""

TRY = """
from profiles.badges.awarding import award_due
from profiles.badges.models import Held
from profiles.models import Member
from tests.at_once import at_once
from tests.factories import make_comment, make_post
for _number in range(5):
    make_comment(make_post())
print(at_once(*[award_due] * 4))
print(Held.objects.count(), sum(len(member.badges_shown) for member in Member.objects.all()))
"""


def test_four_at_once_award_each_badge_once(other_site):
    # Five who wrote a post; five who commented, and welcomed by it.
    assert other_site.python(TRY).splitlines()[-2:] == ["[]", "15 15"]
