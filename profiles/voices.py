"""Whose voices take part in a conversation, for a small panel beside it: never a number below three people."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .choices import Voice

FEWEST = 3
# The sides without which a conversation about services is about somebody who is not there.
PROMPTS = {
    Voice.USES_SERVICES: _(
        "Nobody has joined in yet who says that they use services. Do you know somebody you could ask?"
    ),
    Voice.CARERS: _(
        "Nobody has joined in yet who says that they are a carer or family member. Do you know somebody you could ask?"
    ),
    Voice.PRACTITIONERS: _(
        "Nobody has joined in yet who says that they are a practitioner. Do you know somebody you could ask?"
    ),
}


@dataclass(frozen=True)
class VoicesPanel:
    """How many `people` take part, `groups` of them as (words, number), a `prompt` where a side is missing, or ""."""

    people: int
    groups: list
    prompt: str


def describe(counts):
    """Return the VoicesPanel for what MemberQuerySet.voices counted, or None where too few take part.

    A group of fewer than three people is left out; of sides that are missing the first is named.
    """
    people = counts.get("people", 0)
    if people < FEWEST:
        return None
    return VoicesPanel(
        people,
        [(voice.label, counts[voice]) for voice in Voice if counts.get(voice, 0) >= FEWEST],
        next((str(words) for voice, words in PROMPTS.items() if not counts.get(voice)), ""),
    )
