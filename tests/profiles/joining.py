"""What the tests of joining and signing in share."""

import re

from tests.factories import PASSWORD

JOIN = "/accounts/signup/"
SENT = "/accounts/confirm-email/"
INACTIVE = "/accounts/inactive/"


def answers(**changed):
    """What somebody types to join."""
    return {
        "display_name": "Ann Lee",
        "email": "ann@example.org",
        "password1": PASSWORD,
        "old_enough": "on",
        "terms": "on",
        **changed,
    }


def path_in(message, part):
    """Return the path of the link in a message that contains `part`."""
    return re.search(rf"http://[^/\s]+(/\S*{part}\S*)", message.body)[1]


def confirm(client, message):
    """Open the confirming link and press its button; return the answer."""
    path = path_in(message, "confirm-email")
    assert client.get(path).status_code == 200
    return client.post(path)


def sign_in(client, email, password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


def signed_in(client):
    return "_auth_user_id" in client.session
