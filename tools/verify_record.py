"""Check a work record without the site: needs Python 3.10 or newer and PyNaCl, and nothing else.

    python verify_record.py record.json --key KEY

KEY is the site's verify key for work records, published on its page of researchers: a key that comes with the record proves
nothing. Ends with 0 when the record is genuine, with 1 when it is not, with 2 when the file cannot be read.
"""

import argparse
import json
import sys

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

FORMAT = "tripool-work-record/1"


def canonical(claim):
    return json.dumps(claim, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def check(document, key):
    """Return the record that the owner of ``key`` signed; raises BadSignatureError or ValueError."""
    record = document["record"]
    if record["format"] != FORMAT:
        raise ValueError("this is no work record of a known format")
    VerifyKey(bytes.fromhex(key)).verify(canonical(record), bytes.fromhex(document["signature"]))
    return record


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("record")
    parser.add_argument("--key", required=True, help="the site's verify key for work records (hexadecimal)")
    given = parser.parse_args(arguments)
    try:
        with open(given.record, "rb") as file:
            document = json.loads(file.read())
        record = check(document, given.key)
        print(f"genuine: the record of {record['person']['name']}, issued {record['issued']} by {record['site']}")
    except BadSignatureError:
        print("NOT PROVEN: the signature does not fit", file=sys.stderr)
        return 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"cannot be read: {error!r}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
