"""The sentences that explain a vote: its rule, its secrecy, its outcome."""

from fractions import Fraction

from core.kernel.text import T, Text, counted
from core.proposals.chart import option_name
from core.proposals.model import AGAINST, FOR, Proposal, Sort, State

_HALF = Fraction(1, 2)


def title_of(one: Proposal) -> Text:
    """Return the title, or that it was erased."""
    return T("{title}", title=one.title) if one.title else T("(erased)")


def rule_in_force(one: Proposal) -> Text:
    """Return the rule that was copied at the opening, in words."""
    if one.sort is Sort.POLL:
        if one.rule.method == "approval":
            return T("Rule: choose as many as you like; the option with most votes wins.")
        return T("Rule: one choice each; the option with most votes wins.")
    share = T("{share} of the votes for and against are for", share=_needed(one))
    if not one.rule.quorum:
        return T(
            "Rule: passes if {share}, whoever takes part. Everyone who was here at the opening "
            "may vote.",
            share=share,
        )
    return counted(
        one.rule.quorum,
        "Rule: passes if at least 1 person takes part, and {share}. Everyone who was here at "
        "the opening may vote; abstaining counts as taking part.",
        "Rule: passes if at least {n} people take part, and {share}. Everyone who was here at "
        "the opening may vote; abstaining counts as taking part.",
        share=share,
    )


def _needed(one: Proposal) -> Text:
    """Return the share that had to be for, in words."""
    if one.rule.threshold == _HALF:
        return T("more than half")
    if one.rule.threshold == 1:
        return T("all")
    return T("at least {share}", share=one.rule.threshold)


def secrecy(_: Proposal) -> Text:
    """Return what is secret, until when and from whom."""
    return T(
        "Secret: until the close nobody sees how the votes stand, and who chose what is never "
        "shown. That you voted is visible. Whoever runs this bot could look into its database."
    )


def outcome(one: Proposal) -> Text:
    """Return the result in one sentence."""
    assert one.result is not None
    record = one.result
    where = State(record["outcome"])
    if one.sort is Sort.PROPOSAL:
        return _proposal_outcome(one)
    if where is State.EMPTY:
        return T("Nobody voted, so nothing was chosen.")
    first = option_name(one, record["winners"][0])
    if where is State.DECIDED:
        return T("{winner} wins.", winner=first)
    listed = first
    for at in record["winners"][1:]:
        listed = T("{some}, {more}", some=listed, more=option_name(one, at))
    return T("It is a tie between {winners}.", winners=listed)


def _proposal_outcome(one: Proposal) -> Text:
    assert one.result is not None
    record = one.result
    in_favour, against = record["totals"][FOR], record["totals"][AGAINST]
    figures = T("{f} for, {a} against", f=in_favour, a=against)
    if record["outcome"] == State.PASSED:
        return T("Passed: {figures}.", figures=figures)
    if not record["gates"]["quorum"]:
        return counted(
            one.rule.quorum,
            "Not passed: {turnout} took part, 1 was needed ({figures}).",
            "Not passed: {turnout} took part, {n} were needed ({figures}).",
            turnout=record["turnout"],
            figures=figures,
        )
    if in_favour == against and in_favour > 0:
        return T("Not passed: a tie ({figures}), and a tie is never a pass.", figures=figures)
    if in_favour == against:
        return T("Not passed: nobody voted for or against.")
    if in_favour < against:
        return T("Not passed: {figures}.", figures=figures)
    return T(
        "Not passed: {figures}, and {share} had to be for.", figures=figures, share=_needed(one)
    )
