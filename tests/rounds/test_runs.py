"""A run from its frozen problem to proposals, reasons or an honest failure, with the real engine."""

from __future__ import annotations

from tests.rounds.conftest import Scene

from marketplace.rounds.workflow import RunState


def test_a_run_matches_every_order_it_can_pay(scene: Scene) -> None:
    run = scene.run()
    assert run.state is RunState.SOLVED
    assert run.status == "optimal"
    assert run.gap == 0
    first = scene.proposal(run, scene.orders[0])
    assert sum(part.amount for part in first.options[0].parts) == 30_000_000
