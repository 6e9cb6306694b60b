"""Matching of orders, offers and funds, with proof: pure mathematics that knows no words, people, web or database."""
