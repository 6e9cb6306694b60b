"""What enterprises of the demo city need and its teams can do, by alliance, mixed so that fields take turns."""

from itertools import chain, zip_longest

from marketplace.demo.archetype import Archetype
from marketplace.demo.needs import digital, electronics, green, health, machines, materials, textiles

_BY_ALLIANCE = (
    materials.ARCHETYPES,
    machines.ARCHETYPES,
    electronics.ARCHETYPES,
    textiles.ARCHETYPES,
    green.ARCHETYPES,
    health.ARCHETYPES,
    digital.ARCHETYPES,
)

ARCHETYPES: tuple[Archetype, ...] = tuple(each for each in chain.from_iterable(zip_longest(*_BY_ALLIANCE)) if each)
