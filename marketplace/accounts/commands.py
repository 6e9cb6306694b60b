"""``flask accounts …``: the first administrators of an installation; every later one needs two of them."""

from __future__ import annotations

import uuid

import click
from flask import current_app
from flask.cli import AppGroup

from marketplace.accounts import granting
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.errors import Refused

accounts = AppGroup("accounts", help="The first administrators.")


@accounts.command("found")
@click.option("--name", prompt="Name", help="The person's name.")
@click.option("--email", prompt="E-mail address", help="Where the link goes that confirms the account.")
@click.option("--identity", prompt="Identity document's number", hide_input=True, help="Only a keyed digest is stored.")
@click.option("--password", prompt="Password", hide_input=True, confirmation_prompt=True)
def found(name: str, email: str, identity: str, password: str) -> None:
    """Open the account of one of the two first administrators."""
    call = Call(Actor.system("founding"), current_app.extensions["clock"](), uuid.uuid4().hex[:16])
    try:
        account = granting.found(call, name=name, email=email, identity_number=identity, password=password)
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"account {account.id} is an administrator once {account.email} is confirmed by the mailed link")
