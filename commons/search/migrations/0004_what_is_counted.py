"""Keep in each entry what it is counted by, before the long columns: SQLite reads a row from its beginning."""

from django.db import migrations, models

BATCH = 1000
EXTRA_LENGTH = 2_000


def move(apps, schema_editor):
    """Put the words where they belong now, and what is counted where it is made again from nothing."""
    if schema_editor.connection.vendor == "postgresql":
        # It would index every entry anew for each column; install() puts it back after migrating, and does so once.
        schema_editor.execute("DROP TRIGGER IF EXISTS search_document ON search_searchentry")
    entries = apps.get_model("search", "SearchEntry").objects
    entries.update(body=models.F("old_body"), files=models.F("old_files"))
    regions = dict(apps.get_model("contributions", "Contribution")._meta.get_field("region").flatchoices)
    last = 0
    while batch := list(
        entries.filter(pk__gt=last).select_related("contribution").defer(
            "body", "files", "old_body", "old_files", "contribution__body", "contribution__body_html"
        ).order_by("pk")[:BATCH]
    ):
        members = [entry.target_id for entry in batch if entry.kind == "member"]
        tags = {
            facet: _tags(apps, field, column, members)
            for facet, field, column in (
                ("principle", "principles", "principle_id"),
                ("sector", "sectors", "servicesector_id"),
            )
        }
        for entry in batch:
            # Where it is of is found too from now on.
            region = str(regions.get(entry.contribution.region, "")) if entry.contribution else ""
            entry.extra = ", ".join(filter(None, [entry.extra, region]))[:EXTRA_LENGTH]
            entry.counted = " ".join(f"{facet}={value}" for facet, value in _facets(entry, tags))
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE search_searchentry SET counted = %s, extra = %s WHERE id = %s",
                [(entry.counted, entry.extra, entry.pk) for entry in batch],
            )
        last = batch[-1].pk
    if schema_editor.connection.vendor == "postgresql":
        # A table with rows whose foreign keys are still to be checked can't be altered.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def _tags(apps, field, column, members):
    """Return {member's id: ids of terms}."""
    through = apps.get_model("profiles", "Member")._meta.get_field(field).remote_field.through
    found = {}
    for member, term in (
        through.objects.filter(member_id__in=members).order_by(column).values_list("member_id", column)
    ):
        found.setdefault(member, []).append(term)
    return found


def _facets(entry, tags):
    yield "kind", entry.kind
    item = entry.contribution
    if item is None:
        if entry.kind == "member":
            for facet, of in tags.items():
                yield from ((facet, pk) for pk in of.get(entry.target_id, []))
        return
    for facet, name in (("principle", "principles"), ("sector", "sectors")):
        yield from ((facet, pk) for pk in item.card.get(name, []))
    yield from (("keyword", slug) for _name, slug in item.card.get("keywords", []))
    for facet, value in (
        ("region", item.region),
        ("year", item.year),
        ("evidence", item.evidence_level),
        ("language", item.language),
    ):
        if value not in ("", None):
            yield facet, value
    if item.answered is not None:
        yield "answered", "yes" if item.answered else "no"


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0003_words_of_attached_files"),
        ("contributions", "0016_when_an_author_last_changed_something"),
        ("profiles", "0009_badges"),
    ]

    operations = [
        migrations.AddField(
            "searchentry",
            "counted",
            models.TextField(blank=True, default="", editable=False, verbose_name="what is counted of it"),
            preserve_default=False,
        ),
        migrations.RenameField("searchentry", "body", "old_body"),
        migrations.RenameField("searchentry", "files", "old_files"),
        migrations.AddField(
            "searchentry",
            "body",
            models.TextField(blank=True, default="", verbose_name="text"),
            preserve_default=False,
        ),
        migrations.AddField(
            "searchentry",
            "files",
            models.TextField(blank=True, default="", verbose_name="words of attached files"),
            preserve_default=False,
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.RemoveField("searchentry", "old_body"),
        migrations.RemoveField("searchentry", "old_files"),
    ]
