from __future__ import annotations

import json
from collections.abc import Sequence

from documents.correction.base import Brief, Candidate, Question, RawLine, RawWord
from documents.correction.correct import correct_lines

# The word alone has too many likes, so that a model has to be asked.
PROSE = "The house was quiet and we could hear the lain."
FIXED = "The house was quiet and we could hear the rain."


class Scripted:
    """A corrector that answers from a table and remembers what it was asked."""

    name = "scripted"

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers, self.asked, self.languages, self.briefs = answers, [], [], []

    def propose(self, lines: Sequence[str], *, language: str, brief: Brief) -> list[Candidate]:
        self.asked += lines
        self.languages.append(language)
        self.briefs.append(brief)
        return [Candidate(self.answers.get(line, line), 6.0) for line in lines]


class Opinionated(Scripted):
    """One that has an opinion on words as well."""

    def __init__(self, nats: float) -> None:
        super().__init__({})
        self.nats, self.questions = nats, []

    def weigh(self, questions: Sequence[Question], *, language: str, brief: Brief) -> list[list[float | None]]:
        self.questions += questions
        return [[self.nats] * len(question.wordings) for question in questions]


def test_it_asks_about_doubtful_prose_only_and_keeps_the_line_count():
    corrector = Scripted({PROSE: FIXED})
    lines = ["", "TOTAL 12.50", PROSE, "All of this is quite well written."]
    correction = correct_lines(corrector, lines, language="en", kind="prose")
    assert corrector.asked == [PROSE]
    assert correction.lines == ("", "TOTAL 12.50", FIXED, "All of this is quite well written.")
    assert [(change.line, change.before) for change in correction.changes] == [(2, "lain.")]
    assert (correction.sent, correction.clean, correction.broken) == (1, 2, ())


def test_it_does_not_ask_about_what_the_words_alone_tell():
    corrector = Scripted({})
    assert correct_lines(corrector, ["a rnodern house"], language="en").lines == ("a modern house",)
    assert corrector.asked == []


def test_it_sends_nothing_in_a_language_that_the_model_does_not_know():
    corrector = Scripted({PROSE: FIXED})
    correction = correct_lines(corrector, [PROSE], language="fr", languages=frozenset({"en"}))
    assert (correction.sent, correction.lines, corrector.asked) == (0, (PROSE,), [])


def test_it_chooses_words_in_languages_that_the_model_does_not_know():
    correction = correct_lines(Scripted({}), ["Das ist nicht rnehr wahr"], language="de", languages=frozenset({"en"}))
    assert correction.lines == ("Das ist nicht mehr wahr",)
    assert correction.sent == 0


def test_it_guesses_a_language_that_nobody_named():
    corrector = Scripted({PROSE: FIXED})
    assert correct_lines(corrector, [PROSE], languages=frozenset({"en"})).lines == (FIXED,)
    assert corrector.languages == ["en"]


def test_it_sends_nothing_of_a_text_without_words():
    assert correct_lines(Scripted({}), ["12 34 -- 5.00"]).sent == 0


def test_it_leaves_a_line_that_the_engine_could_not_read_and_names_it():
    lines = [RawLine(PROSE, 0.1), RawLine(PROSE, 0.9)]
    correction = correct_lines(Scripted({PROSE: FIXED}), lines, language="en")
    assert correction.lines == (PROSE, FIXED)
    assert correction.broken == (0,)


def test_it_hears_the_models_opinion_on_a_word():
    lines = ["it was a mizt of tools"]
    assert correct_lines(Opinionated(9.0), lines, language="en").lines == ("it was a mist of tools",)
    assert correct_lines(Opinionated(-12.0), lines, language="en").lines == tuple(lines)


def test_it_asks_for_no_opinion_on_a_word_that_the_engines_are_sure_of():
    model = Opinionated(9.0)
    line = RawLine("we could hear tho rain", None, (RawWord(14, 17, 0.97),))
    correction = correct_lines(model, [line], language="en")
    assert (model.questions, model.asked, correction.sent) == ([], [], 0)


def test_it_says_how_sure_it_is_and_what_else_it_might_be():
    (change,) = correct_lines(Scripted({}), ["a rnodern house"], language="en").changes
    assert (change.before, change.after, change.rule) == ("rnodern", "modern", "choice")
    assert change.margin is not None and change.margin > 0.5


def test_a_word_of_the_house_is_never_changed():
    line = "we could hear tbe rain"
    assert correct_lines(Scripted({line: "we could hear the rain"}), [line], language="en", terms=["TBE"]).lines == (
        line,
    )


def test_a_word_of_the_house_is_meant_where_it_was_misread():
    line = "the letter came from Theresienstaclt again"
    correction = correct_lines(Scripted({}), [line], language="en", terms=["Theresienstadt"])
    assert correction.lines == ("the letter came from Theresienstadt again",)


def test_the_model_is_told_which_words_of_the_house_may_be_meant():
    corrector = Scripted({})
    correct_lines(corrector, ["the qzvvx letter from Tebrxxu came"], language="en", terms=["Tebrau", "Kuala"])
    assert [brief.terms for brief in corrector.briefs] == [("Tebrau",)]


def test_it_gives_a_result_that_can_be_stored_as_json():
    correction = correct_lines(Scripted({PROSE: FIXED}), [PROSE], language="en")
    stored = json.loads(json.dumps(correction.to_json()))
    assert stored["changes"][0]["after"] == "rain."
