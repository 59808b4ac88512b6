"""Dull makers of rows for tests, through the same methods the site uses."""

import itertools
import uuid
from datetime import time, timedelta

from django.contrib.auth.models import Group
from django.utils import timezone

from blog.models import Post
from casestudies.models import CaseStudy
from commons.contributions.models import Comment
from commons.tagging.models import Principle, ServiceSector
from events.models import Event
from forum.models import Thread
from library.models import Document, Link, Report, Video
from profiles.models import Member

PASSWORD = "a long enough pass phrase"
_numbers = itertools.count(1)


def make_member(display_name=None, *, email=None, password=PASSWORD, confirmed=True, **fields):
    """A member who joined in full, unless `confirmed` is false."""
    number = next(_numbers)
    now = timezone.now()
    if confirmed:
        fields = {"confirmed_at": now, "approved_at": now, **fields}
    made = Member.objects.create_user(
        email or f"member{number}@example.org", display_name or f"Test member {number}", password, **fields
    )
    if confirmed:
        made.trust_address()
    return made


def make_administrator(display_name="Admin Istrator", **fields):
    number = next(_numbers)
    return Member.objects.create_superuser(f"admin{number}@example.org", display_name, PASSWORD, **fields)


def make_moderator(display_name="Mo Derator", **fields):
    """A member who moderates and does nothing else in the admin."""
    made = make_member(display_name, is_staff=True, **fields)
    made.groups.add(Group.objects.get(name="Moderators"))
    return made


def values_for(title=None, **values):
    """Cleaned values of a contribution form, with one principle and one sector unless told otherwise."""
    return {
        "title": title or f"Test post {next(_numbers)}",
        "summary": "",
        "body": "Some words.",
        "audience": "everyone",
        "principles": list(Principle.objects.order_by("order")[:1]),
        "sectors": list(ServiceSector.objects.order_by("order")[:1]),
        "keywords": [],
        **values,
    }


def make_post(author=None, *, publish=True, **values):
    """A blog post, published unless told otherwise: whoever its author is, it is not looked at for signs of spam."""
    post = Post.begin(author or make_member(), values_for(**values), form_key=uuid.uuid4())
    if publish:
        post.submit(post.author)
    return post


def make_thread(author=None, *, publish=True, **values):
    """A forum thread, a discussion unless `is_question`, published unless told otherwise."""
    thread = Thread.begin(author or make_member(), values_for(**values), form_key=uuid.uuid4())
    if publish:
        thread.submit(thread.author)
    return thread


def make_link(author=None, *, publish=True, **values):
    """A link to a website, published unless told otherwise."""
    address = f"https://site-{next(_numbers)}.example.org/"
    link = Link.begin(
        author or make_member(), values_for(**{"url": address, **values}), form_key=uuid.uuid4()
    )
    if publish:
        link.submit(link.author)
    return link


def make_event(author=None, *, days=7, publish=True, **values):
    """An event at ten in a library in so many days from now, published unless told otherwise."""
    first = values.pop("starts_on", timezone.localdate() + timedelta(days=days))
    when = {"starts_on": first, "starts_time": time(10), "ends_on": first, "ends_time": time(12)}
    place = {"venue": "Central Library"}
    event = Event.begin(author or make_member(), values_for(**when | place | values), form_key=uuid.uuid4())
    if publish:
        event.submit(event.author)
    return event


def make_case_study(author=None, *, publish=True, **values):
    """A case study without rows, told from no side, unless told otherwise; published unless told otherwise."""
    case_study = CaseStudy.begin(author or make_member(), values_for(**values), form_key=uuid.uuid4())
    if publish:
        case_study.submit(case_study.author)
    return case_study


def make_comment(contribution, author=None, body="Some words in answer.", **more):
    """A comment that can be read: whoever its author is, it is not looked at for signs of spam."""
    comment = Comment.begin(author or make_member(), contribution, body, form_key=uuid.uuid4(), **more)
    if comment.is_awaiting:
        comment.approve(None)
    return comment


def establish(member):
    """Make `member` an established one: something of theirs has stayed listed for long. Returns the member."""
    long_ago = timezone.now() - timedelta(days=30)
    post = make_post(member, title="Listed for long")
    Post.objects.filter(pk=post.pk).update(
        listed_since=long_ago, published_at=long_ago, last_activity_at=long_ago
    )
    return member


def make_report(*, publish=True, **values):
    """A curated report, which has no author but the editors."""
    report = Report(kind=Report.KIND, byline="nef and NESTA", starter_key=f"report/test-{next(_numbers)}")
    report.store({"year": 2010, "month": 7, **values_for(**values)})
    if publish:
        report.submit(None)
    return report


def make_document(author=None, *, publish=True, **values):
    """A document without a file, policy guidance unless told otherwise, published unless told otherwise."""
    own = {"subtype": "guidance", "year": 2019}
    document = Document.begin(author or make_member(), values_for(**{**own, **values}), form_key=uuid.uuid4())
    if publish:
        document.submit(document.author)
    return document


def make_video(author=None, *, publish=True, files=(), **values):
    """A video, published unless told otherwise: hosted elsewhere, unless `files` (as Chosen) says what was uploaded."""
    hosted = {} if files else {"hosted_url": f"https://vimeo.com/{next(_numbers)}"}
    own = {"transcript": "Some words that are said.", **hosted, "files": list(files)}
    video = Video.begin(author or make_member(), values_for(**{**own, **values}), form_key=uuid.uuid4())
    if publish:
        video.submit(video.author)
    return video


def in_status(post, status, moderator):
    """Bring a published post into `status` by the transitions."""
    if status == "removed":
        post.remove(moderator, "Off topic.")
    elif status == "withdrawn":
        post.withdraw(post.author)
    return post


def consume(response):
    """Read a streamed response to its end, so that its file is closed."""
    return b"".join(response.streaming_content) if response.streaming else response.content
