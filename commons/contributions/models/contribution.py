"""The Contribution: everything a member adds, whatever its kind, in one table with real foreign keys.

A kind's own model inherits from it (multi-table), so lists, search, feeds and the admin read one
table and load no children. What lists need beside the row's own columns is stored on the row:
`reach` (who may see it) and `card` (what a card shows).
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase

from commons.markup.render import BODY_LENGTH, clean_text, excerpt, render, stored
from commons.moderation import holds, told
from commons.moderation.models import Action, Case, Decision, Moderated, Status, Why
from commons.tagging.models import Keyword, Principle, ServiceSector
from commons.tagging.regions import Region

from .. import attaching, kinds, mentions, pictures, sending
from ..querysets import ContributionManager, Reach
from ..signals import contribution_changed
from .revision import Revision

SUMMARY_LENGTH = 400
# Texts and tables that nobody typed.
NOT_WRITTEN = {"kind", "subtype", "language", "status", "last_reply", "voices", "starter_key", "starter_hash"}
# What others' doings change, under a lock of the row: a form that is saved leaves these columns alone.
COUNTED = (
    "comment_count",
    "helpful_count",
    "last_activity_at",
    "last_position",
    "last_comment",
    "last_reply",
    "voices",
)


class StaleEdit(Exception):
    """Somebody saved another version meanwhile; `current` is the contribution as it now stands."""

    def __init__(self, current):
        super().__init__(current.pk)
        self.current = current


class Audience(models.TextChoices):
    EVERYONE = "everyone", _("Everyone")
    MEMBERS = "members", _("Members only")


class TaggedContribution(ItemBase):
    """One keyword on one contribution."""

    content_object = models.ForeignKey("Contribution", on_delete=models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Keyword, on_delete=models.CASCADE, related_name="items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="keyword_once_an_item")]


class Contribution(Moderated):
    """Something a member adds to the network."""

    KIND = ""
    # A kind's own columns that others' doings change, under a lock of the row: a form that is saved leaves them alone.
    SET_BY_OTHERS = ()
    # Names of values that are no columns but rows of their own, written by store_rows().
    ROWS = ()
    # What columns are emptied to, where an empty text will not do, when its author has all of it taken out.
    BLANKS = {}
    # What can be chosen for columns that all kinds share, by their names; a kind's own columns know it themselves.
    CHOICES = {}
    best_comment_id = None  # of the comment that answered it best, for kinds that ask

    kind = models.CharField(_("kind"), max_length=20, editable=False)
    subtype = models.CharField(_("type"), max_length=30, blank=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contributions",
    )
    byline = models.CharField(
        _("byline"), max_length=200, blank=True, help_text=_("Who wrote it, where that is not a member.")
    )
    title = models.CharField(_("title"), max_length=200)
    slug = models.CharField(max_length=80, blank=True, editable=False)
    summary = models.CharField(_("summary"), max_length=SUMMARY_LENGTH, blank=True)
    body = models.TextField(_("text"), max_length=BODY_LENGTH, blank=True)
    body_html = models.TextField(blank=True, editable=False)
    language = models.CharField(_("language"), max_length=10, default="en-gb", editable=False)
    audience = models.CharField(
        _("who can see it"), max_length=10, choices=Audience, default=Audience.EVERYONE
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    # Since when it has been listed; kept while withdrawn only if that was long enough for stayed_listed().
    listed_since = models.DateTimeField(null=True, blank=True, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    last_activity_at = models.DateTimeField(_("last activity"), null=True, blank=True, editable=False)
    comment_count = models.PositiveIntegerField(default=0, editable=False)
    helpful_count = models.PositiveIntegerField(default=0, editable=False)
    # The number of the last comment ever made here: numbers are given once and never again.
    last_position = models.PositiveIntegerField(default=0, editable=False)
    last_comment = models.ForeignKey(
        "contributions.Comment", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    # Who wrote that comment and when: lists show it without reading one comment an item.
    last_reply = models.JSONField(default=dict, editable=False)
    voices = models.JSONField(default=dict, editable=False)

    principles = models.ManyToManyField(
        Principle, verbose_name=_("principles"), related_name="contributions", blank=True
    )
    sectors = models.ManyToManyField(
        ServiceSector, verbose_name=_("service sectors"), related_name="contributions", blank=True
    )
    keywords = TaggableManager(_("keywords"), through=TaggedContribution, blank=True)
    # Which members the text names with @username; kept by id, for names change.
    mentioned = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="mentioned_on", blank=True, editable=False
    )

    region = models.CharField(_("nation or region"), max_length=30, choices=Region, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    evidence_level = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    starts_on = models.DateField(null=True, blank=True, editable=False)
    answered = models.BooleanField(null=True, editable=False)

    reach = models.PositiveSmallIntegerField(choices=Reach, default=Reach.NOBODY, editable=False)
    card = models.JSONField(default=dict, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    form_key = models.UUIDField(default=uuid.uuid4, editable=False)
    starter_key = models.CharField(max_length=120, null=True, blank=True, unique=True, editable=False)
    starter_hash = models.CharField(max_length=64, blank=True, editable=False)

    objects = ContributionManager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["-published_at", "-pk"]
        permissions = [("moderate_contribution", _("Can approve, remove and restore contributions"))]
        indexes = [
            models.Index(fields=["kind", "reach", "published_at", "id"], name="contribution_list"),
            models.Index(fields=["reach", "published_at", "id"], name="contribution_newest"),
            # What somebody wrote, newest first, for every reader, and how much of each kind, without reading a row.
            models.Index(
                fields=["author", "published_at", "id", "reach", "kind"],
                name="contribution_by_author",
                condition=models.Q(published_at__isnull=False),
            ),
            models.Index(fields=["author", "changed_at"], name="contribution_author_changed"),
            models.Index(
                fields=["author", "changed_at"],
                name="contribution_unfinished",
                condition=models.Q(status__in=(Status.DRAFT, Status.AWAITING)),
            ),
            # For members, to whom two reaches are listed: two parts of the indexes above are in no order together.
            models.Index(
                fields=["kind", "published_at", "id"],
                name="contribution_list_any",
                condition=models.Q(published_at__isnull=False),
            ),
            models.Index(
                fields=["published_at", "id"],
                name="contribution_newest_any",
                condition=models.Q(published_at__isnull=False),
            ),
            # All that counting by these facets reads: the rows themselves, with their texts, are left alone.
            models.Index(
                fields=[
                    "reach",
                    "kind",
                    "region",
                    "year",
                    "evidence_level",
                    "language",
                    "answered",
                    "published_at",
                    "id",
                    "subtype",
                ],
                name="contribution_facets",
            ),
            models.Index(fields=["kind", "changed_at"], name="contribution_changed"),
            # The orders and filters of conversations, for visitors and, without the reach, for members.
            models.Index(fields=["kind", "reach", "last_activity_at", "id"], name="contribution_activity"),
            models.Index(
                fields=["kind", "last_activity_at", "id"],
                name="contribution_activity_any",
                condition=models.Q(published_at__isnull=False),
            ),
            models.Index(
                fields=["kind", "helpful_count", "published_at", "id"],
                name="contribution_helpful",
                condition=models.Q(published_at__isnull=False),
            ),
            # What stands after the id lets them be counted without reading a row: SQLite checks each condition again.
            models.Index(
                fields=["kind", "answered", "last_activity_at", "id", "reach", "published_at"],
                name="contribution_answered",
                condition=models.Q(published_at__isnull=False, answered__isnull=False),
            ),
            models.Index(
                fields=["kind", "answered", "published_at", "id"],
                name="contribution_answered_newest",
                condition=models.Q(published_at__isnull=False, answered__isnull=False),
            ),
            models.Index(
                fields=["kind", "reach", "published_at", "id", "comment_count"],
                name="contribution_unanswered",
                condition=models.Q(published_at__isnull=False, comment_count=0),
            ),
            models.Index(
                fields=["kind", "published_at", "id"],
                name="contribution_unanswered_any",
                condition=models.Q(published_at__isnull=False, comment_count=0),
            ),
            models.Index(fields=["changed_at"], name="contribution_changed_any"),
            # The other orders of everything, for visitors and, without the reach, for members.
            models.Index(
                fields=["reach", "helpful_count", "published_at", "id"], name="contribution_most_helpful"
            ),
            models.Index(
                fields=["helpful_count", "published_at", "id"],
                name="contribution_most_helpful_any",
                condition=models.Q(published_at__isnull=False),
            ),
            models.Index(fields=["reach", "last_activity_at", "id"], name="contribution_active"),
            models.Index(
                fields=["last_activity_at", "id"],
                name="contribution_active_any",
                condition=models.Q(published_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["author", "form_key"], name="contribution_form_once"),
            models.CheckConstraint(condition=~models.Q(title=""), name="contribution_has_title"),
            models.CheckConstraint(
                condition=models.Q(reach=Reach.NOBODY)
                | models.Q(status=Status.PUBLISHED, published_at__isnull=False),
                name="contribution_reach_only_published",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return kinds.address(self.kind, self.pk, self.slug)

    def url_below(self, suffix):
        """Return the path of a page below this item, such as `edit/`."""
        return kinds.address(self.kind, self.pk, self.slug, suffix)

    @property
    def is_draft(self):
        return self.status == Status.DRAFT

    @property
    def is_awaiting(self):
        return self.status == Status.AWAITING

    @property
    def is_published(self):
        return self.status == Status.PUBLISHED

    @property
    def status_label(self):
        return Status(self.status).label

    @property
    def is_starter(self):
        """Whether it came with the starter library: its tags are the editors' judgement."""
        return bool(self.starter_key)

    def lead(self):
        """Return the summary, or the text's first words where there is none."""
        return self.summary or self.card.get("excerpt", "")

    @property
    def html(self):
        """The text as safe HTML, as it was rendered when it was saved."""
        return stored(self.body_html)

    def can_be_edited_by(self, user):
        return (
            bool(self.author_id)
            and self.author_id == user.pk
            and self.status not in (Status.REMOVED, Status.MERGED)
        )

    def as_its_kind(self):
        """Return this row as its own kind's model, which knows more of it. One query, none where it is that already."""
        if type(self) is not Contribution:
            return self
        return kinds.get(self.kind).model_class()._base_manager.get(pk=self.pk)

    def closed_because(self):
        """Return why nobody can comment here any more, in words for everyone, or "". For kinds that close."""
        return ""

    @classmethod
    def answered_among(cls, pks):
        """Return {id: what `answered` should be} of those among `pks` that can be answered. For kinds that know."""
        return {}

    @classmethod
    def best_answers_among(cls, pks):
        """Return {id: id of the comment that answered it best} of those among `pks`. For kinds that ask."""
        return {}

    @classmethod
    def tellers_among(cls, pks):
        """Return {id: ids of the members who told it beside its author} of `pks`. For kinds that several can tell."""
        return {}

    @classmethod
    def reach_changed(cls, pks):
        """Called after the reach of items of the kind changed, inside the transaction. For kinds with versions."""

    def may_mark_best(self, user):
        """Whether `user` may say which comment answered it best."""
        return False

    def move_path(self):
        """Return where moderators move a comment to a conversation of its own (by ?comment=), or ""."""
        return ""

    def conversation_changed(self):
        """Called on the item as its own kind, its row locked, after a comment on it came or went."""

    # --- writing ------------------------------------------------------------------------------

    @classmethod
    def begin(cls, by, values, *, form_key, publish=False, form_signs=()):
        """Create one from a form's cleaned `values` and return it; with `publish` it is listed, or awaits approval.

        `form_key` (a UUID made with the empty form) makes the same form sent twice one item: the second
        call returns the first one's item. `form_signs` is what holds.form_signs() saw in the form.
        Raises sending.PastPostRate.
        """
        try:
            with transaction.atomic():
                sending.one_at_a_time(by)
                return cls._already(by, form_key) or cls._create(by, values, form_key, publish, form_signs)
        except IntegrityError:
            made = cls._already(by, form_key)
            if made is None:
                raise
            return made

    @classmethod
    def _already(cls, by, form_key):
        return cls.objects.filter(author=by, form_key=form_key).first()

    @classmethod
    def _create(cls, by, values, form_key, publish, form_signs):
        sending.check_post_rate(by)
        item = cls(kind=cls.KIND, author=by, form_key=form_key)
        item.store(values, by=by)
        if publish:
            item.submit(by, held_because=item._why_held(form_signs))
        return item

    def revise(self, by, values, *, version, publish=False, form_signs=()):
        """Save a form's cleaned `values` over version `version`, and publish it too when asked.

        What its author adds is looked at as in something new. Raises StaleEdit when another version was saved
        since, sending.PastPostRate when publishing it would be one too many.
        """
        with transaction.atomic():
            by_author = self.author_id is not None and self.author_id == by.pk
            if by_author:
                sending.one_at_a_time(by)
            # The row that transitions lock too, or a save could undo a removal; then read as it now stands.
            Contribution._base_manager.select_for_update(no_key=True).values_list("pk").get(pk=self.pk)
            current = type(self)._base_manager.get(pk=self.pk)
            if current.version != version:
                raise StaleEdit(current)
            kept = ("version", "status", "published_at", "listed_since", "reach", *self.SET_BY_OTHERS)
            for field in kept:
                setattr(self, field, getattr(current, field))
            if self.published_at:
                self.edited_at = timezone.now()
            self.store(values, by=by)
            publish = publish and self.status in (Status.DRAFT, Status.WITHDRAWN)
            if by_author:
                self._sent_in_again(by, publish, form_signs, shown=current)
            elif publish:
                self.submit(by)
            self.note_shown()

    def go_back_to(self, kept, by, reason="", *, version):
        """A moderator makes the earlier version `kept` the one that stands, as a new version of theirs; recorded.

        Raises OwnCase, StaleEdit when another version than `version` stands by now.
        """
        with transaction.atomic():
            self.revise(by, self.values_from(kept.snapshot), version=version)
            told.tell_member(self, Decision.objects.record(self, Action.BACK_TO_VERSION, by, reason))

    def values_from(self, snapshot):
        """Return what snapshot() once gave as values for store(). Terms that are gone since are left out.

        Who can see it stays as it is: an old version must not show to everyone what is for members by now.
        """
        return {
            **{name: value for name, value in snapshot.items() if name != "audience"},
            "principles": list(Principle.objects.filter(pk__in=snapshot["principles"])),
            "sectors": list(ServiceSector.objects.filter(pk__in=snapshot["sectors"])),
            "files": attaching.chosen_from(self, snapshot.get("files", [])),
        }

    def _sent_in_again(self, by, publish, form_signs, shown):
        """The author has saved it: publish it, or let what is listed wait for approval, as its words ask for."""
        if publish:
            if self.published_at is None:
                sending.check_post_rate(by, besides=self)
            self.submit(by, held_because=self._why_held(form_signs))
        elif self.status == Status.PUBLISHED:
            held_because = self._why_held(form_signs, shown=shown)
            if held_because:
                self.hold(by, held_because)
        elif self.status == Status.AWAITING:
            held_because = self._why_held(form_signs)
            if held_because:
                Case.objects.open(self, Why.AWAITING, held_because=held_because)

    def _why_held(self, form_signs, shown=None):
        """Return why what the author sends in must wait for approval, or "". `shown` is the version others read."""
        return holds.why_held(
            sending.words_in(self.snapshot()),
            sending.standing_of(self.author, besides=self),
            form_signs,
            shown=sending.words_in(shown.snapshot()) if shown else None,
        )

    def store(self, values, *, by=None):
        """Write cleaned `values` as a new version: model fields, terms, keywords by name, `files` as Chosen."""
        beside = ("principles", "sectors", "keywords", "files", *self.ROWS)
        tags = {name: values[name] for name in beside if name in values}
        with transaction.atomic():
            for name, value in values.items():
                if name not in tags:
                    setattr(self, name, value)
            self.body = clean_text(self.body)
            self.slug = slugify(self.title)[:80].strip("-")
            self.version += 1
            if self._state.adding:
                self.save()
            else:
                self.save(update_fields=self._columns_of_the_form())
            if "files" in tags:
                attaching.attach(self, tags["files"])
            people = mentions.People()
            self.body_html = render(
                self.body,
                document=f"c{self.pk}",
                trusted=self.is_starter,
                people=people,
                pictures=pictures.pictures_of(self),
            )
            mentions.keep(self, people)
            if "principles" in tags:
                self.principles.set(tags["principles"])
            if "sectors" in tags:
                self.sectors.set(tags["sectors"])
            if "keywords" in tags:
                self.keywords.set(Keyword.objects.for_names(tags["keywords"]))
            self.store_rows({name: tags[name] for name in self.ROWS if name in tags})
            self.refresh()
            Revision.keep(self, by)

    def store_rows(self, rows):
        """Called within store(), before the card is made: write what the kind keeps in rows of its own.

        `rows` are the values named in ROWS, as {name: list of dicts}.
        """

    @classmethod
    def words_of_row(cls, name, row):
        """Return one of the rows named in ROWS, as a version keeps it, in words. For kinds that have some."""
        return ", ".join(map(str, row.values()))

    def _columns_of_the_form(self):
        columns = self._meta.concrete_fields
        return [column.name for column in columns if not column.primary_key and column.name not in COUNTED]

    def snapshot(self):
        """Return the whole form as saved, as JSON can hold it. A kind with more fields adds its own."""
        return {
            "title": self.title,
            "summary": self.summary,
            "body": self.body,
            "audience": self.audience,
            "principles": self.card["principles"],
            "sectors": self.card["sectors"],
            "keywords": [name for name, _slug in self.card["keywords"]],
            # Of what members write their account says who did.
            **({"byline": self.byline} if self.is_starter else {}),
            **({"files": attaching.snapshot_of(self.card["files"])} if self.card.get("files") else {}),
        }

    # --- taking it out for good -------------------------------------------------------------------

    def blank_columns(self):
        """Return {column: value} that leaves no word of what its author wrote, for when they close their account."""
        empty = {}
        for field in self._meta.concrete_fields:
            if field.primary_key or field.is_relation or field.choices or field.name in NOT_WRITTEN:
                continue
            if isinstance(field, models.JSONField):
                empty[field.name] = field.get_default()
            elif isinstance(field, (models.CharField, models.TextField)):
                empty[field.name] = None if field.null else ""
        return {**empty, "title": str(_("No longer here")), "region": "", **self.BLANKS}

    def erase_rows(self):
        """Called before the columns are emptied: take the words out of what the kind keeps in rows of its own."""
        self.store_rows({name: [] for name in self.ROWS})

    # --- what is kept beside it -----------------------------------------------------------------

    def refresh(self):
        """Bring reach, year and card up to date, save them and announce the change."""
        self.reach = self._reach()
        self.card = self.build_card()
        if self.year is None and self.published_at:
            self.year = timezone.localtime(self.published_at).year
        self.changed_at = timezone.now()
        self.save(
            update_fields=[
                "body_html",
                "reach",
                "card",
                "year",
                "published_at",
                "listed_since",
                "changed_at",
            ]
        )
        self.note_shown()
        contribution_changed.send(sender=type(self), ids=[self.pk])

    def note_shown(self):
        """Keep that others can read the version that stands, where they can, and tell whom it names."""
        stands = Revision.objects.filter(contribution_id=self.pk, number=self.version)
        if self.reach != Reach.NOBODY and stands.filter(shown=False).update(shown=True):
            mentions.tell(self)

    def _reach(self):
        if self.status != Status.PUBLISHED or (self.author_id and self.author.contributions_hidden):
            return Reach.NOBODY
        return Reach.MEMBERS if self.audience == Audience.MEMBERS else Reach.EVERYONE

    def build_card(self):
        """Return what a card shows, as JSON: ids of terms, keywords, byline and first words."""
        return {
            "principles": sorted(term.pk for term in self.principles.all()),
            "sectors": sorted(term.pk for term in self.sectors.all()),
            "keywords": sorted([keyword.name, keyword.slug] for keyword in self.keywords.all()),
            "byline": self.author.card_byline() if self.author_id else {"name": self.byline},
            "excerpt": "" if self.summary else excerpt(self.body_html),
            **attaching.card_of(self),
        }

    # --- transitions ----------------------------------------------------------------------------

    def moderation_target(self):
        return Contribution, self.pk

    def columns_with_status(self, action):
        """Out of everyone's reach in the same statement (a constraint says so); after_transition gives it back."""
        return {"reach": Reach.NOBODY}

    def after_transition(self, decision):
        """Keep reach, date and search in step with the status."""
        if self.status == Status.PUBLISHED and self.published_at is None:
            self.published_at = self.last_activity_at = timezone.now()
            self.save(update_fields=["last_activity_at"])
        self._note_listing(decision)
        self.refresh()

    def _note_listing(self, decision):
        """Keep since when it has been listed; what was put back counts as if it had never been taken down."""
        if self.status == Status.PUBLISHED:
            back = self.published_at if decision.action == Action.RESTORE else timezone.now()
            self.listed_since = self.listed_since or back
        elif self.status == Status.REMOVED or not self.has_stayed_listed():
            self.listed_since = None

    def has_stayed_listed(self):
        """Whether it was listed for as long as makes its author an established member."""
        days = timedelta(days=settings.NETWORK_NEW_MEMBER_DAYS)
        return self.listed_since is not None and self.listed_since <= timezone.now() - days
