"""Who is close to whom: declared and derived relations with their evidence, and the rare overrides that two people sign."""
