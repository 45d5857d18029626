"""Why a change by the model was made or only proposed, in words for the reviewer."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

RULES = {
    "repair": _("A small repair of a word that is in no dictionary, and the model is sure of it."),
    "misread-number": _("A number would change here. Numbers are left to you."),
    "name": _("This may be a name, and names are left to you."),
    "capitals": _("Words all in capitals are left to you."),
    "unsure": _("The model is not sure enough to change it by itself."),
    "not-a-word": _("The new wording is in no dictionary either."),
    "punctuation": _("Only the punctuation or the spacing would change."),
    "choice": _("The word is in no dictionary, and only this one is likely to be misread so."),
    "unsure-choice": _("The word is in no dictionary. This one is likely, but not likely enough."),
    "other-word": _("The word exists, but its shape and its neighbours make another one far likelier."),
    "blank": _("A blank was missing behind a sign, between two words."),
    "amount": _("A letter stood in an amount, and only one digit looks like it."),
    "date": _("A letter stood in a date, and only one digit looks like it."),
    "year": _("A letter stood in a year, and only one digit looks like it."),
    "checksum": _("A letter stood in a number with check digits, and now they are right."),
    "sum": _("A letter stood in an amount, and now the sum of the page is right."),
    "vocabulary": _("The vocabulary of this house has this word."),
    "replaced": _("A person replaced it here and in other places at once."),
}
"""By the name of the guard's rule; a rule without a sentence is shown by its name."""
