"""From an approved match to the last payment: the contract, its delivery, its money and what remains of it."""
