"""The case study itself, and how each principle showed up in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.contributions.models import Contribution
from commons.tagging import vocabulary
from commons.tagging.models import Principle

from .sides import Side

LONG = 5_000
BARRIERS = ("commissioning", "evidence", "scale", "skills")
LONG_TEXTS = (
    "citizens_did",
    "before",
    "after",
    "evidence_reason",
    *(f"obstacles_{barrier}" for barrier in BARRIERS),
    "differently",
)
OWN_COLUMNS = (
    "region",
    "evidence_level",
    "side",
    "teller",
    "place",
    "from_year",
    "from_month",
    "to_year",
    "to_month",
    "ongoing",
    *LONG_TEXTS,
    "contact",
    "consent",
    "consent_words",
)


class CaseStudy(Contribution):
    """What happened is the Contribution's text; its evidence level and region are there too.

    Nothing here has a default that says something: what was not told stays empty.
    """

    KIND = "case-study"
    ROWS = ("principles_shown", "taking_part", "outcomes", "costs_and_benefits")

    # From which side its author tells it; of a starter case study nobody knows.
    side = models.CharField(_("side"), max_length=20, choices=Side, blank=True)
    teller = models.CharField(_("who tells it"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)

    from_year = models.PositiveSmallIntegerField(_("began in the year"), null=True, blank=True)
    from_month = models.PositiveSmallIntegerField(_("month in which it began"), null=True, blank=True)
    to_year = models.PositiveSmallIntegerField(_("ended in the year"), null=True, blank=True)
    to_month = models.PositiveSmallIntegerField(_("month in which it ended"), null=True, blank=True)
    ongoing = models.BooleanField(_("it still goes on"), null=True, blank=True)

    citizens_did = models.TextField(_("what citizens decided or did"), max_length=LONG, blank=True)
    before = models.TextField(_("before"), max_length=LONG, blank=True)
    after = models.TextField(_("after"), max_length=LONG, blank=True)
    evidence_reason = models.TextField(_("why this level of evidence"), max_length=1_000, blank=True)

    # How obstacles were met, under the four barriers of Right Here, Right Now (nef and NESTA, 2010), part 4.
    obstacles_commissioning = models.TextField(_("commissioning"), max_length=LONG, blank=True)
    obstacles_evidence = models.TextField(_("evidence of value"), max_length=LONG, blank=True)
    obstacles_scale = models.TextField(_("reaching scale"), max_length=LONG, blank=True)
    obstacles_skills = models.TextField(_("professional skills"), max_length=LONG, blank=True)

    differently = models.TextField(_("what we would do differently"), max_length=LONG, blank=True)
    contact = models.CharField(_("whom to ask"), max_length=300, blank=True)
    consent = models.BooleanField(_("those described agreed to this being published"), default=False)
    consent_words = models.CharField(_("how they agreed"), max_length=300, blank=True)
    # The rows once more, as {name: list of dicts}: a page reads them with this row, and asks for no others.
    kept_rows = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("case study")
        verbose_name_plural = _("case studies")

    def store_rows(self, rows):
        """Let the rows of each name be exactly these, in this order: dicts as rows_of() gives them."""
        for name, values in rows.items():
            manager = getattr(self, name)
            manager.all().delete()
            manager.bulk_create(
                manager.model(case_study=self, **manager.model.position_of(place), **each)
                for place, each in enumerate(values)
            )
            self.kept_rows = {**self.kept_rows, name: values}
        if rows:
            CaseStudy._base_manager.filter(pk=self.pk).update(kept_rows=self.kept_rows)

    def rows_of(self, name):
        """Return the rows of a name of ROWS, in their order, as dicts of their own columns. No query."""
        return self.kept_rows.get(name, [])

    @classmethod
    def words_of_row(cls, name, row):
        return cls._meta.get_field(name).related_model(**row).in_words()

    def costs(self):
        """Return the costs and benefits as unsaved CostOrBenefit rows, for the ledger. No query."""
        return [self.costs_and_benefits.model(**row) for row in self.rows_of("costs_and_benefits")]

    def snapshot(self):
        own = {column: getattr(self, column) for column in OWN_COLUMNS}
        return {**super().snapshot(), **own, **{name: self.rows_of(name) for name in self.ROWS}}

    def search_text(self):
        """Return what search finds it by, beside title, summary and text."""
        words = [self.place, self.teller, *(getattr(self, name) for name in LONG_TEXTS)]
        words += [row["sentence"] for row in self.rows_of("principles_shown")]
        words += [row["words"] for row in self.rows_of("taking_part")]
        for row in self.rows_of("outcomes"):
            words += [row["measure"], row["before"], row["after"], row["unit"], row["compared_with"]]
        words += [f"{row['holder']} {row['about']}" for row in self.rows_of("costs_and_benefits")]
        return {"body": " ".join(filter(None, words)), "extra": self.place}

    def build_card(self):
        return {**super().build_card(), **self._told()}

    def _told(self):
        """Return what the card keeps of who tells it: the sides, the author's own first; how many accounts."""
        told = list(self.accounts.told().values_list("side", flat=True)) if self.pk else []
        sides = dict.fromkeys([*filter(None, [self.side]), *told])
        return {"sides": list(sides), "accounts": len(told)}

    @property
    def is_told_by_both(self):
        return len(self.card.get("sides", [])) > 1

    @classmethod
    def tellers_among(cls, pks):
        """Return {id: ids of the members whose account can be read} of the case studies among `pks`. One query."""
        told = cls.accounts.rel.related_model.objects.told().filter(case_study__in=pks)
        found = {}
        for pk, member in told.order_by().values_list("case_study", "member"):
            found.setdefault(pk, set()).add(member)
        return found

    def conversation_changed(self):
        """An account that can't be read any more tells nothing; when it can again, it does."""
        card = {**self.card, **self._told()}
        if card != self.card:
            self.card = card
            Contribution._base_manager.filter(pk=self.pk).update(card=self.card)


class RowValues:
    """A row that is written from a dict of its own columns, and stands in its place where it has one."""

    @classmethod
    def position_of(cls, place):
        """Return what says where a row stands, for rows that have an order of their own."""
        return {"position": place} if any(field.name == "position" for field in cls._meta.fields) else {}

    def in_words(self):
        """Return all that the row says, in one line: its choices by their labels, what is empty left out."""
        own = [field for field in self._meta.fields if field.name not in {"id", "position", "case_study"}]
        return ", ".join(filter(None, (self.value_in_words(field) for field in own)))

    def value_in_words(self, field):
        value = getattr(self, field.attname)
        if isinstance(value, bool):
            return f"{field.verbose_name}: {_('Yes') if value else _('No')}"
        return "" if value is None else str(dict(field.flatchoices).get(value, value))


class PrincipleShown(RowValues, models.Model):
    """One sentence on how a principle showed up."""

    case_study = models.ForeignKey(CaseStudy, on_delete=models.CASCADE, related_name="principles_shown")
    principle = models.ForeignKey(Principle, on_delete=models.PROTECT, related_name="+")
    sentence = models.CharField(_("how it showed up"), max_length=400)

    class Meta:
        verbose_name = _("how a principle showed up")
        verbose_name_plural = _("how principles showed up")
        constraints = [
            models.UniqueConstraint(fields=["case_study", "principle"], name="principle_shown_once")
        ]

    def __str__(self):
        return self.sentence

    def in_words(self):
        term = vocabulary.current().principles.get(self.principle_id)
        return f"{term.name}: {self.sentence}" if term else self.sentence
