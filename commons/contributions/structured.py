"""What search engines are told of a page, in the words of schema.org: put together here, and said once, as JSON-LD.

Only of what everyone may see, and only on a visitor's page. Authors are told of by their name alone: whether they want
their profile to be found is for the profile to say. What each type must have follows schema.org and what search engines
ask for beside it (docs/decisions/0042).
"""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from commons.markup.render import clean_text, excerpt, json_block

TEXT_LENGTH = 500  # of what was written: the rest stands on the page


def absolute(path):
    """Return the address of a path on the site as configured."""
    return f"{settings.SITE_URL}{path}"


def block(*things):
    """Return things (dicts) as one block of JSON-LD, safe in HTML. What is None or empty in them is left out."""
    return json_block(
        {"@context": "https://schema.org", "@graph": [_without_nothing(each) for each in things]}
    )


def creative(item, schema_type, picture, *, name="headline", **more):
    """Return what is told of any item: what it is called and says, when it was published, by whom, where it stands.

    `picture` is the address of one; `name` the property that the title is put in; `more` what its type has beside that.
    """
    year, month = item.card.get("dated") or (None, None)
    dated = f"{year:04d}-{month:02d}" if year and month else f"{year:04d}" if year else None
    url = absolute(item.get_absolute_url())
    return {
        "@type": schema_type,
        "@id": f"{url}#item",
        name: clean_text(item.title),
        "description": clean_text(item.lead()),
        "url": url,
        "mainEntityOfPage": url,
        "datePublished": dated or moment(item.published_at),
        "dateModified": moment(item.edited_at or item.published_at),
        "author": author_of(item),
        "publisher": network(),
        "image": picture,
        "inLanguage": item.language,
        "keywords": ", ".join(name for name, _slug in item.card.get("keywords", [])),
        **more,
    }


def posting(item, picture):
    """Return what is told of a conversation: its first words, and how many answered."""
    return creative(
        item,
        "DiscussionForumPosting",
        picture,
        text=clean_text(excerpt(item.body_html, TEXT_LENGTH)) or clean_text(item.title),
        commentCount=item.comment_count,
    )


def answered_question(item, answer):
    """Return what is told of a question and the Comment that answered it."""
    url = absolute(item.get_absolute_url())
    return {
        "@type": "QAPage",
        "@id": f"{url}#item",
        "url": url,
        "mainEntity": {
            "@type": "Question",
            "name": clean_text(item.title),
            "text": clean_text(excerpt(item.body_html, TEXT_LENGTH)) or clean_text(item.title),
            "answerCount": item.comment_count,
            "datePublished": moment(item.published_at),
            "dateModified": moment(item.edited_at or item.published_at),
            "author": author_of(item),
            "acceptedAnswer": {
                "@type": "Answer",
                "text": clean_text(excerpt(answer.body_html, TEXT_LENGTH)),
                "url": absolute(answer.get_absolute_url()),
                "datePublished": moment(answer.published_at),
                "dateModified": moment(answer.edited_at or answer.published_at),
                "upvoteCount": answer.helpful_count,
                "author": person(answer.byline.get("name", "")),
            },
        },
    }


def breadcrumbs(crumbs, title):
    """Return the way to a page: home, `crumbs` as (words, path), and the page itself."""
    steps = [(_("Home"), reverse("home")), *crumbs]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            *(
                {
                    "@type": "ListItem",
                    "position": place,
                    "name": clean_text(str(words)),
                    "item": absolute(path),
                }
                for place, (words, path) in enumerate(steps, 1)
            ),
            {"@type": "ListItem", "position": len(steps) + 1, "name": clean_text(title)},
        ],
    }


def profile_page(name, path, *, created, changed, organisation=""):
    """Return what is told of a member who chose to be found: nothing but what the page shows to everyone."""
    works_for = {"@type": "Organization", "name": clean_text(organisation)} if organisation else None
    return {
        "@type": "ProfilePage",
        "url": absolute(path),
        "dateCreated": moment(created),
        "dateModified": moment(changed),
        "mainEntity": {**person(name), "url": absolute(path), "worksFor": works_for},
    }


def website():
    """Return what is told of the site as a whole, and how to search it."""
    return {
        "@type": "WebSite",
        "name": settings.NETWORK_NAME,
        "url": absolute(reverse("home")),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{absolute(reverse('discovery:search'))}?q={{search_term_string}}",
            },
            "query-input": "required name=search_term_string",
        },
    }


def dataset(name, description, path, *, changed, downloads):
    """Return what is told of a table that can be had as files: `downloads` are (media type, path)."""
    return {
        "@type": "Dataset",
        "name": name,
        "description": description,  # 50 characters at least, or search engines leave it out
        "url": absolute(path),
        "dateModified": moment(changed),
        "creator": network(),
        "isAccessibleForFree": True,
        "usageInfo": absolute(reverse("terms")),
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": media_type, "contentUrl": absolute(place)}
            for media_type, place in downloads
        ],
    }


def author_of(item):
    """Return who wrote an item; the network, where neither a member nor anybody else is named."""
    name = item.card.get("byline", {}).get("name", "")
    if not name:
        return network()
    return person(name) if item.author_id else {"@type": "Organization", "name": clean_text(name)}


def person(name):
    return {"@type": "Person", "name": clean_text(name)}


def network():
    return {"@type": "Organization", "name": settings.NETWORK_NAME, "url": absolute(reverse("home"))}


def moment(at):
    """Return a datetime as schema.org has it, with its offset, or None."""
    return at and at.isoformat(timespec="seconds")


def _without_nothing(value):
    if isinstance(value, dict):
        kept = {name: _without_nothing(each) for name, each in value.items()}
        return {name: each for name, each in kept.items() if each not in (None, "", [], {})}
    return [_without_nothing(each) for each in value] if isinstance(value, list) else value
