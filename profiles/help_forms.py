"""The lines of a profile's form on which a member says what they can offer and what they would like help with."""

from crispy_forms.layout import Div, Fieldset
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.markup.render import clean_text
from commons.tagging import vocabulary

from .help_lines import LINE_LENGTH, MOST_OF_A_SORT, Help, HelpLine, lines_of

BLANK_ROWS = 2
LEGENDS = {
    Help.OFFER: gettext_lazy("What you can offer"),
    Help.WANT: gettext_lazy("What you would like help with"),
}
LABELS = {
    Help.OFFER: gettext_lazy("I can offer (%(number)d)"),
    Help.WANT: gettext_lazy("I would like help with (%(number)d)"),
}
PRINCIPLE, SECTOR = "principle", "sector"


class HelpRows:
    """For ProfileForm: a text and a topic for each line. Left out of a post altogether, the lines stay as they are."""

    def add_help_rows(self):
        """Add the fields of all rows, with what the member has as their beginning."""
        topics = _topics()
        for sort in Help:
            for number in range(1, MOST_OF_A_SORT + 1):
                self.fields[_name(sort, number)] = forms.CharField(
                    label=LABELS[sort] % {"number": number}, max_length=LINE_LENGTH, required=False
                )
                self.fields[_topic(sort, number)] = forms.ChoiceField(
                    label=_("What this is about (%(number)d)") % {"number": number},
                    choices=topics,
                    required=False,
                )
        for sort, lines in self._present_lines().items():
            for number, line in enumerate(lines, start=1):
                self.initial.setdefault(_name(sort, number), line.text)
                self.initial.setdefault(_topic(sort, number), _value(line))

    def help_fieldsets(self):
        """Return the parts of the form's layout: the rows that are filled, and some to fill."""
        return [
            Fieldset(
                LEGENDS[sort],
                *(
                    Div(_name(sort, number), _topic(sort, number))
                    for number in range(1, min(MOST_OF_A_SORT, self._last_filled(sort) + BLANK_ROWS) + 1)
                ),
            )
            for sort in Help
        ]

    def clean_help_rows(self, values):
        """Take the rows out of cleaned `values`, and give them back as HelpLines, or not at all when none was sent."""
        lines = []
        for sort in Help:
            for number in range(1, MOST_OF_A_SORT + 1):
                text = " ".join(clean_text(values.pop(_name(sort, number), "")).split())
                topic = values.pop(_topic(sort, number), "")
                if text:
                    lines.append(_line(sort, text, topic))
                elif topic:
                    self.add_error(
                        _name(sort, number),
                        ValidationError(
                            _("Say in a few words what it is, or choose “Nothing in particular” beside it."),
                            code="help_without_words",
                        ),
                    )
        if any(_name(sort, 1) in self.data for sort in Help):
            values["help_lines"] = lines

    def _present_lines(self):
        found = {sort: [] for sort in Help}
        for line in lines_of(self.instance) if self.instance.pk else ():
            found[line.sort].append(line)
        return found

    def _last_filled(self, sort):
        """Return the number of the last row of a sort that holds anything, or 0."""
        holding = self.data if self.is_bound else self.initial
        filled = [
            number
            for number in range(1, MOST_OF_A_SORT + 1)
            if holding.get(_name(sort, number)) or holding.get(_topic(sort, number))
        ]
        return max(filled, default=0)


def _topics():
    terms = vocabulary.current()
    return [
        ("", _("Nothing in particular")),
        (_("Principles"), [(f"{PRINCIPLE}-{term.pk}", term.name) for term in terms.principles.values()]),
        (_("Service sectors"), [(f"{SECTOR}-{term.pk}", term.name) for term in terms.sectors.values()]),
    ]


def _line(sort, text, topic):
    """Return an unsaved HelpLine; `topic` is a value that its field offers."""
    name, _dash, pk = topic.partition("-")
    about = {f"{name}_id": int(pk)} if pk else {}
    return HelpLine(sort=sort, text=text, **about)


def _value(line):
    if line.principle_id:
        return f"{PRINCIPLE}-{line.principle_id}"
    return f"{SECTOR}-{line.sector_id}" if line.sector_id else ""


def _name(sort, number):
    return f"{sort.value}_{number}"


def _topic(sort, number):
    return f"{sort.value}_{number}_topic"
