"""What a member chooses from: roles, and who sees a field."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """How a member takes part in public services; several may be chosen."""

    PRACTITIONER = "practitioner", _("Practitioner")
    USES_SERVICES = "uses-services", _("Person who uses services")
    CARER = "carer", _("Carer or family member")
    COMMISSIONER = "commissioner", _("Commissioner")
    POLICY = "policy", _("Policy")
    RESEARCHER = "researcher", _("Researcher")
    COMMUNITY = "community", _("Community organisation")
    OTHER = "other", _("Other")


class Sight(models.TextChoices):
    """Who may see a field of a profile."""

    EVERYONE = "everyone", _("Everyone")
    MEMBERS = "members", _("Members only")
    NOBODY = "nobody", _("Nobody")


class Voice(models.TextChoices):
    """Whose voice is heard in a conversation, by the roles that people chose to show to everyone."""

    USES_SERVICES = "uses-services", _("People who use services")
    CARERS = "carers", _("Carers and families")
    PRACTITIONERS = "practitioners", _("Practitioners")
    OTHERS = "others", _("Others")

    @classmethod
    def of(cls, roles):
        """Return the set of voices with which somebody of these roles speaks; empty when they show none."""
        by_role = {
            Role.USES_SERVICES: cls.USES_SERVICES,
            Role.CARER: cls.CARERS,
            Role.PRACTITIONER: cls.PRACTITIONERS,
        }
        return {by_role.get(role, cls.OTHERS) for role in roles if role in Role.values}
