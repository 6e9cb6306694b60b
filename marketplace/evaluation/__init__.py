"""How opened bids are judged: criteria fixed before the opening, a committee without interest, own scores first, then locked."""
