"""Told together: inviting, telling, differing; and nothing of it that others may not see."""

import uuid

import pytest
from django.urls import reverse

from casestudies.models import Account, CaseStudy, Side, Stance
from casestudies.told import NotInvited, decline, invite
from commons.contributions.models import Comment
from commons.notifications.models import Notice
from profiles.blocks import Block
from tests.factories import make_administrator, make_member, values_for

pytestmark = pytest.mark.django_db


def make_case_study(author=None, *, publish=True, side=Side.PROFESSIONAL, **values):
    case_study = CaseStudy.begin(
        author or make_member("Ann Lee"), values_for(side=side, **values), form_key=uuid.uuid4()
    )
    if publish:
        case_study.submit(case_study.author)
    return case_study


def answer_of(client, account, stance, body="We asked for it ourselves, years before."):
    client.force_login(account.member)
    path = account.case_study.url_below("tell/")
    client.get(path)
    return client.post(
        path,
        {
            "stance": stance,
            "body": body,
            "form_key": uuid.uuid4(),
            "seen": "0",
            "asked": "on",
            "do": "publish",
        },
    )


def page(client, case_study, member=None):
    client.logout()
    if member:
        client.force_login(member)
    return client.get(case_study.get_absolute_url()).content.decode()


def test_one_side_so_far_until_the_other_has_told_it(client):
    case_study = make_case_study()
    assert "One side so far" in page(client, case_study)

    account = invite(case_study, make_member("Bo Ade"))
    assert "One side so far" in page(client, case_study)
    response = answer_of(client, account, Stance.DISAGREES)
    html = page(client, case_study)

    assert response.status_code == 302
    assert "Told by both sides" in html
    assert "I saw it differently" in html
    assert "We asked for it ourselves, years before." in html
    assert "Bo Ade" in html


def test_the_invited_member_is_told_and_the_author_hears_of_the_account(client):
    case_study = make_case_study(title="Time bank")
    account = invite(case_study, make_member())
    notice = Notice.objects.get(member=account.member)

    assert notice.subject == "Ann Lee asks you to tell your side of “Time bank”"
    assert notice.url == case_study.url_below("tell/")


@pytest.mark.parametrize("author_blocks", [True, False])
def test_who_blocked_the_author_or_was_blocked_is_not_told_and_the_author_learns_nothing(author_blocks):
    case_study, member = make_case_study(), make_member()
    pair = (case_study.author_id, member.pk) if author_blocks else (member.pk, case_study.author_id)
    Block.set(*pair, wanted=True)
    assert invite(case_study, member).member == member
    assert Notice.objects.of(member).count() == 0


@pytest.mark.parametrize(
    ("reason", "prepare"),
    [
        ("self", lambda case_study, member: case_study.author),
        ("already", lambda case_study, member: invite(case_study, member) and member),
        (
            "too_many",
            lambda case_study, member: [invite(case_study, make_member()) for _ in range(10)] and member,
        ),
        ("not_listed", lambda case_study, member: case_study.withdraw(case_study.author) or member),
        ("no_side", lambda case_study, member: CaseStudy.objects.update(side="") and member),
    ],
)
def test_whom_one_can_not_invite(reason, prepare):
    case_study = make_case_study()
    member = prepare(case_study, make_member())

    with pytest.raises(NotInvited) as refused:
        invite(case_study, member)
    assert refused.value.reason == reason


def test_an_account_that_is_taken_back_tells_nothing(client):
    case_study = make_case_study()
    account = invite(case_study, make_member())
    answer_of(client, account, Stance.CONFIRMS)
    comment = Comment.objects.get(account=account)

    comment.withdraw(comment.author)
    html = page(client, case_study)
    assert "One side so far" in html
    assert "That is how I saw it too" not in html

    comment = Comment.objects.get(pk=comment.pk)
    comment.revise(comment.author, comment.body, version=comment.version, publish=True)
    assert "Told by both sides" in page(client, case_study)


def test_an_account_that_a_moderator_removes_is_gone_from_the_page(client):
    case_study = make_case_study()
    account = invite(case_study, make_member())
    answer_of(client, account, Stance.ADDS, "Something that is not fair.")

    Comment.objects.get(account=account).remove(make_administrator(), "Not fair.")
    assert "Something that is not fair." not in page(client, case_study)


def test_how_one_saw_it_can_be_changed_later(client):
    case_study = make_case_study()
    account = invite(case_study, make_member())
    answer_of(client, account, Stance.CONFIRMS)

    response = client.post(case_study.url_below("tell/"), {"stance": "disagrees"})
    assert response.status_code == 302
    assert "I saw it differently" in page(client, case_study)
    client.force_login(account.member)
    assert (
        "Choose one of these." in client.post(case_study.url_below("tell/"), {"stance": "x"}).content.decode()
    )


def test_an_invitation_can_be_declined_and_taken_up_after_all(client):
    case_study = make_case_study()
    account = invite(case_study, make_member())
    client.force_login(account.member)

    client.post(case_study.url_below("tell/"), {"do": "decline"})
    assert Account.objects.get().declined_at is not None
    answer_of(client, account, Stance.ADDS)
    account.refresh_from_db()
    assert (account.declined_at, account.stance) == (None, "adds")
    decline(account)
    account.refresh_from_db()
    assert account.declined_at is None


def test_only_who_is_invited_can_tell_it(client):
    case_study = make_case_study()
    path = case_study.url_below("tell/")

    assert client.get(path).status_code == 302
    client.force_login(make_member())
    assert client.get(path).status_code == 404
    assert client.post(path, {"stance": "adds", "body": "x"}).status_code == 404
    assert Comment.objects.count() == 0


def test_only_the_author_sees_whom_they_invited(client):
    case_study = make_case_study()
    invite(case_study, make_member("Secret Invited"))
    path = case_study.url_below("invite/")

    for reader in (make_member(), make_administrator()):
        client.force_login(reader)
        assert client.get(path).status_code == 404
    client.force_login(case_study.author)
    assert "Secret Invited" in client.get(path).content.decode()
    assert "Secret Invited" not in page(client, case_study)


@pytest.mark.parametrize("written", ["bo-ade", "@bo-ade", " BO-ADE ", "https://example.org/members/bo-ade/"])
def test_somebody_is_invited_by_username_or_page(client, written):
    case_study = make_case_study()
    other = make_member("Bo Ade")
    client.force_login(case_study.author)
    response = client.post(case_study.url_below("invite/"), {"who": written})

    assert response.status_code == 302
    assert list(Account.objects.values_list("member", "side")) == [(other.pk, Side.USES_SERVICES)]


@pytest.mark.parametrize("written", ["", "nobody-here", "<script>", "a b", "x" * 301])
def test_a_username_that_is_none_is_said_beside_the_field(client, written):
    case_study = make_case_study()
    client.force_login(case_study.author)
    html = client.post(case_study.url_below("invite/"), {"who": written}).content.decode()

    assert 'aria-invalid="true"' in html
    assert "<title>Error:" in html
    assert Account.objects.count() == 0


def test_the_page_costs_one_query_more_where_there_are_accounts(client, django_assert_num_queries):
    case_study = make_case_study()
    client.get(case_study.get_absolute_url())  # what is tagged alike is kept from now on
    with django_assert_num_queries(2):
        client.get(case_study.get_absolute_url())
    for _ in range(3):
        answer_of(client, invite(CaseStudy.objects.get(), make_member()), Stance.ADDS)
    client.logout()

    with django_assert_num_queries(4):
        client.get(case_study.get_absolute_url())


def test_an_invitation_goes_on_where_the_title_of_the_address_is_old(client):
    case_study = make_case_study()
    account = invite(case_study, make_member())
    client.force_login(account.member)

    assert client.get(reverse("casestudies:list") + f"{case_study.pk}/tell/").status_code == 200
