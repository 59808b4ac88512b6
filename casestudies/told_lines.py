"""What a case study's page shows of the accounts from the other side."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model

from .told import accounts_of


@dataclass(frozen=True)
class AccountLine:
    """One account: who told it, from which side, how they saw it, their words as safe HTML, and where they stand."""

    pk: int
    name: str
    url: str
    side: str
    stance: str
    html: str
    place: str


def account_lines(case_study):
    """Return the AccountLines of a case study. One query, none where its card says that one side alone told it."""
    if not case_study.card.get("accounts"):
        return []
    return [_line(case_study, account) for account in accounts_of(case_study)]


def _line(case_study, account):
    comment = account.comment
    comment.contribution = case_study
    url, _role = get_user_model().describe_byline(comment.byline)
    return AccountLine(
        pk=account.pk,
        name=comment.byline.get("name", ""),
        url=url,
        side=account.get_side_display(),
        stance=account.get_stance_display(),
        html=comment.html,
        place=comment.url_on_page(),
    )
