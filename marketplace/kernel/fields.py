"""Fields of technology that orders ask for and teams work in: the sectors of the city's alliances, coarse on purpose."""

from enum import StrEnum


class Field(StrEnum):
    NEW_MATERIALS = "new_materials"
    CHEMISTRY = "chemistry"
    TEXTILES = "textiles"
    FOOTWEAR = "footwear"
    MACHINERY = "machinery"
    ROBOTICS = "robotics"
    INSTRUMENTS = "instruments"
    ELECTRONICS = "electronics"
    OPTICS = "optics"
    SOFTWARE = "software"
    ARTIFICIAL_INTELLIGENCE = "artificial_intelligence"
    ENERGY = "energy"
    ENVIRONMENT = "environment"
    BIOMEDICINE = "biomedicine"
    FOOD = "food"
    CONSTRUCTION = "construction"
