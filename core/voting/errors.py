"""This file is what can be wrong with a ballot, a question or a count: facts with a sentence."""

from typing import ClassVar

from core.voting.words import Sentence, Value


class VotingError(ValueError):
    """Something the asker can mend: a class is a fact and owns its sentence."""

    template: ClassVar[str]

    def __init__(self, **values: Value) -> None:
        super().__init__(self.template)
        self.values = values

    @property
    def sentence(self) -> Sentence:
        """Return the template and its values, for a renderer to escape and translate."""
        return Sentence(self.template, self.values)

    def __str__(self) -> str:
        return self.template.format_map(self.values)


class BallotError(VotingError):
    """What somebody wrote is not a ballot."""


class Empty(BallotError):
    template = "Nothing is chosen. Write at least one option, by its text or its number."


class UnknownOption(BallotError):
    template = 'There is no option "{written}". The options are: {options}.'


class Twice(BallotError):
    template = '"{option}" is there twice. Name each option once.'


class TooMany(BallotError):
    template = "You named {named} options; at most {most} may be chosen."


class NoNumber(BallotError):
    template = 'How much for "{option}"? Write a whole number after it, as in "{option} 3".'


class OutOfRange(BallotError):
    template = '"{option}" got {given}; write a whole number from {least} to {most}.'


class OverBudget(BallotError):
    template = "Your ballot costs {cost}; you have {budget} to spend."


class SameRank(BallotError):
    template = '"{first}" and "{second}" share a rank. Put one before the other with ">".'


class NotAnAnswer(BallotError):
    template = '"{written}" is not an answer. Write yes, if need be, or no after an option.'


class Malformed(BallotError):
    template = "A stored ballot cannot be read: {reason}."


class QuestionError(VotingError):
    """The options or limits of a decision are not ones that can be counted."""


class TooFewOptions(QuestionError):
    template = "A decision needs at least {least} options; here are {given}."


class TooManyOptions(QuestionError):
    template = "A decision can have at most {most} options; here are {given}."


class BadOption(QuestionError):
    template = '"{option}" cannot be an option: {reason}.'


class SameOption(QuestionError):
    template = '"{option}" is there twice among the options. Give each its own text.'


class OneSeatOnly(QuestionError):
    template = '"{method}" finds one winner; for {seats} seats choose a method that fills several.'


class NoSeats(QuestionError):
    template = "There must be at least one seat; {seats} were given."


class BadLimit(QuestionError):
    template = '"{limit}" of {method} must be between {least} and {most}; {given} was given.'


class UnknownLimit(QuestionError):
    template = '{method} has no limit called "{limit}".'


class MissingLimit(QuestionError):
    template = '{method} needs "{limit}".'


class BadWeight(QuestionError):
    template = "A ballot's weight must be a whole number from zero up; {given} was given."
