"""What tests of conversations share: making long ones at once, and reading what a page shows of one."""

import re
from html import unescape

from django.utils import timezone

from commons.contributions import conversation as kept
from commons.contributions.models import Comment, Contribution
from tests.factories import make_member


def fill(item, number, author=None, body="Some words in answer."):
    """Give `item` so many comments at once, as if written one by one. Returns the item as it now stands."""
    author = author or make_member()
    now = timezone.now()
    made = Comment.objects.bulk_create(
        Comment(
            contribution_id=item.pk,
            position=item.last_position + place,
            author=author,
            byline=author.card_byline(),
            body=body,
            body_html=f"<p>{body}</p>",
            status="published",
            listed=True,
            published_at=now,
            listed_since=now,
            version=1,
        )
        for place in range(1, number + 1)
    )
    last = Comment.objects.get(contribution=item.pk, position=made[-1].position)
    Contribution.objects.filter(pk=item.pk).update(
        comment_count=item.comment_count + number,
        last_position=last.position,
        last_comment=last,
        last_reply=kept.reply(last.published_at, last.byline),
        last_activity_at=now,
        changed_at=now,
    )
    return type(item).objects.get(pk=item.pk)


def at(position, item):
    return Comment.objects.get(contribution=item.pk, position=position)


def conversation(response):
    """Return the HTML of the conversation on a page, or ""."""
    html = response.content.decode()
    return html.partition('id="talk"')[2].partition("</section>")[0]


def shown(response):
    """Return the ids of what has a place in the conversation on a page, in their order."""
    return [int(pk) for pk in re.findall(r'<li id="comment-(\d+)"', conversation(response))]


def words(html):
    """Return HTML as its words alone."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def line(response, comment):
    """Return the HTML of one comment on a page, or ""."""
    return conversation(response).partition(f'<li id="comment-{comment.pk}">')[2].partition("</li>\n")[0]


def addresses(html):
    """Return all that links and buttons in a piece of HTML lead to, in their order."""
    return [unescape(found) for found in re.findall(r'(?:href|formaction)="([^"]*)"', html)]
