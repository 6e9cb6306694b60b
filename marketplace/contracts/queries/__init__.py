"""Reads of the contracts room: what the actor may not see is NotFound."""
