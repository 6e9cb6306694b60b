"""The only place that commits."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import CursorResult, Delete, Insert, Update
from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError
from sqlalchemy.orm.exc import StaleDataError

from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Expired, Stale

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 4
_RETRIED_SQLSTATES = {"40001", "40P01"}  # serialisation failure, deadlock
_INSIDE = "use_case"
_RECORDS = "audit_records"
_AFTER = "after_commit"


def use_case(function: Callable[Concatenate[Call, P], R]) -> Callable[Concatenate[Call, P], R]:
    """Make ``function(call, …)`` one unit of work: it commits once, or nothing of it happened.

    It must write exactly one audit record. A use case never calls another; what two of them share is a plain function.
    Lost races raise Stale; a database that stays busy or locked after a few attempts raises Conflict; a call that only reads
    raises Expired.
    """

    @functools.wraps(function)
    def run(call: Call, *args: P.args, **kwargs: P.kwargs) -> R:
        if call.reads_only:
            raise Expired
        for attempt in range(ATTEMPTS):
            try:
                return _attempt(function, call, *args, **kwargs)
            except StaleDataError as error:
                raise Stale from error
            except IntegrityError as error:
                raise Conflict("constraint", {"detail": str(error.orig)}) from error
            except DBAPIError as error:
                if not _is_busy(error):
                    raise
                if attempt == ATTEMPTS - 1:
                    raise Conflict("busy") from error
            except TimeoutError as error:  # every connection of this process is taken, for half a minute
                raise Conflict("busy") from error
        raise AssertionError("unreachable")

    run.__dict__["is_use_case"] = True
    return cast("Callable[Concatenate[Call, P], R]", run)


def _attempt(function: Callable[Concatenate[Call, P], R], call: Call, *args: P.args, **kwargs: P.kwargs) -> R:
    session = db.session
    info = session().info
    if info.get(_INSIDE):
        raise RuntimeError(f"{function.__qualname__} was called inside another use case")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError(f"rows were changed outside a use case before {function.__qualname__}")
    session.rollback()  # ends the reading transaction: SQLite cannot turn it into a writing one without losing updates
    info.update({_INSIDE: True, _RECORDS: 0, _AFTER: []})
    try:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        result = function(call, *args, **kwargs)
        session.flush()
        if info[_RECORDS] != 1:
            raise RuntimeError(f"{function.__qualname__} wrote {info[_RECORDS]} audit records instead of 1")
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        info[_INSIDE] = False
    for effect in info[_AFTER]:
        effect()
    return result


def execute_alone(statement: Update | Insert | Delete) -> int:
    """Run one bookkeeping statement (a job's lease, a run's progress) in a transaction of its own; return the rows changed.

    Not for business facts: those are use cases with an audit record.
    """
    session = db.session
    if session().info.get(_INSIDE):
        raise RuntimeError("a use case commits once; bookkeeping goes outside it")
    session.rollback()
    try:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        changed = cast("CursorResult[Any]", session.execute(statement)).rowcount
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return changed


def _is_busy(error: DBAPIError) -> bool:
    if getattr(error.orig, "sqlstate", None) in _RETRIED_SQLSTATES:
        return True
    return "database is locked" in str(error.orig)


def count_audit_record() -> None:
    """Tell the running use case that its audit record was written (called by ``audit`` only)."""
    info = db.session().info
    if not info.get(_INSIDE):
        raise RuntimeError("an audit record was written outside a use case")
    info[_RECORDS] += 1


def after_commit(effect: Callable[[], None]) -> None:
    """Run ``effect`` once the running use case has committed (never when it is rolled back)."""
    db.session().info[_AFTER].append(effect)
