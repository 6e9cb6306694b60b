"""``flask audit …``: what an auditor runs, and the daily job of an installation."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from marketplace.audit import verify

audit = AppGroup("audit", help="The journal and the rules it proves.")


@audit.command("verify")
def verify_all() -> None:
    """Recompute journal, money, approvals, awards, sealing and capacity; exit with 1 and name the row of what is wrong."""
    found = verify.findings()
    for finding in found:
        click.echo(str(finding), err=True)
    if found:
        raise SystemExit(1)
    click.echo(f"Nothing is wrong: {', '.join(name for name, _check in verify.CHECKS)}.")
