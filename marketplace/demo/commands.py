"""``flask setup`` and ``flask demo``."""

from __future__ import annotations

import click
import flask_migrate
from flask import current_app

from marketplace.audit import service as audit
from marketplace.audit.models import AuditHead
from marketplace.bids import keys
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.demo import city
from marketplace.kernel.call import Actor, Call


@click.command("setup")
@click.option("--demo", "with_demo", is_flag=True, help="Make the demo city as well.")
def setup(with_demo: bool) -> None:
    """Bring the database up to date, begin the journal and make the sealing keys; harmless when repeated."""
    flask_migrate.upgrade()
    if db.session.get(AuditHead, 1) is None:
        begin_journal(_call("setup"))
    make_keys()
    if with_demo:
        build_city()


@click.command("demo")
def demo() -> None:
    """Make the demo city on an empty database."""
    make_keys()
    build_city()


@use_case
def begin_journal(call: Call) -> None:
    """Write the journal's first record and with it the head that orders all writers."""
    audit.record(call, "setup.begin", "system", None)


def make_keys() -> None:
    """Make the opener's pair of keys unless there is one."""
    config = current_app.extensions["config"]
    if not keys.public_path(config).exists():
        keys.make_keys(config)


def build_city() -> None:
    try:
        click.echo(city.build(_call("demo")))
    except city.NotEmpty as error:
        message = "The database is not empty; a demo city is only made on a fresh one. 数据库非空，未生成演示数据。"
        raise click.ClickException(message) from error


def _call(request_id: str) -> Call:
    return Call(Actor.system("setup"), current_app.extensions["clock"](), request_id)
