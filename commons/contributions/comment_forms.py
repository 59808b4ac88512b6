"""The form in which a member answers, or changes what they answered: all rules of input are here."""

import unicodedata
import uuid

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from commons.markup.render import clean_text

from .forms import FollowChoice
from .models import Comment

MOST = 2**31 - 1


class CommentTextForm(forms.ModelForm):
    """The text of a comment. `kind` is the Kind of what it stands on, which says what it is called there."""

    class Meta:
        model = Comment
        fields = ["body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 10})}
        help_texts = {"body": _("You can format it, and write @ and a username to name somebody.")}
        error_messages = {
            "body": {
                "required": _("Write your text first."),
                "max_length": _(
                    "Shorten the text to %(limit_value)d characters or fewer (it has %(show_value)d)."
                ),
            }
        }

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].label = kind.comment
        self.fields["body"].strip = False
        # A browser cuts what is pasted at maxlength without a word; the server says so and keeps it.
        self.fields["body"].widget.attrs.pop("maxlength", None)

    def hidden_values(self):
        """Return (name, value) of the hidden fields, as their inputs carry them."""
        values = ((field.html_name, field.value()) for field in self.hidden_fields())
        return [(name, "" if value is None else value) for name, value in values]

    def clean_body(self):
        body = clean_text(self.cleaned_data["body"])
        if not any(unicodedata.category(character)[0] not in "CZ" for character in body):
            raise forms.ValidationError(_("Write your text first."), code="required")
        return body


class CommentForm(FollowChoice, CommentTextForm):
    """A new comment. The hidden `form_key` makes one form one comment; `seen` is the last number its page knew.

    `asked` says that what came since `seen` was shown: then it is published all the same.
    """

    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=MOST)
    asked = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("form_key", uuid.uuid4())

    def clean_form_key(self):
        return self.cleaned_data["form_key"] or uuid.uuid4()


class EmptyCommentForm:
    """A CommentForm that nobody has filled in, made when one of its fields is drawn: kept HTML never needs that.

    `seen` is the last number in the conversation, `follows` whether the box to follow it is ticked.
    """

    def __init__(self, kind, *, seen, follows):
        self.kind, self.seen, self.follows = kind, seen, follows

    @cached_property
    def form(self):
        return CommentForm(kind=self.kind, initial={"seen": self.seen, "follow": self.follows})

    def visible_fields(self):
        return self.form.visible_fields()

    def hidden_values(self):
        """Return (name, value) of the hidden fields, those of the form with a key of their own."""
        return [("follow_asked", True), ("form_key", uuid.uuid4()), ("seen", self.seen), ("asked", "")]


class CommentEditForm(CommentTextForm):
    """A change to one's own comment; `version` notices that another was saved meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=MOST)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", self.instance.version)
