"""Vectors of texts that ranking compares, made once by the worker and kept: making them takes far longer than using them."""
