"""The field in which a form takes files: what was chosen is kept until the form is saved, whatever else was wrong."""

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from .accepted import accept_attribute
from .checking import check
from .models import StoredFile
from .storing import store


class UploadsWidget(forms.FileInput):
    """A file input below the files that are already there, each with a box to leave it out again."""

    template_name = "files/uploads.html"
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        getlist = getattr(files, "getlist", lambda _name: [])
        kept = data.getlist(f"{name}_kept") if hasattr(data, "getlist") else data.get(f"{name}_kept", [])
        return {"new": getlist(name), "kept": kept}

    def value_omitted_from_data(self, data, files, name):
        return False

    def format_value(self, value):
        return value

    def get_context(self, name, value, attrs):
        context = super().get_context(name, None, attrs)
        context["widget"]["there"] = [
            {"value": self.value_for(file), "name": file.name, "words": words_about(file)}
            for file in self.there
        ]
        return context

    there = ()
    attached = ()

    def value_for(self, file):
        """Return what names a file in the form: one that is attached by its token, one just uploaded signed."""
        return file.token if file in self.attached else file.sign()


class UploadsField(forms.Field):
    """Takes up to `most` files of the types `accepted`; gives a list of StoredFile, in order.

    `bind(member, attached)` must be called before the form is cleaned: whose the uploads are, and which files the item
    has already. A file that is refused says why; the others are kept, and shown when the form is shown again.
    """

    widget = UploadsWidget
    default_error_messages = {
        "required": _("Choose a file."),
        "too_many_files": _("Choose %(limit)d files or fewer."),
    }

    def __init__(self, *, accepted, most=1, most_bytes, **kwargs):
        super().__init__(**kwargs)
        self.accepted, self.most, self.most_bytes = accepted, most, most_bytes
        self.member, self.attached = None, []
        self.widget.attrs["accept"] = accept_attribute(accepted)
        if most > 1:
            self.widget.attrs["multiple"] = True

    def bind(self, member, attached=()):
        self.member, self.attached = member, list(attached)
        self.widget.attached = self.widget.there = self.attached

    def clean(self, value):
        there = [file for file in map(self._there, value["kept"]) if file]
        problems = []
        for upload in value["new"]:
            try:
                facts = check(upload, self.accepted, most_bytes=self.most_bytes)
                there.append(store(upload, facts, self.member))
            except ValidationError as problem:
                problems.extend(problem.error_list)
        self.widget.there = there
        if self.required and not there and not problems:
            problems.append(ValidationError(self.error_messages["required"], code="required"))
        if len(there) > self.most:
            problems.append(
                ValidationError(
                    self.error_messages["too_many_files"],
                    code="too_many_files",
                    params={"limit": self.most},
                )
            )
        if problems:
            raise ValidationError(problems)
        return there

    def _there(self, value):
        """Return the StoredFile that a hidden field names, if it may be used here, else None."""
        by_token = {file.token: file for file in self.attached}
        return by_token.get(value) or StoredFile.objects.kept_for(self.member, value)

    def has_changed(self, initial, value):
        return bool(value["new"])


def words_about(file):
    """Return what is said of a file beside its name, such as "PDF, 1.2 MB, 12 pages"."""
    words = [str(file.file_type.label), filesizeformat(file.size)]
    if file.pages:
        words.append(_("%(number)d pages") % {"number": file.pages})
    return ", ".join(map(str, words))
