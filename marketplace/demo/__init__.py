"""The demo city: fictional alliances, enterprises, universities, orders, bids, funds and solved rounds to look around in."""
