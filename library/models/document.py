"""Documents: policy guidance, evaluations, tools, with the files themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.contributions.models import Contribution
from commons.moderation.models import Status
from commons.tagging.evidence import EvidenceLevel

from .. import editions


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


LICENCE_HELP = {
    Licence.UNKNOWN: _("Others should ask whoever owns it before they pass it on."),
    Licence.ALL_RIGHTS: _("Others may read it here. For anything more they must ask."),
    Licence.OGL: _(
        "Others may copy, change and use it, if they say where it comes from. Most of what UK government publishes is."
    ),
    Licence.CC_BY: _("Others may copy, change and use it, if they name whose work it is."),
    Licence.CC_BY_SA: _(
        "Others may copy, change and use it, if they name whose work it is and share what they make of it alike."
    ),
    Licence.CC_BY_NC: _(
        "Others may copy and change it, if they name whose work it is and earn nothing by it."
    ),
    Licence.PUBLIC_DOMAIN: _("Others may do with it what they like."),
}


class Evaluator(models.TextChoices):
    OWN = "own", _("People of the organisation itself")
    INDEPENDENT = "independent", _("Somebody independent of it")


class Document(Contribution):
    """A document that a member shares, with one file or several.

    A newer version is a document of its own. All versions of one work are its `editions`, numbered in the order in
    which they were published: one is superseded for whoever may see one with a higher number.
    """

    KIND = "document"
    SET_BY_OTHERS = ("work_id", "edition")
    CHOICES = {"subtype": DocumentType, "evidence_level": EvidenceLevel}
    OWN = (
        "subtype", "organisation", "year", "place", "region", "licence",
        "evaluated", "evaluator", "method", "findings", "evidence_level",
    )  # fmt: skip

    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    place = models.CharField(_("place it applies to"), max_length=120, blank=True)
    licence = models.CharField(_("licence"), max_length=20, choices=Licence, default=Licence.UNKNOWN)

    # Of an evaluation alone; how strong its evidence is stands in Contribution.evidence_level.
    evaluated = models.CharField(_("what was evaluated"), max_length=300, blank=True)
    evaluator = models.CharField(_("who evaluated it"), max_length=20, choices=Evaluator, blank=True)
    method = models.TextField(_("how"), max_length=3_000, blank=True)
    findings = models.TextField(_("what it found"), max_length=5_000, blank=True)

    # Which one it was written to replace. Once it is published, both belong to one work, named by its first edition.
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    work = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="editions", editable=False
    )
    edition = models.PositiveSmallIntegerField(_("edition"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(fields=["work", "edition"], name="document_edition_once"),
            models.CheckConstraint(
                condition=models.Q(work=None, edition=None)
                | models.Q(work__isnull=False, edition__isnull=False),
                name="document_edition_of_a_work",
            ),
            models.CheckConstraint(
                condition=models.Q(replaces=None) | ~models.Q(replaces=models.F("pk")),
                name="document_does_not_replace_itself",
            ),
        ]

    @property
    def is_evaluation(self):
        return self.subtype == DocumentType.EVALUATION

    def after_transition(self, decision):
        if self.status == Status.PUBLISHED and self.replaces_id and self.work_id is None:
            editions.join(self)
        super().after_transition(decision)

    def refresh(self):
        super().refresh()
        if self.work_id:
            editions.keep_on_cards([self.work_id])

    @classmethod
    def reach_changed(cls, pks):
        works = cls._base_manager.filter(pk__in=pks, work__isnull=False)
        editions.keep_on_cards(works.values_list("work", flat=True).distinct())

    def build_card(self):
        superseded = editions.reach_of_newer(self) if self.work_id else 0
        return {
            **super().build_card(),
            **({"organisation": self.organisation} if self.organisation else {}),
            **({"superseded": superseded} if superseded else {}),
        }

    def search_text(self):
        """Return what search finds it by, beside title, summary and text."""
        told = [self.evaluated, self.method, self.findings]
        return {
            "body": " ".join(filter(None, told)),
            "extra": ", ".join(filter(None, [self.organisation, self.place])),
        }

    def snapshot(self):
        return {**super().snapshot(), **{name: getattr(self, name) for name in self.OWN}}
