"""Settings that would harm the site if they were wrong are refused when it starts, in one sentence."""

import os
import subprocess
import sys

import pytest

SHOW = "from network import settings as s; print(s.NETWORK_POST_RATE, s.MAIL_ONLY_TO_FOLDER)"


def start(tmp_path, **environment):
    kept = {"PATH": os.environ["PATH"], "NETWORK_DATA": str(tmp_path), "PYTHONPATH": os.getcwd()}
    return subprocess.run(
        [sys.executable, "-c", SHOW], env={**kept, **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({}, "30/h True"),
        ({"NETWORK_POST_RATE": "0", "EMAIL_URL": "smtp://mail.example.org"}, "0 False"),
        ({"NETWORK_POST_RATE": " 5/m ", "EMAIL_URL": "filemail:///tmp/nowhere"}, "5/m True"),
    ],
)
def test_what_is_read(tmp_path, environment, shown):
    assert start(tmp_path, **environment).stdout.strip() == shown


@pytest.mark.parametrize(
    "setting",
    [
        {"NETWORK_FILE_MB": "0"},
        {"NETWORK_VIDEO_MB": "-1"},
        {"NETWORK_MEMBER_QUOTA_MB": "-1"},
        {"NETWORK_ACCEL": "stored-files"},
        {"NETWORK_ACCEL": "/stored-files"},
        {"NETWORK_ACCEL": "/stored files/"},
        {"NETWORK_ACCEL": "https://example.org/"},
    ],
)
def test_limits_and_places_of_files_that_are_none_are_refused(tmp_path, setting):
    done = start(tmp_path, **setting)
    assert done.returncode != 0
    assert f"{next(iter(setting))} " in done.stderr


@pytest.mark.parametrize("rate", ["many", "30/w", "-1/h", "3.5/h", "²/h"])
def test_a_rate_that_is_none_is_refused(tmp_path, rate):
    done = start(tmp_path, NETWORK_POST_RATE=rate)
    assert done.returncode != 0
    assert "NETWORK_POST_RATE must be like 30/h" in done.stderr


@pytest.mark.parametrize(
    "address",
    [
        "reply",
        "@example.org",
        "reply+x@example.org",
        "reply@example.org x",
        "a-name-that-is-too-long@example.org",
    ],
)
def test_an_address_for_replies_that_can_take_none_is_refused(tmp_path, address):
    done = start(tmp_path, NETWORK_REPLY_ADDRESS=address)
    assert done.returncode != 0
    assert "NETWORK_REPLY_ADDRESS must be an address like reply@example.org" in done.stderr
