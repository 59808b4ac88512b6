"""Seed the six principles and the service sectors. Editors may change all of them afterwards."""

from django.db import migrations

PRINCIPLES = [
    ("recognising-people-as-assets", "Recognising people as assets", "People as assets"),
    ("building-on-existing-capabilities", "Building on existing capabilities", "Building on capabilities"),
    ("mutuality-and-reciprocity", "Mutuality and reciprocity", "Mutuality and reciprocity"),
    ("peer-support-networks", "Peer support networks", "Peer support networks"),
    ("blurring-distinctions", "Blurring distinctions", "Blurring distinctions"),
    ("facilitating-rather-than-delivering", "Facilitating rather than delivering", "Facilitating, not delivering"),
]

SECTORS = [
    ("adult-social-care", "Adult social care and older people", "Adult social care"),
    ("healthcare", "Healthcare", "Healthcare"),
    ("mental-health", "Mental health", "Mental health"),
    ("housing", "Housing and supported housing", "Housing"),
    ("criminal-justice", "Criminal justice and community policing", "Criminal justice"),
    ("education", "Education", "Education"),
    ("early-years-and-families", "Early years and families", "Early years and families"),
    ("youth", "Youth", "Youth"),
    ("welfare-to-work", "Welfare to work", "Welfare to work"),
    ("regeneration", "Regeneration", "Regeneration"),
    ("disability-equality", "Disability equality", "Disability equality"),
    ("time-banking", "Time-banking", "Time-banking"),
    ("co-design", "Co-design", "Co-design"),
    ("across-services", "Across services", "Across services"),
]


def seed(apps, schema_editor):
    Principle = apps.get_model("tagging", "Principle")
    for number, (slug, name, short_name) in enumerate(PRINCIPLES, start=1):
        Principle.objects.get_or_create(
            slug=slug, defaults={"name": name, "short_name": short_name, "order": number, "patch": number}
        )
    ServiceSector = apps.get_model("tagging", "ServiceSector")
    for number, (slug, name, short_name) in enumerate(SECTORS, start=1):
        ServiceSector.objects.get_or_create(
            slug=slug, defaults={"name": name, "short_name": short_name, "order": number}
        )


class Migration(migrations.Migration):
    dependencies = [("tagging", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
