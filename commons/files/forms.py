"""The field in which a form takes files: what was chosen is kept until the form is saved, whatever else was wrong."""

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .accepted import accept_attribute, words_for
from .checking import check, clean_name
from .models import StoredFile
from .receiving import LeftOut, no_room
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
    has already. A file that is refused says why; the others are kept, and shown when the form is shown again. The same
    file twice is one; where one file is taken, a new one takes the place of the one that was there. Without a help
    text of its own a field says what is taken.
    """

    widget = UploadsWidget
    default_error_messages = {
        "required": _("Choose a file."),
        "too_many_files": _("Choose %(limit)d files or fewer: there are %(number)d now."),
        "kept_file_gone": _("A file that you chose earlier is no longer here. Choose it again."),
    }

    def __init__(self, *, accepted, most=1, most_bytes, help_text="", **kwargs):
        super().__init__(help_text=help_text or _hint(accepted, most, most_bytes), **kwargs)
        self.accepted, self.most, self.most_bytes = accepted, most, most_bytes
        self.member, self.attached = None, []
        self.widget.attrs["accept"] = accept_attribute(accepted)
        self.widget.attrs["multiple"] = most > 1

    def bind(self, member, attached=()):
        self.member, self.attached = member, list(attached)
        self.widget.attached = self.widget.there = self.attached

    def clean(self, value):
        problems = []
        there = self._kept(value["kept"], problems)
        new = [file for file in (self._stored(upload, there, problems) for upload in value["new"]) if file]
        if self.most == 1 and new:
            there = new[:1]  # it takes the place of what was there
        self.widget.there = there
        if self.required and not there and not problems:
            problems.append(self._problem("required"))
        if len(there) > self.most:
            problems.append(self._problem("too_many_files", limit=self.most, number=len(there)))
        if problems:
            raise ValidationError(problems)
        return there

    def _kept(self, values, problems):
        """Return the files that hidden fields name and that may be used here, each once."""
        found = [self._there(each) for each in values]
        if None in found:
            problems.append(self._problem("kept_file_gone"))
        return list(dict.fromkeys(file for file in found if file))

    def _there(self, value):
        """Return the StoredFile that a hidden field names, if it may be used here, else None."""
        by_token = {file.token: file for file in self.attached}
        return by_token.get(value) or StoredFile.objects.kept_for(self.member, value)

    def _stored(self, upload, there, problems):
        """Return the StoredFile of an upload, added to `there`; the one that is there already if it is the same."""
        try:
            if isinstance(upload, LeftOut):
                raise no_room(clean_name(upload.name))
            file = self._keep(upload, there)
        except ValidationError as problem:
            problems.extend(problem.error_list)
            return None
        if file not in there:
            there.append(file)
        return file

    def _keep(self, upload, there):
        """Check an upload and return it as a StoredFile; the one that is `there` already if it is the same."""
        facts = check(upload, self.accepted, most_bytes=self.most_bytes)
        same = next((file for file in there if file.sha256 == facts.sha256), None)
        return same or store(upload, facts, self.member)

    def _problem(self, code, **params):
        return ValidationError(self.error_messages[code], code=code, params=params)

    def has_changed(self, initial, value):
        return bool(value["new"])


def _hint_now(accepted, most, most_bytes):
    limit = (
        _now("%(size)d MB each at most, %(most)d files at most.")
        if most > 1
        else _now("%(size)d MB at most.")
    )
    sizes = {"most": most, "size": most_bytes // (1024 * 1024)}
    return f"{words_for(accepted)}. {limit % sizes}"


_hint = lazy(_hint_now, str)  # what is taken, and how large it may be, in words


def words_about(file):
    """Return what is said of a file beside its name, such as "PDF, 1.2 MB, 12 pages"."""
    words = [str(file.file_type.label), filesizeformat(file.size)]
    if file.pages:
        words.append(ngettext("%(number)d page", "%(number)d pages", file.pages) % {"number": file.pages})
    return ", ".join(map(str, words))
