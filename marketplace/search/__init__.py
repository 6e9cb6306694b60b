"""Site search: one index over everything that has a page, read through each room's own rule of who may see what."""
