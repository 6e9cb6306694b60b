"""Needs and technology results from files: checked as a whole, told by line, written all or not at all."""
