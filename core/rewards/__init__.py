"""Rewards: part of a pool, shared out at the end of each epoch."""

from core.kernel.feature import Feature
from core.rewards import exports, verifying
from core.rewards.commands import COMMANDS

FEATURE = Feature("rewards", commands=COMMANDS, verify=verifying.verify, export=exports.export)

__all__ = ["FEATURE"]
