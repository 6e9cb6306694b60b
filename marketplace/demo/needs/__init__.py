"""What enterprises of the demo city need and its teams can do, by alliance, mixed so that fields take turns."""

from itertools import chain, zip_longest

from marketplace.demo.archetype import Archetype
from marketplace.demo.needs import materials, textiles

_BY_ALLIANCE = (materials.ARCHETYPES, textiles.ARCHETYPES)

ARCHETYPES: tuple[Archetype, ...] = tuple(each for each in chain.from_iterable(zip_longest(*_BY_ALLIANCE)) if each)
