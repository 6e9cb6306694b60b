"""The ``flask …`` commands of the whole application; rooms keep theirs in ``<room>/commands.py``."""

from __future__ import annotations

import subprocess
import sys

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import Migrate

from marketplace.accounts.commands import accounts
from marketplace.audit.commands import audit
from marketplace.bids.commands import bids
from marketplace.config import ROOT
from marketplace.db.base import db
from marketplace.demo.commands import demo, setup
from marketplace.imports.commands import import_group
from marketplace.jobs import queue
from marketplace.rounds.commands import rounds
from marketplace.search.commands import relevance

jobs = AppGroup("jobs", help="Background work.")


@jobs.command("work")
@click.option("--workers", default=2, show_default=True, help="Jobs done side by side.")
def work(workers: int) -> None:
    """Do queued jobs until stopped."""
    # Compiles the engine's inner loops unless that was done before, so that no round waits for it.
    warming = subprocess.Popen([sys.executable, "-m", "marketplace.matching.decomposition"])
    queue.sweep()
    consumer = current_app.extensions["huey"].create_consumer(
        workers=workers, worker_type="thread", initial_delay=0.05, max_delay=0.5, backoff=1.15, graceful_signal="TERM"
    )
    try:
        consumer.run()
    finally:
        warming.terminate()  # whoever stops the worker stops all that it started


@jobs.command("sweep")
def sweep() -> None:
    """Wake a worker for forgotten jobs and for those whose worker died."""
    click.echo(f"{queue.sweep()} jobs woken")


def install(app: Flask) -> None:
    """Add the commands to ``app``, those of migrations too (``flask db``)."""
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    app.cli.add_command(audit)
    app.cli.add_command(jobs)
    app.cli.add_command(bids)
    app.cli.add_command(accounts)
    app.cli.add_command(rounds)
    app.cli.add_command(import_group)
    app.cli.add_command(relevance)
    app.cli.add_command(setup)
    app.cli.add_command(demo)
