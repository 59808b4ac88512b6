"""Events: what somebody announces, the dates on which it takes place, and who says that they will come."""

from .event import AccessOffer, Event, KnownTo, Repeats, Season
from .occurrence import Occurrence
from .rsvp import Answer, Rsvp

__all__ = ["AccessOffer", "Answer", "Event", "KnownTo", "Occurrence", "Repeats", "Rsvp", "Season"]
