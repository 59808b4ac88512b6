"""What counts as written by the member in an e-mail: rather a signature is left than a word lost."""

import pytest

from commons.contributions.replying_by_mail.html_letters import text_of_html
from commons.contributions.replying_by_mail.letters import unflowed
from commons.contributions.replying_by_mail.written import what_was_written

OURS = ("network@network.example.org", "Our Network")
QUOTED = "> Cai Rees answered.\n> More of it.\n"


def written(text):
    return what_was_written(text, ours=OURS, names=("ann", "lee"))[0]


@pytest.mark.parametrize(
    "text",
    [
        "Hi,\n\nThanks, that helps.\nWe pay half.",
        "Thank you, all.\n\nBest wishes\nSomebody",
        "Kind regards to all who helped!\nAnn and I will come.",
        "Yes.\n\nBest,\nAnn\n\nPS: bring cake",
        "On the whole, as Bola wrote: yes.\nI agree.",
        "On 3 March 2026, as Bola wrote:\nI agree with that.",
        "From: Cardiff\nTo: Swansea\nDate: 3 March\nSubject: trains\n\nThat is my way.",
        "- one\n- two\n\n  - three",
        "one\n\n---\n\ntwo\n\n________________________________\n\nthree",
        "Sent from my heart, this is what I think about it all, and it is more than one line of a telephone.",
        "I think a > b\n\n1. yes\n2. no",
        "Warning: the e-mail of the council was wrong.\nCAUTION: so was their mail.",
    ],
    ids=lambda text: text[:20],
)
def test_words_that_only_resemble_a_quotation_or_a_signature_stay(text):
    assert written(text) == text
    assert written(f"{text}\n\nOn Tue, 24 Nov 2026 at 10:15, Our Network <x@y.org> wrote:\n{QUOTED}") == text


@pytest.mark.parametrize(
    "lead",
    [
        "On 24 Nov 2026, at 10:15, Our Network <network@network.example.org> wrote:\n",
        "On Tue, 24 Nov 2026 at 10:15, Our Network <\nnetwork@network.example.org> wrote:\n\n",
        "Am 24.11.26 um 10:15 schrieb Our Network:\n",
        "Le mar. 24 nov. 2026 à 10:15, Our Network <network@network.example.org> a écrit :\n",
        "Ar Maw, 24 Tach 2026 am 10:15, Our Network <network@network.example.org> ysgrifennodd:\n\n",
        "W dniu 24.11.2026 o 10:15, Our Network pisze:\n",
        "",
    ],
)
def test_what_leads_to_marked_lines_goes_with_them_above_and_below(lead):
    assert written(f"Above.\n\n{lead}{QUOTED}\nBelow.") == "Above.\n\nBelow."
    assert written(f"{lead}{QUOTED}Below.") == "Below."
    assert written(f"{lead}{QUOTED}") == ""


@pytest.mark.parametrize(
    "block",
    [
        "On Tue, Nov 24, 2026 at 10:15 AM Our Network <network@network.example.org> wrote:\n",
        "From: Our Network\nSent: 24 November 2026 10:15\nTo: Ann Lee\nSubject: x\n\n",
        "*From:* Our Network <network@network.example.org>\n*Date:* Tuesday\n*To:* Ann Lee\n\n",
        "-----Original Message-----\nFrom: Somebody renamed\nSent: Tuesday\n\n",
        "________________________________\nOddi wrth: Our Network\nAnfonwyd: Dydd Mawrth\nAt: Ann Lee\n\n",
    ],
)
def test_what_is_quoted_without_marks_goes_with_all_below(block):
    assert written(f"Above.\n\n{block}Hello Ann,\n\nnot mine") == "Above."


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAnn Lee\nShe/her",
        "--\nAnn",
        "Kind regards,\nAnn Lee\nOfficer",
        "Thanks,\nLee",
        "Sent from my iPhone",
    ],
)
def test_a_signature_goes(signature):
    assert written(f"Yes.\n\n{signature}\n\nOn 24 Nov 2026, Our Network wrote:\n{QUOTED}") == "Yes."
    assert written(f"Yes.\n\n{signature}") == "Yes."


def test_quotations_in_html_are_marked_and_words_stand_in_lines():
    html = (
        "<title>x</title><p>One<br>two</p><div>three</div><div><br></div><div>four <b>b</b>old</div>"
        '<blockquote type="cite"><p>quoted</p><blockquote>deeper</blockquote></blockquote><img src="cid:1">'
        '<img src="https://track.example/1.gif"><style>p{}</style><ul><li>a<li>b</ul>'
    )
    text = text_of_html(html)
    assert written(text) == "One\ntwo\n\nthree\n\nfour bold\n\n- a\n- b"
    assert what_was_written(text)[1]
    assert "track" not in text


def test_flowed_paragraphs_are_joined_by_depth_and_signatures_stay_apart():
    assert (
        unflowed("a \nb\n> c \n> d\n>> e \nf \n-- \nx\n  indented")
        == "a b\n> c d\n>> e \nf \n-- \nx\n indented"
    )
    assert unflowed("lang \nsam", without_space=True) == "langsam"
