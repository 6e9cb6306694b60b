"""Tripool (三池): orders, bids, funds and the matching between them. Importing the package loads nothing."""
