"""Pages of the accounts room."""

from marketplace.accounts import words
from marketplace.accounts.views import demo, own, people, signing
from marketplace.accounts.views.blueprint import bp

__all__ = ["bp", "demo", "own", "people", "signing", "words"]
