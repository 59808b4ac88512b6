"""The rows of a case study in forms: each table is a list of small forms, of which the empty ones are left out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.markup.render import clean_text

from .forms import TOO_LONG
from .models.rows import CostOrBenefit, Outcome, TakingPart
from .money import IN_ONE, read_amount

MOST_ROWS = 30
BLANK_ROWS = 2
MORE_ROWS = 3
MOST = 2**31 - 1
MOST_MONEY = 10**15  # pence: more than any budget, and within what the database holds
YEARS = (1000, 2999)


class RowForm(forms.ModelForm):
    """One row. Left empty it is no row; `heading` says what it is called, with its number."""

    heading = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)
            if "max_length" in field.error_messages or getattr(field, "max_length", None):
                field.error_messages["max_length"] = TOO_LONG

    def clean(self):
        values = super().clean()
        return {
            name: " ".join(clean_text(value).split()) if isinstance(value, str) else value
            for name, value in values.items()
        }

    def values(self):
        """Return the row as CaseStudy.store_rows() takes it."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    @classmethod
    def initial_of(cls, row):
        """Return how a kept row stands in the form."""
        return row


class TakingPartForm(RowForm):
    heading = _("People %(number)d")

    class Meta:
        model = TakingPart
        fields = ["role", "number", "words"]
        help_texts = {
            "number": _("If you know it."),
            "words": _("Such as “parents of children at the school”."),
        }
        error_messages = {"role": {"required": _("Choose who they are.")}}

    number = forms.IntegerField(
        label=_("How many"),
        required=False,
        min_value=0,
        max_value=MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8}),
        help_text=_("If you know it."),
        error_messages={
            "invalid": _("Enter a whole number, such as 12."),
            "min_value": _("Enter a whole number, such as 12."),
            "max_value": _("Enter a smaller number."),
        },
    )


class OutcomeForm(RowForm):
    heading = _("Outcome %(number)d")

    class Meta:
        model = Outcome
        fields = ["measure", "before", "after", "unit", "compared_with", "source", "period"]
        help_texts = {
            "measure": _("Such as “nights in hospital” or “people who know a neighbour by name”."),
            "unit": _("Such as nights, people or per cent."),
            "compared_with": _("Such as “the year before”, or people who did not take part."),
            "source": _("Who counted it, or where it is written."),
            "period": _("Such as “April 2019 to March 2020”."),
        }
        error_messages = {"measure": {"required": _("Say what was measured.")}}


class CostForm(RowForm):
    heading = _("Cost or benefit %(number)d")

    low = forms.CharField(label=_("Amount, or the least of a range"), help_text=_("Such as 12,500 or 2.50."))
    high = forms.CharField(
        label=_("The most of a range"), required=False, help_text=_("Leave it empty for one amount.")
    )
    price_year = forms.IntegerField(
        label=_("Prices of the year"),
        required=False,
        min_value=YEARS[0],
        max_value=YEARS[1],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
        error_messages={
            code: _("Enter the year as four digits, such as 2019.")
            for code in ("invalid", "min_value", "max_value")
        },
    )
    cash_releasing = forms.NullBooleanField(
        label=_("Does it free money that can be spent on something else?"),
        required=False,
        widget=forms.Select(choices=[("", _("I don’t know")), ("true", _("Yes")), ("false", _("No"))]),
    )

    class Meta:
        model = CostOrBenefit
        fields = [
            "holder", "flow", "about", "low", "high", "currency", "price_year", "recurrence", "period", "source",
            "cash_releasing",
        ]  # fmt: skip
        help_texts = {
            "holder": _("Whose budget it is, such as “the council” or “families”."),
            "source": _("Without a source it is shown, but not counted."),
        }
        error_messages = {
            "holder": {"required": _("Say who pays or gains.")},
            "flow": {"required": _("Choose whether they pay or gain.")},
            "currency": {"required": _("Choose a currency.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["low"].error_messages["required"] = _("Enter an amount, such as 12,500.")

    def clean_low(self):
        return self._amount("low")

    def clean_high(self):
        return self._amount("high") if self.cleaned_data["high"].strip() else None

    def _amount(self, name):
        try:
            amount = read_amount(self.cleaned_data[name])
        except ValueError:
            raise forms.ValidationError(
                _("Enter an amount in figures, such as 12,500 or 2.50."), code="no_amount"
            ) from None
        if amount > MOST_MONEY:
            raise forms.ValidationError(_("Enter a smaller amount."), code="amount_too_large")
        return amount

    def clean(self):
        values = super().clean()
        low, high = values.get("low"), values.get("high")
        if low is not None and high is not None and high < low:
            self.add_error(
                "high",
                forms.ValidationError(_("A range goes up: enter the larger amount here."), code="range"),
            )
        return values

    @classmethod
    def initial_of(cls, row):
        return {**row, "low": _typed(row["low"]), "high": "" if row["high"] is None else _typed(row["high"])}


def _typed(amount):
    """Return an amount as a person would type it: 12500 for £12,500, 2.50 for £2.50."""
    whole, part = divmod(amount, IN_ONE)
    return f"{whole}.{part:02d}" if part else str(whole)


class RowFormSet(forms.BaseFormSet):
    """The rows of one table. `numbered()` gives each with its heading, for the template."""

    default_error_messages = {
        "missing_management_form": _("The rows did not arrive whole. Check them, and save again."),
        "too_many_forms": _("There is room for %(num)d rows. Check them, and save again."),
    }

    def numbered(self):
        return [
            (str(form.heading) % {"number": number}, form) for number, form in enumerate(self.forms, start=1)
        ]

    def initial_form_count(self):
        """Rows that were sent are all alike: one that was there before may be left empty, and is gone then."""
        return 0 if self.is_bound else super().initial_form_count()

    def clean(self):
        """A number below nought would be no rows at all, and those that are kept would be gone."""
        if self.management_form.cleaned_data["TOTAL_FORMS"] < 0:
            raise forms.ValidationError(
                self.error_messages["missing_management_form"], code="missing_management_form"
            )

    def rows(self):
        """Return the rows that say something, as CaseStudy.store_rows() takes them."""
        return [form.values() for form in self.forms if form.has_changed()]

    def problems(self):
        """Return (id of the input or heading, message) of each error in the rows, for the summary."""
        whole = [(self.heading_id, error) for error in self.non_form_errors()]
        return whole + [
            (field.id_for_label, error) for form in self.forms for field in form for error in field.errors
        ]

    @property
    def heading_id(self):
        return f"rows-{self.prefix}"

    def next_row_id(self):
        """Return the id that the first of more empty rows will have on the page."""
        return f"{self.prefix}-row-{len(self.forms) + 1}"

    def hush(self):
        """Say nothing of what is wrong: they asked for more rows and have not finished."""
        self.full_clean()
        self._errors, self._non_form_errors = [], self.error_class()
        for form in self.forms:
            form.errors.clear()


def row_forms(form_class, prefix, kept, data=None, more=False):
    """Return the RowFormSet of a table: what is kept and some blank rows, or what was sent, with `more` blank ones."""
    initial = [form_class.initial_of(row) for row in kept]
    made = forms.formset_factory(
        form_class, formset=RowFormSet, extra=BLANK_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    )
    if data is None:
        return made(initial=initial, prefix=prefix)
    if more:
        data = data.copy()
        total = f"{prefix}-TOTAL_FORMS"
        sent = data.get(total, "")
        number = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 4 else len(initial)
        data[total] = str(min(number + MORE_ROWS, MOST_ROWS))
    return made(data, initial=None, prefix=prefix)
