"""Work on a second core has the same result as work on the first, whatever becomes of the process."""

import os
import threading

import pytest

from marketplace.matching.relevance import apart as module
from marketplace.matching.relevance.apart import apart


@pytest.mark.parametrize(("cores", "elsewhere"), [(1, False), (2, True)])
def test_work_is_done_on_another_thread_where_there_is_a_core_for_it(
    monkeypatch: pytest.MonkeyPatch, cores: int, elsewhere: bool
) -> None:
    monkeypatch.setattr(module, "cores", lambda: cores)
    begun = threading.Event()

    def work() -> int:
        begun.set()
        return threading.get_ident()

    result = apart(work)
    assert begun.wait(10 if elsewhere else 0) is elsewhere
    assert (result() != threading.get_ident()) is elsewhere


def test_nobody_waits_behind_somebody_else_s_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cores", lambda: 2)
    free = threading.Event()
    long = apart(free.wait)
    assert apart(threading.get_ident)() == threading.get_ident()
    free.set()
    assert long() is True


def test_what_goes_wrong_is_told_to_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cores", lambda: 2)
    with pytest.raises(ZeroDivisionError):
        apart(lambda: 1 // 0)()


@pytest.mark.parametrize("own", [True, False])
def test_a_process_that_was_forked_has_a_thread_of_its_own(monkeypatch: pytest.MonkeyPatch, own: bool) -> None:
    """The twin: the parent's thread is not there in the child, so that work would wait until it is asked for."""
    monkeypatch.setattr(module, "cores", lambda: 2)
    parents = module._thread(os.getpid())
    parents.submit(int).result()
    if not own:
        monkeypatch.setattr(module, "_thread", lambda _process: parents)
    child = os.fork()
    if not child:
        begun = threading.Event()
        result = apart(begun.set)
        on_time = begun.wait(10 if own else 0.2)
        result()
        os._exit(0 if on_time is own and begun.is_set() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
