"""Four eyes: decisions that need two distinct natural persons, bound to the content they saw."""
