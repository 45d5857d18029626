from __future__ import annotations

import pytest

from documents.correction.base import Alternative, Other, RawLine, RawWord
from documents.correction.blanks import missing_blanks
from documents.correction.channel import Page, in_its_case, suggest
from documents.correction.choosing import Chooser, choose_words
from documents.correction.confusions import ACCENT, LIKELY, misreading_cost
from documents.correction.doubts import Doubt, all_words, doubtful_words, parts_of_cut_words
from documents.correction.lexicon import lexicon_for
from documents.correction.spelling import spellings

ENGLISH = lexicon_for("en")


def chosen(*lines: RawLine | str, language: str = "en", kind: str = "prose") -> list[tuple[str, str, bool]]:
    raw = [line if isinstance(line, RawLine) else RawLine(line) for line in lines]
    changes = choose_words(raw, range(len(raw)), lexicon=lexicon_for(language), kind=kind)
    return [(change.before, change.after, change.applied) for change in changes]


@pytest.mark.parametrize(
    ("read", "true", "cost"),
    [("the", "the", 0.0), ("tbe", "the", LIKELY), ("Payrnent", "payment", LIKELY), ("rici", "řici", ACCENT)],
)
def test_a_misreading_costs_what_it_is_unlikely(read, true, cost):
    assert misreading_cost(read, true) == cost


@pytest.mark.parametrize(
    ("read", "true"),
    [("tbe", "the"), ("rnodern", "modern"), ("helllo", "hello"), ("wrold", "world"), ("inv0ice", "invoice"),
     ("ofthe", "of the"), ("tot@l", "total"), ("agrcernent", "agreement")],
)  # fmt: skip
def test_it_finds_what_a_word_may_have_been(read, true):
    assert true in spellings(read, ENGLISH)


def test_in_a_word_with_digits_only_these_are_undone():
    assert spellings("inv0lce", ENGLISH) == {}


@pytest.mark.parametrize(
    ("read", "word", "cased"),
    [("Inv0ice", "invoice", "Invoice"), ("TOTA1", "total", "TOTAL"), ("onSaturday", "on saturday", "on Saturday"),
     ("tbe", "the", "the"), ("McCali", "mccall", "McCall"), ("BRobert", "robert", "Robert"),
     ("Iroyal", "royal", "royal"), ("pricAte", "private", "private"), ("SEnIOuS", "serious", "SERIOUS"),
     ("lhnen", "ihnen", "Ihnen")],
)  # fmt: skip
def test_it_keeps_the_capitals_that_were_read(read, word, cased):
    assert in_its_case(read, word) == cased


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("we could hear tbe rain", ["tbe"]),
        ("12345 AB-2041/7 1,23O.00", []),
        ("write to info@tebrau.com or www.tebrau.com", []),
        ("the com- mittee met", []),  # one word in two parts
        ("Thomas's well-known house", []),
        ("the Tot@l, of «wrold»", ["Tot@l", "wrold"]),
    ],
)
def test_it_doubts_words_that_no_lexicon_has(line, words):
    assert [doubt.text for doubt in doubtful_words(RawLine(line), ENGLISH)] == words


def test_the_first_part_of_a_line_that_goes_on_is_not_doubted():
    assert doubtful_words(RawLine("mittte met"), ENGLISH, continued=True) == []


def test_both_parts_of_a_cut_word_know_the_whole():
    lines = [RawLine("the (com-"), RawLine("rnittee, here")]
    parts = list(parts_of_cut_words(lines, ENGLISH))
    assert [(line, part.start, part.text, part.word) for line, part in parts] == [
        (0, 5, "com", "comrnittee"), (1, 0, "rnittee", "comrnittee"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [("the ex-", "president"), ("a com-", "", "rnittee"), ("pages 12-", "rnittee"), ("a com", "rnittee"),
     ("aui-", "jourd'hui"), ("a com-", "rn1ttee")],
)  # fmt: skip
def test_not_all_that_stands_at_a_hyphen_is_a_cut_word(lines):
    assert list(parts_of_cut_words([RawLine(line) for line in lines], ENGLISH)) == []


def test_a_part_of_a_cut_word_is_put_right_in_its_own_line():
    assert chosen("we heard the com-", "rnittee of the house") == [("rnittee", "mittee", True)]
    assert chosen("we heard the cornrnit-", "tee of the house") == [("cornrnit", "commit", True)]
    assert chosen("we heard the com-", "mittee of the house") == []


def test_what_was_misread_in_a_cut_word_is_evidence_but_not_its_other_part():
    chooser = Chooser([RawLine("we heard the com-"), RawLine("rnittee of the house")], ENGLISH, "prose")
    chooser.weighed_again([choice for line in (0, 1) for choice in chooser.choices(line)])
    assert set(chooser.page.misreadings) >= {("r", "m"), ("n", "")}
    assert not any("com" in change for change in chooser.page.misreadings)


def test_readings_that_differ_in_signs_are_one():
    others = (Other(0, 4, "hear.", "tesseract", 0.2), Other(0, 4, "hear;", "rapidocr", 0.1))
    (word,) = all_words(RawLine("hoar", others=others), ENGLISH)
    assert [(other.text, round(other.confidence, 3)) for other in word.others] == [("hear", 0.3)]


def test_it_chooses_a_word_without_a_rival():
    assert chosen("a rnodern house") == [("rnodern", "modern", True)]


def test_it_does_not_choose_among_many_like_words():
    assert all(not applied for _before, _after, applied in chosen("they saw a hcd there and a mcn and a sct"))


def test_it_leaves_names_that_no_word_is_like():
    assert all(not applied for _before, _after, applied in chosen("Kuala Tebrau Johor Jalan Besar"))


@pytest.mark.parametrize(
    ("line", "language", "after"),
    [
        ("das ist nicht rnehr wahr", "de", "mehr"),
        ("c'est bcaucoup trop", "fr", "beaucoup"),
        ("está rnuy bien", "es", "muy"),
        ("Jirí byl v tabore", "cs", "Jiří"),
    ],
)
def test_it_works_in_every_language_that_has_a_lexicon(line, language, after):
    assert after in [change[1] for change in chosen(line, language=language)]


def test_what_another_engine_read_wins():
    other = Other(9, 13, "hear", "tesseract", 0.4)
    assert chosen(RawLine("we could hoar it")) == [("hoar", "hear", False)]
    assert chosen(RawLine("we could hoar it", others=(other,))) == [("hoar", "hear", True)]


@pytest.mark.parametrize(
    ("read", "other", "language"),
    [("temporere", "temporære", "da"), ("cest", "c’est", "fr"), ("zučastniti", "zúčastniti", "cs")],
)
def test_what_another_engine_read_is_a_candidate_though_no_list_has_it(read, other, language):
    doubt = Doubt(0, len(read), read, 0.4, (Other(0, len(read), other, "tesseract", 0.3),))
    found = {word.text: word.read for word in suggest(doubt, lexicon_for(language), Page({}))}
    assert found[other] == 0.3


@pytest.mark.parametrize("other", ["1l", "x'ear", "a", "hear-"])
def test_what_is_spelt_like_no_word_is_none(other):
    doubt = Doubt(0, 4, "hoar", 0.4, (Other(0, 4, other, "tesseract", 0.3),))
    assert other not in [word.text for word in suggest(doubt, ENGLISH, Page({}))]


def test_a_word_on_no_list_keeps_the_capitals_of_the_engine_that_read_it():
    read, other = "myNEWScarellne", "myNEWScareline"
    doubt = Doubt(0, len(read), read, 0.4, (Other(0, len(read), other, "tesseract", 0.3),))
    assert other in [word.text for word in suggest(doubt, ENGLISH, Page({}))]


def test_a_word_of_the_house_is_not_chosen_away():
    line = RawLine("Gluck", 0.4, (RawWord(0, 5, 0.4),), (Other(0, 5, "Glück", "tesseract", 0.45),))
    assert list(Chooser([line], lexicon_for("de"), "prose").choices(0))
    assert not list(Chooser([line], lexicon_for("de").with_house(["Gluck"]), "prose").choices(0))


def test_less_is_asked_of_a_word_that_another_engine_read():
    def bar(read: str, true: str, others: tuple[Other, ...] = (), language: str = "de") -> float:
        line = RawLine(read, 0.5, (RawWord(0, len(read), 0.5),), others)
        (choice,) = Chooser([line], lexicon_for(language), "prose").choices(0)
        assert choice.wordings[0] == true
        return choice.threshold

    accent = (Other(0, 6, "können", "tesseract", 0.45),)
    assert bar("konnen", "können", accent) < bar("konnen", "können")
    assert bar("Hausern", "Häusern", (Other(0, 7, "Häusern", "tesseract", 0.4),)) < bar("Hausern", "Häusern")


def test_a_word_that_the_page_has_elsewhere_is_a_candidate():
    (first, *_rest) = suggest(Doubt(0, 14, "Theresienstaclt", None), ENGLISH, Page({"theresienstadt": 3}))
    assert first.text == "Theresienstadt"


def test_a_page_of_figures_is_changed_less():
    assert chosen("the grcen mat") == [("grcen", "green", True)]
    assert all(not applied for _before, _after, applied in chosen("the grcen mat", kind="receipt"))


def test_a_known_word_gives_way_to_one_that_its_neighbours_and_its_shape_want():
    assert chosen("the house on tie hill") == [("tie", "the", True)]
    assert chosen("dans lé monde", language="fr") == []  # an accent alone tells too little
    assert chosen("the sad man sat on the end of the bed") == []


def test_what_is_misread_in_some_words_of_a_page_is_misread_in_others():
    alone = choose_words([RawLine("this is artiohokes")], [0], lexicon=ENGLISH, kind="prose")
    lines = [RawLine(text) for text in ("the oamp was closed", "the ohildren whioh came", "this is artiohokes")]
    among_others = choose_words(lines, range(3), lexicon=ENGLISH, kind="prose")
    assert among_others[-1].after == "artichokes"
    assert among_others[-1].margin > (alone[-1].margin if alone else -9)


def test_an_accent_is_put_on_where_the_page_has_its_like():
    with_accents = "Příliš žluťoučký kůň úpěl ďábelské ódy, a děti běžely přes náměstí. "
    without = "Prilis zlutoucky kun upel dabelske ody, a deti bezely pres namesti. "

    def odds(page: str) -> float:
        chooser = Chooser([RawLine(page), RawLine("to je velky rozdil")], lexicon_for("cs"), "prose")
        return next(c.ranked[0][1] for c in chooser.choices(1) if c.doubt.text == "rozdil")

    assert odds(with_accents) > odds(without)


def test_words_that_run_together_are_parted():
    assert "prisoner was then indicted" in spellings("prisonerwasthenindicted", ENGLISH, rare=True)


def test_a_misread_part_of_a_compound_is_found():
    assert "bedsteforældrene" in spellings("bedsteforeldrene", lexicon_for("da"), rare=True)


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("we came,and they went", "we came, and they went"),
        ("that was all.Then they went", "that was all. Then they went"),
        ("see example.com and this.that", None),  # an address
        ("No:he and CHAR:GE and 3,and a.m.,", None),
        ("Leopoldstadt,Wien", None),  # no words of the lexicon
    ],
)
def test_it_puts_in_blanks_behind_signs_between_known_words(line, after):
    found = [(change.after, change.rule) for change in missing_blanks([RawLine(line)], [0], ENGLISH)]
    assert bool(found) == bool(after)
    assert all(rule == "blank" and blank[1:] == " " for blank, rule in found)


def test_it_tells_what_else_could_stand_there():
    line = RawLine("we heard tbe rain", 0.5, (RawWord(9, 12, 0.4),), (Other(9, 12, "she", "tesseract", 0.1),))
    (change,) = choose_words([line], [0], lexicon=ENGLISH, kind="prose")
    assert Alternative("she", "tesseract") in change.alternatives or change.after == "she"
