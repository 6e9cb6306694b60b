"""The opener's commands: ``flask bids …``. They run where the private keys are, outside the web process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from marketplace.bids import holders, keyring, keys, openings, service
from marketplace.bids.holders import Holder
from marketplace.bids.workflow import Scheme
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.errors import Refused
from marketplace.orders.models import Order

bids = AppGroup("bids", help="Keys for sealed bids, and their opening.")
HOLDER = click.option(
    "--holder",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A holder's key file; give two for openings whose key is split. Each passphrase is asked for.",
)


@bids.command("make-keys")
def make_keys() -> None:
    """Make the opener's standing pair of keys, once."""
    try:
        public, private = keys.make_keys(current_app.extensions["config"])
    except FileExistsError as error:
        raise click.ClickException(f"{error} exists. Sealed bids need that key; nothing was changed.") from error
    keys.publish_verify_key(current_app.extensions["config"])
    click.echo(f"public key (for the site): {public}")
    click.echo(f"private key (for the opener only; keep a copy in a safe): {private}")


@bids.command("enrol-holder")
@click.argument("name")
@click.argument("target", type=click.Path(path_type=Path))
@click.password_option("--passphrase", prompt="Passphrase of this holder")
def enrol_holder(name: str, target: Path, passphrase: str) -> None:
    """Write the locked key file of one of the three holders to TARGET, which should be the holder's own medium."""
    try:
        holders.enrol(name, passphrase, target)
    except FileExistsError as error:
        raise click.ClickException(f"{error} exists; nothing was changed.") from error
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{target}: key file of {name}. Take it away from this machine; {len(holders.found())} of 3 enrolled.")


@bids.command("prepare-keys")
def prepare_keys() -> None:
    """Make the keys of published orders that have none yet (the worker does it every minute)."""
    _each(keyring.unprepared(), service.prepare_keys, "key ready")


@bids.command("prove-keys")
@HOLDER
def prove_keys(files: Sequence[Path]) -> None:
    """Let every key prove that it opens; split ones need two holders."""
    call, present = _call("prove-keys"), _unlocked(files)
    schemes = [Scheme.FILE, Scheme.SPLIT] if present else [Scheme.FILE]
    failed = [row for row in keyring.due_for_proof(call.now, schemes) if not service.prove(call, row, present)]
    for row in failed:
        click.echo(f"order {row.order_id}: the {row.part} key did not open its probe", err=True)
    if failed:
        raise SystemExit(1)
    click.echo("every key that was due opens its probe")


@bids.command("open-due")
@HOLDER
def open_due(files: Sequence[Path]) -> None:
    """Open the bids, and later the prices, of every order whose opening two people have confirmed."""
    present, now = _unlocked(files), current_app.extensions["clock"]()
    ended = _opened(openings.confirmed_orders(now), lambda call, key: service.open_bids(call, key, present))
    ended &= _opened(openings.confirmed_prices(), lambda call, key: service.open_prices(call, key, present))
    if not ended:
        raise SystemExit(1)


@bids.command("key-lost")
@click.argument("reference")
@click.option("--prices", is_flag=True, help="The key of the prices is lost, not that of the bids.")
@click.confirmation_option(prompt="Every bid stays closed until its bidder brings it again. Is the key lost for good?")
def key_lost(reference: str, prices: bool) -> None:
    """Conclude a confirmed opening whose key is gone: each bidder may bring the bid again, which must match the commitment."""
    order = db.session.scalar(db.select(Order).where(Order.reference == reference))
    if order is None:
        raise click.ClickException(f"no order is called {reference}")
    act = service.open_prices if prices else service.open_bids
    if not _opened([order.id], lambda call, key: act(call, key, key_lost=True)):
        raise SystemExit(1)


def _call(name: str) -> Call:
    return Call(Actor.system("opener"), current_app.extensions["clock"](), name)


def _unlocked(files: Sequence[Path]) -> list[Holder]:
    """Ask each holder for the passphrase; it is typed hidden and kept nowhere."""
    present = []
    for path in files:
        try:
            present.append(holders.unlock(path, click.prompt(f"Passphrase for {path.name}", hide_input=True)))
        except Refused as refused:
            raise click.ClickException(f"{path.name}: {refused.code}") from refused
    return present


def _opened(order_ids: Sequence[int], act: Callable[[Call, int], Order]) -> bool:
    ended = True
    for order_id in order_ids:
        try:
            order = act(_call("open-due"), order_id)
            click.echo(f"{order.reference}: {order.state}")
        except Refused as refused:
            ended = False
            click.echo(f"order {order_id}: {refused.code}", err=True)
    return ended


def _each(order_ids: Sequence[int], act: Callable[[Call, int], Order], done: str) -> None:
    if not _opened(order_ids, act):
        raise SystemExit(1)
    if order_ids:
        click.echo(f"{len(order_ids)}: {done}")
