"""The only shared Flask plumbing; rooms build their pages with it."""
