"""Pictures in a text: the fields in which a form takes them, and what a text shows of them."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.files.accepted import PICTURES, accept_attribute
from commons.files.models import StoredFile
from commons.files.picture_storing import store_picture
from commons.files.pictures import MOST_BYTES
from commons.markup.pictured import Picture, line_for
from commons.markup.render import clean_text

from .attaching import Chosen
from .models.attachment import Role

MOST = 12
DESCRIPTION_LENGTH = 300
THUMBNAIL = 120  # pixels, of the longer side
# A picture is named by the beginning of its token: the same while it is being written and ever after.
NAME_LENGTH = 8
FILE, WORDS = "picture", "picture_words"
NAMED = re.compile(rf"{FILE}_([\w-]{{{NAME_LENGTH}}})\Z", re.ASCII)
MESSAGES = {
    "picture_undescribed": gettext_lazy("Describe the picture, or take it out."),
    "picture_not_chosen": gettext_lazy("Choose a picture first."),
    "picture_words_alone": gettext_lazy("Choose the picture that you describe, or empty its description."),
    "picture_gone": gettext_lazy(
        "A picture that you chose earlier is no longer here: it was kept for an hour. Choose it again."
    ),
    "too_many_pictures": gettext_lazy("There can be %(limit)d pictures at most. Take one out first."),
    "picture_words_too_long": gettext_lazy(
        "Shorten the description to %(limit_value)d characters or fewer (it has %(show_value)d)."
    ),
}


def name_of(file):
    """Return what a text calls a picture (StoredFile)."""
    return file.token[:NAME_LENGTH]


def pictures_of(contribution):
    """Return {name: Picture} of what belongs to the version that stands, for markup.render(). One query, or two."""
    attached = contribution.attachments.current().filter(role=Role.PICTURE).select_related("file")
    attached = attached.prefetch_related("file__renditions")
    return {name_of(each.file): as_shown(each.file, each.description) for each in attached}


def as_shown(file, description):
    """Return the Picture of a StoredFile. No query with `renditions` prefetched."""
    sizes = sorted([file, *file.renditions.all()], key=lambda size: size.width)
    webps = tuple((size.get_absolute_url(), size.width) for size in sizes if size.type == file.type)
    plain = next((size for size in sizes if size.type != file.type), file)
    return Picture(description, plain.get_absolute_url(), webps, file.width, file.height)


class WordsInput(forms.TextInput):
    """A line of text with the button below it that adds the picture which it describes."""

    template_name = "contributions/picture_words.html"


class DescriptionField(forms.CharField):
    """What describes one picture, in one line. That it may not be empty, and when, is for PictureFields to say."""

    def to_python(self, value):
        return " ".join(clean_text(super().to_python(value)).split())

    def validate(self, value):
        pass


class PictureFields:
    """The part of a contribution's form that takes pictures: fields of it, made as they are needed.

    A picture that is chosen is kept as soon as the form is sent, whatever else is wrong, and is then in the form with
    a description, a box to take it out, and the line that places it. `there` is {name: StoredFile}, in order: those of
    the item, then those just uploaded. Those of the item need not be named by what is sent: only a ticked box takes one
    out.
    """

    def __init__(self, form, member):
        self.form, self.member = form, member
        form.data = form.data.copy()  # what a browser sent is not to be changed
        self.there, self.names, self.problems = {}, {FILE, WORDS}, []
        self.asked, self.added = False, ""
        form.fields[FILE] = forms.FileField(
            label=_("Add a picture to the text"),
            required=False,
            help_text=_(
                "JPEG, PNG, WebP, AVIF or GIF, %(limit)d MB at most. Where and when it was taken is removed. Of a "
                "moving picture we keep the first frame. A picture that your text doesn’t place stands below it."
            )
            % {"limit": MOST_BYTES // (1024 * 1024)},
            widget=forms.FileInput(attrs={"accept": accept_attribute(PICTURES)}),
        )
        form.fields[WORDS] = DescriptionField(
            label=_("Describe the new picture for those who can’t see it"),
            required=False,
            max_length=DESCRIPTION_LENGTH,
            help_text=_("Say what you would say of it on the telephone."),
            error_messages={"max_length": MESSAGES["picture_words_too_long"]},
            widget=WordsInput,
        )
        others = [name for name in form.fields if name not in (FILE, WORDS)]
        place = others.index("body") + 1
        form.order_fields([*others[:place], FILE, WORDS, *others[place:]])
        self.attached = self._attached()
        self._find()

    def _attached(self):
        """Return {name: Attachment} of the item's pictures, also those of earlier versions. One query, or none."""
        if not self.form.instance.pk:
            return {}
        found = self.form.instance.attachments.filter(role=Role.PICTURE).select_related("file")
        return {name_of(each.file): each for each in found}

    def _find(self):
        """Find the pictures that are there, and give each its fields."""
        sent = self.form.data if self.form.is_bound else self.form.initial
        named = {found[1]: sent[key] for key in list(sent) if (found := NAMED.match(key))}
        files = {name: each.file for name, each in self.attached.items() if each.current or name in named}
        kept = []
        for name in [name for name in named if name not in files][: 2 * MOST]:
            file = StoredFile.objects.kept_for(self.member, named[name]) if self.member else None
            if file is not None and name_of(file) == name:
                kept.append(file)
            elif "picture_gone" not in self.problems and not self._was_used(name):
                self.problems.append("picture_gone")
        files |= {name_of(file): file for file in sorted(kept, key=lambda file: file.pk)}
        prefetch_related_objects(list(files.values()), "renditions")
        for name, file in files.items():
            self._add(name, file)

    def _was_used(self, name):
        """Whether a picture became one of an item's meanwhile: the same form was sent before."""
        used = StoredFile.objects.of(self.member).filter(token__startswith=name, in_use=True)
        return self.member is not None and used.exists()

    def _add(self, name, file, description=None):
        """Give a picture its fields, below the others'."""
        form, number = self.form, len(self.there) + 1
        token, words, out = f"{FILE}_{name}", f"{FILE}_{name}_words", f"{FILE}_{name}_out"
        attached = self.attached.get(name)
        form.fields[token] = forms.CharField(widget=forms.HiddenInput, required=False)
        form.fields[words] = DescriptionField(
            label=_("Picture %(number)d: describe it for those who can’t see it") % {"number": number},
            max_length=DESCRIPTION_LENGTH,
            error_messages={"max_length": MESSAGES["picture_words_too_long"]},
        )
        form.fields[words].widget.attrs.pop("maxlength", None)
        form.fields[out] = forms.BooleanField(
            label=_("Take picture %(number)d out") % {"number": number}, required=False
        )
        values = form.data if form.is_bound else form.initial
        values[token] = file.token if attached else file.sign()
        if description is not None or words not in values:
            values[words] = description or (attached.description if attached else "")
        form.fields[words].help_text = self._about(file, values[words])
        self.there[name] = file
        self.names |= {token, words, out}
        place = list(form.fields).index(FILE)
        others = [each for each in form.fields if each not in (token, words, out)]
        form.order_fields([*others[:place], token, words, out, *others[place:]])

    def _about(self, file, words):
        """Return what stands beside a description: the picture, its name and size, and the line that places it."""
        scale = min(1, THUMBNAIL / max(file.width, file.height))
        smallest = as_shown(file, "").webps[0][0]
        return format_html(
            '<img src="{}" alt="" width="{}" height="{}" loading="lazy"> {}, {}. {}<br><code>{}</code>',
            smallest,
            max(1, round(file.width * scale)),
            max(1, round(file.height * scale)),
            file.name,
            filesizeformat(file.size),
            _("To place it, put this line where it belongs in your text:"),
            line_for(name_of(file), words),
        )

    def take_in(self):
        """Keep the picture that was sent with the form, before its fields are cleaned."""
        upload = self.form.files.get(FILE)
        self.asked = upload is not None
        if upload is None:
            return
        self.form.files = self.form.files.copy()
        self.form.files.pop(FILE)
        try:
            file = store_picture(upload, self.member)
        except ValidationError as problem:
            self.problems.extend(problem.error_list)
            return
        self._add(name_of(file), file, self.form.data.get(WORDS, ""))
        self.form.data[WORDS] = ""
        self.added = name_of(file)

    def check(self, *, adding, described):
        """Add what is wrong to the form's errors. `adding`: they asked for no more than to add the picture."""
        form = self.form
        if adding and self.added:
            form.fields[f"{FILE}_{self.added}_words"].widget.attrs["autofocus"] = True
        for problem in self.problems:
            form.add_error(FILE, problem if isinstance(problem, ValidationError) else _error(problem))
        if not self.asked and (adding or form.cleaned_data.get(WORDS)):
            form.add_error(FILE, _error("picture_not_chosen" if adding else "picture_words_alone"))
        kept = [name for name in self.there if not form.cleaned_data.get(f"{FILE}_{name}_out")]
        if len(kept) > MOST:
            form.add_error(FILE, _error("too_many_pictures"))
        for name in kept:
            words = f"{FILE}_{name}_words"
            if described and form.cleaned_data.get(words) == "":
                form.add_error(words, _error("picture_undescribed"))

    def chosen(self):
        """Return the pictures that are to belong to the item, as attaching.Chosen. Of a form that is cleaned."""
        values = self.form.cleaned_data
        return [
            Chosen(file, Role.PICTURE, values.get(f"{FILE}_{name}_words", ""))
            for name, file in self.there.items()
            if not values.get(f"{FILE}_{name}_out")
        ]

    def shown(self):
        """Return them for markup.render(), as pictures_of() does."""
        return {name_of(each.file): as_shown(each.file, each.description) for each in self.chosen()}


def _error(code):
    return ValidationError(MESSAGES[code], code=code, params={"limit": MOST})
