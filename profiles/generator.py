"""Sample members, for a sample network (manage.py generate_network)."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password

from commons.contributions.generator import BATCH, Generator, Stage, set_related
from commons.search.models import SearchEntry
from commons.tagging.regions import Region

from . import search
from .choices import Role, Sight
from .models import Member

DOMAIN = "example.invalid"  # no address under .invalid can ever receive a letter (RFC 2606)
PLACES = ("Sampleton", "Sample-on-Sea", "Great Sample", "Sample Green", "Upper Sample", "Port Sample")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def members(network, count):
    """Write `count` members, from the first who joined to the last, and yield how many after each batch."""
    password = _password(network)
    first = Member.objects.filter(email__endswith=f"@{DOMAIN}").count() + 1
    random = network.random(f"members/{first}")
    days = network.days(random, count)
    for start in range(0, count, BATCH):
        batch = [
            _sample(network, random, number, day, password)
            for number, day in enumerate(days[start : start + BATCH], start=first + start)
        ]
        _write(batch)
        network.members += [member for member in batch if member.confirmed_at]
        yield len(batch)


def _password(network):
    """Return the stored form of everybody's password: none can be used unless one was given."""
    if not network.password:
        return f"{UNUSABLE_PASSWORD_PREFIX}sample"
    # The salt comes from the seed, so that the same seed gives the same row.
    salt = "".join(network.random("password").choices(LETTERS, k=22))
    return make_password(network.password, salt=salt)


def _sample(network, random, number, day, password):
    """Return an unsaved member with principles and sectors set as if prefetched; the first is like most."""
    odd = random.random() if number > 1 else 1
    about, about_html = network.texts.about(random)
    joined = odd >= 0.03
    member = Member(
        email=f"sample-member-{number}@{DOMAIN}",
        display_name=f"Sample member {number}",
        username=f"sample-member-{number}",
        password=password,
        about=about if odd > 0.2 else "",
        about_html=about_html if odd > 0.2 else "",
        roles=sorted(set(random.choices(Role.values, k=random.randint(0, 2)))),
        organisation=f"Sample organisation {random.randint(1, 40)}" if random.random() < 0.7 else "",
        place=random.choice(PLACES) if random.random() < 0.7 else "",
        region=random.choice(Region.values) if random.random() < 0.7 else "",
        links=[f"https://{DOMAIN}/{number}"] if random.random() < 0.3 else [],
        show_place=random.choice(Sight.values),
        in_directory=not 0.05 <= odd < 0.1,
        joined_at=day,
        confirmed_at=day if joined else None,
        approved_at=day if joined else None,
        changed_at=day,
        hidden=0.03 <= odd < 0.04,
        contributions_hidden=0.03 <= odd < 0.05,
    )
    set_related(
        member,
        principles=network.some_terms(random, network.principles, 3),
        sectors=network.some_terms(random, network.sectors, 3),
    )
    return member


def _write(batch):
    """Write members with their addresses, terms and search entries."""
    Member.objects.bulk_create(batch)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=member, email=member.email, verified=bool(member.confirmed_at), primary=True)
        for member in batch
    )
    principles, sectors = Member.principles.through, Member.sectors.through
    principles.objects.bulk_create(
        principles(member_id=member.pk, principle_id=term.pk)
        for member in batch
        for term in member.principles.all()
    )
    sectors.objects.bulk_create(
        sectors(member_id=member.pk, servicesector_id=term.pk)
        for member in batch
        for term in member.sectors.all()
    )
    SearchEntry.objects.put_all(
        [
            SearchEntry.objects.describe(member, **search.fields_for(member))
            for member in batch
            if member.is_listed
        ]
    )


MEMBERS = Generator("members", Stage.MEMBERS, members)
