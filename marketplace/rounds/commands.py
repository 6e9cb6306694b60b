"""``flask rounds …``: whether stored runs still come out as they were stored."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from marketplace.db.base import db
from marketplace.rounds.models import Run
from marketplace.rounds.workflow import HAS_RESULT

rounds = AppGroup("rounds", help="Rounds and their runs.")


@rounds.command("replay")
@click.argument("run_id", type=int, required=False)
@click.option("--last", default=20, show_default=True, help="So many of the newest runs, when no run is named.")
def replay_runs(run_id: int | None, last: int) -> None:
    """Solve stored runs again from their stored input; exit with 1 when one comes out differently.

    A search that the clock cut short, then or now, may honestly end elsewhere: it is named and does not count as different.
    """
    # The solver is seconds of import that no other command needs.
    from marketplace.matching.problem import Problem  # noqa: PLC0415
    from marketplace.matching.solution import Solution  # noqa: PLC0415
    from marketplace.rounds.solve import settings_of, warm_of  # noqa: PLC0415
    from marketplace.rounds.study.replay import replay  # noqa: PLC0415

    query = select(Run.id).where(Run.state.in_(HAS_RESULT), Run.problem_hash != "", Run.objective.is_not(None))
    query = query.order_by(Run.id.desc()).limit(last) if run_id is None else query.where(Run.id == run_id)
    keys = db.session.scalars(query).all()
    if run_id is not None and not keys:
        raise click.ClickException(f"run {run_id} has no stored answer")
    different = 0
    for key in sorted(keys):
        run = db.session.get_one(Run, key)
        stored = Solution.from_json(run.solution)
        told = replay(Problem.from_json(run.problem), settings_of(run), warm_of(run), stored, run.solution_hash)
        same = told["same_objective"] and told["same_answer"]
        said = "the same" if same else "cut short by the clock" if told["timed"] else "DIFFERENT"
        different += said == "DIFFERENT"
        click.echo(f"run {key} {run.label}: {said}, value {told['objective']}, fingerprint {told['hash'][:16]}")
        db.session.expunge_all()
    if different:
        raise click.ClickException(f"{different} of {len(keys)} runs came out differently")
    click.echo(f"{len(keys)} runs were solved again.")
