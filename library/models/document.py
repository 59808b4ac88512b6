"""Documents: policy guidance, evaluations, tools, with the files themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.contributions.models import Contribution


class DocumentType(models.TextChoices):
    """Kept in Contribution.subtype."""

    GUIDANCE = "guidance", _("Policy guidance")
    EVALUATION = "evaluation", _("Evaluation")
    TOOL = "tool", _("Tool or template")
    OTHER = "other", _("Something else")


class Licence(models.TextChoices):
    """What others may do with it. The Creative Commons names are those of version 4.0."""

    UNKNOWN = "unknown", _("I don’t know")
    ALL_RIGHTS = "all-rights", _("All rights reserved")
    OGL = "ogl", _("Open Government Licence v3.0")
    CC_BY = "cc-by", _("Creative Commons Attribution (CC BY 4.0)")
    CC_BY_SA = "cc-by-sa", _("Creative Commons Attribution-ShareAlike (CC BY-SA 4.0)")
    CC_BY_NC = "cc-by-nc", _("Creative Commons Attribution-NonCommercial (CC BY-NC 4.0)")
    PUBLIC_DOMAIN = "public-domain", _("Public domain (CC0)")


class Evaluator(models.TextChoices):
    OWN = "own", _("People of the organisation itself")
    INDEPENDENT = "independent", _("Somebody independent of it")


class Document(Contribution):
    """A document that a member shares, with one file or several."""

    KIND = "document"
    SET_BY_OTHERS = ("superseded_by_id",)

    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    place = models.CharField(_("place it applies to"), max_length=120, blank=True)
    licence = models.CharField(_("licence"), max_length=20, choices=Licence, default=Licence.UNKNOWN)
    superseded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes", editable=False
    )

    # Of an evaluation alone; how strong its evidence is stands in Contribution.evidence_level.
    evaluated = models.CharField(_("what was evaluated"), max_length=300, blank=True)
    evaluator = models.CharField(_("who evaluated it"), max_length=20, choices=Evaluator, blank=True)
    method = models.TextField(_("how"), max_length=3_000, blank=True)
    findings = models.TextField(_("what it found"), max_length=5_000, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(superseded_by=None) | ~models.Q(superseded_by=models.F("pk")),
                name="document_not_its_own_successor",
            )
        ]
