"""The command to which a mail server hands an e-mail: exit statuses that it knows, and a maildir that empties."""

import io
import os
import sys

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from commons.contributions.replying_by_mail.letters import MOST_BYTES
from tests.contributions.answering_letters import answered, letter, plain, texts, words_of
from tests.contributions.conftest import ann, takes_replies, thread  # noqa: F401


@pytest.fixture
def piped(monkeypatch):
    """Hand bytes to the command as a mail server does; return its exit status."""

    def hand_over(content, *arguments):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        with pytest.raises(SystemExit) as ended:
            call_command("receive_mail", *arguments)
        return ended.value.code

    return hand_over


@pytest.fixture
def maildir(tmp_path):
    for name in ("cur", "new", "tmp"):
        (tmp_path / name).mkdir()
    return tmp_path


def new_in(maildir, *contents):
    for number, content in enumerate(contents):
        (maildir / "new" / f"176400000{number}.M1P1.mail.example.org").write_bytes(content)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


class _Away:
    """A database that no statement reaches."""

    def __call__(self, *args):
        raise OperationalError("the connection was refused")


def test_what_is_piped_in_is_posted(piped, ann, thread):  # noqa: F811
    assert piped(letter("gmail_top_posted", ann, thread)) == os.EX_OK
    assert len(texts(thread)) == 1


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"hello", b"From: x\n\nto nobody"])
def test_what_is_no_answer_ends_well_so_that_no_server_sends_it_back(content, piped, takes_replies, db):  # noqa: F811
    assert piped(content) == os.EX_OK


def test_a_database_that_is_away_asks_the_server_to_try_again(piped, ann, thread, maildir):  # noqa: F811
    content = letter("iphone", ann, thread)
    new_in(maildir, content)
    with connection.execute_wrapper(_Away()):
        assert piped(content) == os.EX_TEMPFAIL
        assert piped(b"", "--maildir", str(maildir)) == os.EX_TEMPFAIL
    assert (len(names(maildir / "new")), texts(thread)) == (1, [])
    assert piped(content) == os.EX_OK
    assert len(texts(thread)) == 1


def test_a_site_that_takes_no_replies_says_that_it_is_not_set_up(piped, settings, capsys):
    settings.NETWORK_REPLY_ADDRESS = ""
    assert piped(b"") == os.EX_CONFIG
    assert "NETWORK_REPLY_ADDRESS is not set" in capsys.readouterr().err


def test_all_in_a_maildir_are_taken_in_and_deleted(piped, ann, thread, maildir):  # noqa: F811
    new_in(maildir, letter("iphone", ann, thread), letter("bounce", ann, thread), b"\0junk")
    (maildir / "cur" / "read.M1P1.mail:2,S").write_bytes(letter("apple_mail", ann, thread))
    assert piped(b"", "--maildir", str(maildir)) == os.EX_OK
    assert (len(texts(thread)), names(maildir / "new")) == (1, [])
    assert names(maildir / "cur") == ["read.M1P1.mail:2,S"]
    assert piped(b"", "--maildir", str(maildir)) == os.EX_OK


def test_a_folder_that_is_no_maildir_is_named(piped, takes_replies, tmp_path, capsys):  # noqa: F811
    assert piped(b"", "--maildir", str(tmp_path / "none")) == os.EX_NOINPUT
    assert "is no maildir" in capsys.readouterr().err


def test_a_message_past_the_limit_is_answered_and_not_read(piped, ann, thread):  # noqa: F811
    assert piped(plain(ann, thread, "x" * (MOST_BYTES + 10))) == os.EX_OK
    assert texts(thread) == []
    assert "The e-mail is too large." in words_of(answered()[0])
