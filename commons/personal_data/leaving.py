"""A member who leaves: what each app is given when it takes out what it holds on them, and how their name is found."""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

LETTER = r"[\w-]"


@dataclass
class Leaving:
    """`member` leaves; `keeps` says whether what they shared stays under "A former member".

    `names` are what they are called in sentences, `usernames` in addresses and after an @, `addresses` where e-mail
    reached them: each as it is now and as it was before. `farewell` is the Message-ID of the last e-mail they get.
    """

    member: object
    keeps: bool
    names: set = field(default_factory=set)
    usernames: set = field(default_factory=set)
    addresses: set = field(default_factory=set)
    farewell: str = ""

    @contextmanager
    def step(self):
        """One transaction, in which nobody else writes in the member's name: all of it is done or nothing."""
        with transaction.atomic():
            rows = get_user_model()._base_manager.select_for_update(no_key=True)
            rows.filter(pk=self.member.pk).values_list("pk").first()
            yield

    def is_in(self, text):
        """Whether a text names them: by name, in an address, or by an e-mail address."""
        return bool(self._pattern().search(text))

    def scrubbed(self, text):
        """Return a text that the site itself wrote, with "a former member" wherever it names them."""
        return self._pattern().sub(lambda found: found["path"] or _("a former member"), text)

    def without_mentions(self, text):
        """Return what somebody wrote, with "a former member" in place of their @username. All other words stay."""
        if "@" not in text:
            return text
        return self._mention().sub(_("a former member"), text)

    def _pattern(self):
        if not hasattr(self, "_found"):
            names = _either(self.names)
            usernames = _either(self.usernames)
            addresses = _either(self.addresses)
            self._found = re.compile(
                rf"(?<![\w.+-])(?i:{addresses})(?![\w@-])|(?P<path>/members/)(?:{usernames})(?!{LETTER})/?"
                rf"|(?<!{LETTER})@?(?i:{usernames})(?!{LETTER})|(?<!\w){names}(?!\w)"
            )
        return self._found

    def _mention(self):
        return re.compile(rf"(?<![\w@/.+-])@(?i:{_either(self.usernames)})(?![\w@/-])")


def _either(words):
    """Return a pattern for any of `words`, the longest first; nothing at all for none."""
    longest_first = sorted(words, key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, longest_first))})" if longest_first else "(?!)"
