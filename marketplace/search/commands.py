"""``flask relevance …``: the index of site search."""

from __future__ import annotations

import uuid

import click
from flask import current_app
from flask.cli import AppGroup

from marketplace.kernel.call import Actor, Call
from marketplace.search import service

relevance = AppGroup("relevance", help="Search and ranking.")


def command_call() -> Call:
    """Return the call of a command: the system, now."""
    return Call(Actor.system("relevance"), current_app.extensions["clock"](), uuid.uuid4().hex[:16])


@relevance.command("rebuild")
def rebuild() -> None:
    """Make the index of site search anew from the database."""
    for name, number in service.rebuild(command_call()).items():
        click.echo(f"{name}: {number}")
