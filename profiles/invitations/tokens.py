"""What stands in the links of an invitation, and what is kept of an e-mail address: both made with the site's secret.

A link holds the invitation's number and a signature, so that nothing in the database opens an invitation.
"""

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

INVITATION_SALT = "profiles.invitations.link"
STOP_SALT = "profiles.invitations.stop"
ADDRESS_SALT = "profiles.invitations.address"
SEPARATOR = "."  # a mail program leaves it in a link


def token_for(pk):
    """Return what stands in the link of the invitation with this number."""
    return Signer(salt=INVITATION_SALT, sep=SEPARATOR).sign(pk)


def read_token(token):
    """Return the number of the invitation that a link was made for, or None."""
    try:
        return int(Signer(salt=INVITATION_SALT, sep=SEPARATOR).unsign(token))
    except BadSignature:
        return None


def digest_of(address):
    """Return the keyed hash by which a letter box is known again: "ann+news@..." is the one of "ann@..."."""
    name, _at, host = address.strip().lower().rpartition("@")
    return salted_hmac(ADDRESS_SALT, f"{name.partition('+')[0]}@{host}", algorithm="sha256").hexdigest()


def stop_token_for(digest):
    """Return what stands in the link by which the owner of an address wants no more invitations."""
    return Signer(salt=STOP_SALT, sep=SEPARATOR).sign(digest)


def read_stop_token(token):
    """Return the keyed hash that a stopping link was made for, or None."""
    try:
        return Signer(salt=STOP_SALT, sep=SEPARATOR).unsign(token)
    except BadSignature:
        return None
