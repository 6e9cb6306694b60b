"""The opener's commands: ``flask bids …``."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from marketplace.bids import keys, openings, service
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.errors import Refused

bids = AppGroup("bids", help="Keys for sealed bids, and their opening.")


@bids.command("make-keys")
def make_keys() -> None:
    """Make the opener's pair of keys, once."""
    try:
        public, private = keys.make_keys(current_app.extensions["config"])
    except FileExistsError as error:
        raise click.ClickException(f"{error} exists. Sealed bids need that key; nothing was changed.") from error
    click.echo(f"public key (for the site): {public}")
    click.echo(f"private key (for the opener only; keep a copy in a safe): {private}")


@bids.command("open-due")
def open_due() -> None:
    """Open the bids of every order whose opening two people have confirmed."""
    now = current_app.extensions["clock"]()
    call = Call(Actor.system("opener"), now, "open-due")
    failed = False
    for order_id in openings.confirmed_orders(now):
        try:
            order = service.open_bids(call, order_id)
            click.echo(f"{order.reference}: {order.state}")
        except Refused as refused:
            failed = True
            click.echo(f"order {order_id}: {refused.code}", err=True)
    if failed:
        raise SystemExit(1)
