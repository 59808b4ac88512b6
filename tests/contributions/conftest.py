"""Fixtures for replying by e-mail: a site that takes it, a member and what they answer."""

import pytest

from commons.contributions.models import Follow
from tests.factories import make_member, make_thread


@pytest.fixture
def takes_replies(settings):
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"
    settings.NETWORK_REPLY_ADDRESS = "reply@network.example.org"
    settings.DEFAULT_FROM_EMAIL = "Network <network@network.example.org>"


@pytest.fixture
def ann(db, takes_replies):
    return make_member("Ann Lee", email="ann.lee@example.org")


@pytest.fixture
def thread(ann):
    """A thread that Ann Lee follows and can answer."""
    thread = make_thread(title="Who pays?")
    Follow.objects.set(ann, thread, follows=True)
    return thread
