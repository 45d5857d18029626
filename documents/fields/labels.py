"""The words beside key fields in English, German, French, Spanish, Czech and Danish."""

from __future__ import annotations

import re

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from documents.fields.characters import plain

TOTAL, NET, TAX, ROUNDING, SERVICE, DISCOUNT, PAID, CHANGE, COUNT, ITEM = (
    "total", "net", "tax", "rounding", "service", "discount", "paid", "change", "count", "item"
)  # fmt: skip
"""What an amount is for. ITEM is one without any of the words below."""

SURE, LIKELY, POSSIBLE = 1.0, 0.8, 0.4
"""How strongly a label speaks for its amount."""

_LABELS = (
    (COUNT, 1.0,
        r"total (of )?(qty|quantity|items?|saving|savings|discount|points?|pcs)\b|^(qty|quantity|points?|"
        r"item count)\b"),
    (CHANGE, 1.0,
        r"\bchange\b|ruckgeld|wechselgeld|a rendre|rendu|monnaie|\bcambio\b|vuelto|vraceno|vratit|"
        r"byttepenge"),
    (NET, 1.0, r"sub.?total|zwischensumme|sous.?total|mezisoucet|mellemsum"),
    (NET, 1.0,
        r"excl|without tax|before tax|exkl|\bohne\b.*(mwst|steuer)|hors taxe|\bh\.?t\.?\b|sin iva|bez dph|"
        r"ekskl|\bnetto|nettobetrag|base imponible|zaklad dane|total ht|taxable"),
    (TAX, 1.0, r"includes.*\b(gst|vat|tax)\b|\bdont tva|\benthalten|\bdarin\b"),
    (TOTAL, SURE,
        r"grand total|total (amount )?(due|payable|to pay)|amount (due|payable)|balance due|net+ total|"
        r"total gross|net+ amount|to(tal)? be paid"),
    (TOTAL, SURE,
        r"total.*(incl|rounded|after|with (gst|vat|tax)|ttc|iva incl)|(incl|inclusive).*total|"
        r"gesamtbetrag|endbetrag|endsumme|rechnungsbetrag|bruttobetrag|gesamtsumme|zu zahlen|zahlbetrag"),
    (TOTAL, SURE,
        r"net a payer|a payer|montant (total|du)|total a pagar|importe total|total factura|celkem k|"
        r"k uhrade|k zaplaceni|celkova (cena|castka)|i alt|at betale|til betaling"),
    (TOTAL, LIKELY, r"inclusive.*\b(gst|vat|tax)\b"),
    (ROUNDING, 1.0, r"round|rundung|arrondi|redondeo|zaokrouhl|afrunding|oreafr"),
    (TAX, 1.0,
        r"\b(gst|vat|tax|sst|mwst|mw\.?st\.?|ust|u\.?st\.?|mehrwertsteuer|umsatzsteuer|steuer|tva|t\.v\.a|"
        r"iva|i\.v\.a|dph|moms)\b"),
    (SERVICE, 1.0,
        r"serv(ice)?\.? (charge|chg|tax)|service charge|\bservice\b|bedienung|tip\b|gratuity|gebyr|"
        r"spropitne"),
    (DISCOUNT, 1.0, r"discount|\bdisc\b|rabatt|\bremise\b|descuento|\bsleva\b|\brabat\b|saving|voucher"),
    (PAID, 1.0,
        r"\bcash\b|\bvisa\b|master|\bamex\b|\bcredit\b|\bdebit\b|\bcard\b|tender|\bpaid\b|payment|\bbar\b|"
        r"gegeben|girocard|karte|\bespeces\b|\bcarte\b|\bcb\b|\bcheque\b|efectivo|tarjeta|hotov|\bkarta|"
        r"kontant|dankort|betalt"),
    (TOTAL, LIKELY, r"\btotal\b|\bsumme\b|\bgesamt\b|\bcelkem\b|\bsumma?\b|\btl\b|\btotaal\b|\bttl\b"),
    (TOTAL, POSSIBLE,
        r"\bamount\b|\bbetrag\b|\bmontant\b|\bimporte\b|\bbelob\b|\bcastka\b|\bnett?\b|\bgross\b|"
        r"\bbrutto\b"),
)  # fmt: skip
LABELS = tuple((role, weight, re.compile(words)) for role, weight, words in _LABELS)
"""Looked through from the top: the first that is found says what the amount is for."""

SUMMARY = re.compile(
    r"\b(gst|vat|tax|sst|mwst|tva|iva|dph|moms)\b.{0,8}\b(summary|analysis|breakdown|rate|satz|rekapitulace)"
)
"""Heads a table of taxes: its totals are not the total."""

DATE_WORDS = re.compile(r"\b(date|datum|dated|fecha|dato|data|dne|vom|le)\b|datum|dato\b")
INVOICE_DATE = re.compile(
    r"(invoice|bill|receipt|issue|tax|doc\w*) date|date of (invoice|issue)|(rechnungs|beleg|ausstellungs)datum|"
    r"date (de )?(la )?facture|date d.?emission|fecha (de )?(la )?(factura|emision|expedicion)|"
    r"datum vystaveni|fakturadato"
)
OTHER_DATE = re.compile(
    r"\bdue\b|fallig|echeance|vencimiento|splatnost|forfald|deliver|liefer|livraison|entrega|dodani|levering|order|"
    r"bestell|commande|pedido|objedn|print|expir|valid|gultig|best before|birth|\bact\b|exchange|until|period|since"
)
NUMBER_WORDS = re.compile(
    r"\b(?:tax ?|sales |cash )?(?:inv(?:oice)?|receipt|bill|doc(?:ument)?|trn|trans(?:action)?|slip|rechnungs?|"
    r"beleg|bon|facture|ticket|recu|factura|recibo|faktura|doklad|uctenka|kvittering|bilag)[-. ]{0,2}"
    r"(?:(?:n(?:o|r|um(?:ber|mer|ero)?|o\.s)?|c(?:islo)?|id)(?![a-z]))?[\s.:#°º-]*"
)
NOT_NUMBER = re.compile(
    r"\b(gst|vat|reg|company|co|tel|fax|phone|account|acc|konto|iban|ust|siret|ico|dic|cvr|tax id|"
    r"customer)\b"
)
NOT_SELLER = re.compile(
    r"tax ?invoice|\binvoice\b|receipt|rechnung|quittung|facture|factura|faktura|danov|uctenka|kvittering|kassenbon|"
    r"\btel\b|telephone|\bfax\b|www\.|https?:|@|\bgst\b|\breg\b|\bdate\b|cashier|welcome|willkommen|bienven|thank|"
    r"\bcopy\b|\bpage\b|\bcustomer\b|bill to"
)
LEGAL_FORM = re.compile(
    r"\b(sdn\.? ?bhd|bhd|ltd|limited|llc|inc|plc|gmbh|ag|kg|ohg|e\.?k|ug|s\.?a\.?r\.?l|sas|s\.?a|s\.?l|s\.?l\.?u|"
    r"s\.? ?r\.? ?o|a\.? ?s|aps|a/s|i/s|oy|ab)\b"
)
TRADE = re.compile(
    r"\b(co|corp|company|enterprises?|trading|restaurante?|restoran|cafe|hotel|stores?|market|supermarket|hardware|"
    r"pharmacy|apotheke|pharmacie|farmacia|lekarna|apotek|stationery|station|shop|bakery|backerei|"
    r"boulangerie|bistro|grocer|"
    r"industries|perniagaan|pasaraya|handel|verlag|werkstatt|editions|obchod|forlag)\b"
)

_WORDS = (
    "total subtotal amount change rounding rounded discount service charge payment inclusive excluding nett grand "
    "balance payable invoice number receipt summary cash item count tender date gesamtbetrag summe zwischensumme "
    "mehrwertsteuer rechnungsbetrag rechnung rundung datum montant facture importe factura celkem faktura betale"
)
WORDS = tuple(plain(_WORDS).split())
_TOKEN = re.compile(r"[a-z0-9|!]{4,}")


def label_of(text: str) -> str:
    """Return the text in plain letters, misread label words as they are spelt (`totai` is `total`)."""
    return _TOKEN.sub(lambda match: _spelt(match.group()), plain(text))


def _spelt(word: str) -> str:
    """Return the label word that this one is but for one letter (two in long ones), else the word itself."""
    read = word.translate(str.maketrans("01|!", "olll"))
    if read in WORDS or not any(character.isalpha() for character in word):
        return read if read in WORDS else word
    slips = 1 if len(read) < 8 else 2
    near = process.extractOne(read, WORDS, scorer=Levenshtein.distance, score_cutoff=slips)
    return near[0] if near and near[0][0] == read[0] and len(near[0]) == len(read) else word


def role_of(label: str) -> tuple[str, float]:
    """Return what the amount after `label` (as `label_of` gave it) is for, and how strongly the label says so."""
    for role, weight, words in LABELS:
        if words.search(label):
            return role, weight
    return ITEM, 0.0
