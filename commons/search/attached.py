"""The words of attached files, as far as search keeps them: which files an entry has words of, and what those are."""

from commons.contributions.models import Role
from commons.files.models import FileText, State

from .querysets import FILES_LENGTH
from .words import clean


def files_from(item):
    """Return the tokens of a contribution's files that have words, in their order, joined by commas. From its card."""
    return ",".join(
        entry["token"]
        for entry in item.card.get("files", [])
        if entry["role"] == Role.FILE and entry["state"] == State.READ and entry["has_text"]
    )


def put_words_into(entries):
    """Let unsaved entries hold the words of the files that they name in `files_from`. One query, none without files."""
    tokens = [token for entry in entries for token in _tokens(entry)]
    texts = {}
    if tokens:
        texts = dict(FileText.objects.filter(file__token__in=tokens).values_list("file__token", "text"))
    for entry in entries:
        words = " ".join(texts.get(token, "") for token in _tokens(entry))
        entry.files = clean(words[:FILES_LENGTH])[:FILES_LENGTH]


def _tokens(entry):
    return [token for token in entry.files_from.split(",") if token]
