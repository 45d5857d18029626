"""Names of people, firms and places, and codes: what has to be copied, not understood. From Faker's lists (MIT)."""

from __future__ import annotations

import random
import string
from functools import lru_cache

from faker import Faker

LOCALES = {
    "en": ("en_GB", "en_US"), "es": ("es_ES", "es_MX"), "fr": ("fr_FR",), "de": ("de_DE", "de_AT"),
    "cs": ("cs_CZ",), "da": ("da_DK",),
}  # fmt: skip

# Kinds of company and of place that Faker's lists lack and receipts of other countries are full of.
_FOREIGN = ("SDN BHD", "(M) Sdn Bhd", "Pty Ltd", "S.A.", "N.V.", "B.V.", "Oy", "AB", "a.s.", "s.r.o.", "A/S", "ApS",
            "GmbH", "& Co. KG", "SARL", "S.L.", "Inc.", "Ltd.", "PLC", "LLP", "& Sons", "Bros.", "S.p.A.")  # fmt: skip
_ABBREVIATIONS = """Amt Qty Ref Incl Excl Acct Dept Mfg Intl Govt Asst Bldg Rd Ave Blvd Jln Lot Tmn Kpg Str. Nr. č.
    čp. ul. nám. bd. av. vej st. tv. th. Pl. Km p.a. c/o z.B. d.h. bzw. p.ex. etc.""".split()


@lru_cache(maxsize=8)
def _faker(language: str) -> Faker:
    return Faker(list(LOCALES[language]))


class Names:
    """Names in one language's country."""

    def __init__(self, language: str, chance: random.Random) -> None:
        """Open Faker's lists; `chance` decides everything, Faker's own choices too."""
        self._chance = chance
        self._faker = _faker(language)

    def person(self) -> str:
        """Return a person's name."""
        return self._asked("name")

    def firm(self) -> str:
        """Return a firm's name, one time in three with another country's form of company."""
        firm = self._asked("company")
        return f"{firm} {self._chance.choice(_FOREIGN)}" if self._chance.random() < 0.33 else firm

    def address(self) -> str:
        """Return a postal address in one line."""
        return ", ".join(self._asked("address").splitlines())

    def town(self) -> str:
        """Return a town's name."""
        return self._asked("city")

    def phone(self) -> str:
        """Return a telephone number."""
        return self._asked("phone_number")

    def line(self) -> str:
        """Return a line of a letterhead, a list of people or a visiting card."""
        make = self._chance.choice([
            self.person, self.firm, self.address, self.address,
            lambda: f"{self.person()}, {self.town()}",
            lambda: f"{self._asked('street_address').splitlines()[0]}, {self.town()}",
            lambda: f"{self._asked('job')}: {self.person()}",
            lambda: f"{self._asked('email')}",
            lambda: f"www.{self._asked('domain_name')}",
            lambda: " ".join(self._chance.choices(_ABBREVIATIONS, k=2)) + f" {self.person()}",
        ])  # fmt: skip
        return make()

    def codes(self) -> str:
        """Return one to four codes: numbers of articles, accounts, files, cars."""
        make = [lambda: self._asked("iban"), self.code, self.code, self.code, self.digits, lambda: self._asked("ean")]
        return " ".join(self._chance.choice(make)() for _ in range(self._chance.randint(1, 4)))

    def code(self) -> str:
        """Return a code of letters and digits, such as "SO-00412/7B"."""
        alphabet = {"A": string.ascii_uppercase, "9": string.digits, "x": string.ascii_uppercase + string.digits}
        shape = self._chance.choice(
            ["AA-99999", "A9999", "999999-A", "AAA/99/9999", "xxxx-xxxx", "AA99 AAA", "9.9.99", "A-999", "99/A/9999",
             "xxxxxxxxxx", "AAA 999", "Z9999", "99-99-99", "AA9999999", "9999 9999 9999", "(999999-A)"]
        )  # fmt: skip
        return "".join(self._chance.choice(alphabet[sign]) if sign in alphabet else sign for sign in shape)

    def digits(self) -> str:
        """Return 4 to 13 digits."""
        return "".join(self._chance.choices(string.digits, k=self._chance.randint(4, 13)))

    def _asked(self, what: str) -> str:
        self._faker.seed_instance(self._chance.getrandbits(32))
        return str(getattr(self._faker, what)())
