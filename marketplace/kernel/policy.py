"""A permission answer with its reason, so that a refused button can say why."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something is allowed; ``reason`` is an error code (see kernel.errors) when it is not."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise Forbidden with the reason unless allowed."""
        if not self.allowed:
            raise Forbidden(self.reason)


YES = Decision(True)


def no(reason: str) -> Decision:
    """A refusal; ``reason`` is an error code such as ``not_owner``."""
    return Decision(False, reason)


def allow_if(condition: bool, reason: str) -> Decision:
    return YES if condition else Decision(False, reason)
