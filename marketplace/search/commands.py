"""``flask relevance …``: the index of site search, the vectors of texts, and what judgements say about the ranking."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import AppGroup

from marketplace.kernel.call import Actor, Call
from marketplace.rounds import encoding
from marketplace.search import learning, service

if TYPE_CHECKING:
    from marketplace.matching.relevance.feedback import Figures

HOUR = 3600.0

relevance = AppGroup("relevance", help="Search and ranking.")


def command_call() -> Call:
    """Return the call of a command: the system, now."""
    return Call(Actor.system("relevance"), current_app.extensions["clock"](), uuid.uuid4().hex[:16])


@relevance.command("rebuild")
def rebuild() -> None:
    """Make the index of site search anew from the database, and the vectors that are lacking."""
    call = command_call()
    for name, number in service.rebuild(call).items():
        click.echo(f"{name}: {number}")
    click.echo(f"vectors lacking: {encoding.encode(call, HOUR)}")


@relevance.command("evaluate")
def evaluate() -> None:
    """Say how well the ranking agrees with what staff and enterprises decided."""
    call = command_call()
    click.echo(f"new judgements: {service.collect_judgements(call)}")
    click.echo(told(learning.evaluate(call)))


@relevance.command("train")
def train() -> None:
    """Learn from judgements; nothing is put to use that does no better on judgements it has not seen."""
    call = command_call()
    click.echo(f"new judgements: {service.collect_judgements(call)}")
    learned = learning.train(call)
    if learned is None:
        click.echo("too few judgements to learn from: the weights stay")
        return
    click.echo(f"held back, present weights: {told(learned.before)}")
    click.echo(f"held back, learned weights: {told(learned.after)}")
    if learned.better:
        click.echo("the learned weights are in use now")
    elif learned.enough:
        click.echo("they are no better: the weights stay")
    else:
        click.echo("too few judgements are held back to tell: the weights stay")


def told(figures: Figures) -> str:
    """Return the figures in one line."""
    return (
        f"{figures.questions} orders, {figures.pairs} pairs, Kendall loss {figures.loss:.4f}, NDCG@5 {figures.ndcg:.4f}"
    )
