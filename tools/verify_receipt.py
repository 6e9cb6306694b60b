"""Check a receipt for a sealed bid without the site: needs Python 3.10 or newer and PyNaCl, and nothing else.

    python verify_receipt.py receipt.json --key KEY                      is this receipt the site's?
    python verify_receipt.py receipt.json --key KEY --bid bid.json       did it acknowledge exactly this bid?
    python verify_receipt.py receipt.json --key KEY --record opening.json --opener-key KEY
                                                                         did exactly this bid take part in the opening?

KEY is the site's verify key, --opener-key the opener's; both are published on the page of every opening. Keep a copy of them
when you submit: a key that comes with the receipt proves nothing. Ends with 0 when everything holds, with 1 and the reason when
something does not, with 2 when a file cannot be read.
"""

import argparse
import hashlib
import hmac
import json
import sys

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

RECEIPT, OPENING = "tripool-receipt/1", "tripool-opening/1"


class Wrong(Exception):
    """Something that does not hold."""


def canonical(claim):
    return json.dumps(claim, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def signed(content, signature, key, whose):
    try:
        VerifyKey(bytes.fromhex(key)).verify(content, bytes.fromhex(signature))
    except (BadSignatureError, ValueError, TypeError) as error:
        raise Wrong(f"the {whose} signature does not fit") from error


def check_receipt(receipt, key):
    """Return the claims of a receipt that the owner of ``key`` signed."""
    if receipt["receipt"]["format"] != RECEIPT:
        raise Wrong("this is no receipt of a known format")
    if not hmac.compare_digest(str(receipt["verify_key"]).lower(), key.lower()):
        raise Wrong("the receipt was signed with another key than the one you gave")
    signed(canonical(receipt["receipt"]), receipt["signature"], key, "receipt's")
    return receipt["receipt"]


def check_bid(claim, content):
    """Compare the lines of the bid's file with the commitments: the content, then the amounts where they were sealed apart."""
    lines = content.strip().split(b"\n")
    expected = [claim["commitment"], *([claim["price_commitment"]] if claim["price_commitment"] else [])]
    if len(lines) != len(expected):
        raise Wrong("the bid's file has another number of parts than the receipt")
    for line, commitment in zip(lines, expected, strict=True):
        if not hmac.compare_digest(hashlib.sha256(line.strip()).hexdigest(), commitment):
            raise Wrong("the bid's file is not what was submitted")
        document = json.loads(line)
        if [document["bid"], document["order"], document["team"]] != [claim["bid"], claim["order"], claim["team"]]:
            raise Wrong("the bid's file belongs to another bid, order or team")


def check_record(claim, record, opener_key):
    """Return what the signed opening record says became of the bid."""
    signed(record["document"].encode(), record["signature"], opener_key, "opening record's")
    document = json.loads(record["document"])
    if document["format"] != OPENING or document["order"] != claim["order"]:
        raise Wrong("the record is of another opening")
    wanted = claim["price_commitment"] if document["part"] == "price" else claim["commitment"]
    for commitment, outcome in document["bids"]:
        if hmac.compare_digest(commitment, wanted):
            return outcome
    raise Wrong("the bid is not in the opening record: it was replaced, withdrawn, or left out")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("receipt")
    parser.add_argument("--key", required=True, help="the site's verify key (hexadecimal)")
    parser.add_argument("--bid", help="the bid's own file, as it was downloaded")
    parser.add_argument("--record", help="the opening record, as it was downloaded")
    parser.add_argument("--opener-key", help="the opener's verify key (hexadecimal), needed with --record")
    given = parser.parse_args(arguments)
    if given.record and not given.opener_key:
        parser.error("--record needs --opener-key")
    try:
        with open(given.receipt, "rb") as file:
            claim = check_receipt(json.loads(file.read()), given.key)
        print(f"receipt: genuine; bid {claim['bid']} on {claim['reference']}, received {claim['received']}")
        if given.bid:
            with open(given.bid, "rb") as file:
                check_bid(claim, file.read())
            print("bid: exactly what the receipt acknowledges")
        if given.record:
            with open(given.record, "rb") as file:
                print("opening:", check_record(claim, json.loads(file.read()), given.opener_key))
    except Wrong as wrong:
        print(f"NOT PROVEN: {wrong}", file=sys.stderr)
        return 1
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        print(f"cannot be read: {error!r}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
