"""How many bytes a form may have: as many as the files it takes, and no more than any other where it takes none."""

from commons.files.forms import UploadsField


def most_bytes(view):
    """Return how many bytes of files the form of a view takes, in all its UploadsFields; the admin's views too."""
    return sum(
        field.most * field.most_bytes
        for field in _fields_of(view).values()
        if isinstance(field, UploadsField)
    )


def _fields_of(view):
    form = getattr(getattr(view, "view_class", None), "form_class", None)
    form = form or getattr(getattr(view, "model_admin", None), "form", None)
    return getattr(form, "base_fields", {})
