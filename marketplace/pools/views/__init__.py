"""Pages of the pools: the map that everybody reads, offers, and the conditions."""

from marketplace.pools import handing, words
from marketplace.pools.views import deciding, reading
from marketplace.pools.views.blueprint import bp

__all__ = ["bp", "deciding", "handing", "reading", "words"]
