"""A person's work record to take along: signed by the site, and checked later with nothing of ours (``tools/verify_record.py``).

What the site knows itself (training completed, milestones of teams led) stands apart from what the person says.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import current_app
from nacl.signing import SigningKey

from marketplace.kernel.call import Call
from marketplace.talent import queries
from marketplace.talent.models import Researcher
from marketplace.talent.records import records_of

FORMAT = "tripool-work-record/1"


def signing_key() -> SigningKey:
    """Return the key that signs work records, made from the site's secret; it signs nothing else."""
    secret = current_app.extensions["config"].secret_key
    return SigningKey(hashlib.blake2b(secret.encode(), digest_size=32, person=b"work-records").digest())


def verify_key() -> str:
    """Return the public half, hexadecimal: it is published, so that records can be checked without us."""
    return bytes(signing_key().verify_key).hex()


def work_record(call: Call, researcher: Researcher) -> dict[str, Any]:
    """Return the signed record as plain JSON."""
    teams = queries.teams_led(researcher.account_id)
    kept = records_of([team.id for team in teams])
    claim = {
        "format": FORMAT,
        "site": current_app.extensions["config"].base_url,
        "issued": call.now.isoformat(),
        "person": {"name": researcher.name, "name_en": researcher.name_en, "orcid": researcher.orcid},
        "known_to_the_site": {
            "teams_led": [
                {
                    "team": team.name,
                    "organisation": team.organisation.name,
                    "milestones_accepted": kept[team.id].accepted,
                    "on_time": kept[team.id].on_time,
                    "ratings": kept[team.id].ratings,
                }
                for team in teams
            ],
            "training_completed": [
                {
                    "title": place.programme.title,
                    "host": place.programme.organisation.name,
                    "from": place.programme.starts_on.isoformat(),
                    "until": place.programme.ends_on.isoformat(),
                }
                for place in queries.completed_places(researcher.account_id)
            ],
        },
        "said_by_the_person": {
            "affiliations": [
                [a.organisation, a.post, a.from_on.isoformat(), a.until_on.isoformat() if a.until_on else None]
                for a in researcher.affiliations
            ],
            "works": [[w.kind, w.title, w.year, w.reference] for w in researcher.works],
        },
    }
    signature = signing_key().sign(canonical(claim)).signature.hex()
    return {"record": claim, "signature": signature, "verify_key": verify_key()}


def canonical(claim: dict[str, Any]) -> bytes:
    """Return the bytes that are signed: keys sorted, no spaces, UTF-8."""
    return json.dumps(claim, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
