"""What the journal's commands and subjects are called.

A command without a name here is shown as it is stored, so that nothing is ever left out of the page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

Lazy = Any
LONGEST = 300

ROOMS: dict[str, Lazy] = {
    "accounts": _l("Accounts"),
    "organisations": _l("Organisations"),
    "alliances": _l("Alliances"),
    "talent": _l("Teams and capabilities"),
    "funds": _l("Funds"),
    "audit": _l("Audit"),
    "conflicts": _l("Conflicts of interest"),
    "orders": _l("Orders"),
    "bids": _l("Bids"),
    "rounds": _l("Matching rounds"),
    "awards": _l("Awards and objections"),
    "contracts": _l("Contracts"),
    "imports": _l("Imports"),
    "search": _l("Search"),
    "storage": _l("Files"),
    "setup": _l("Setting up"),
    "demo": _l("Demonstration city"),
}
"""The first part of a command."""

SUBJECTS: dict[str, Lazy] = {
    "account": _l("Account"),
    "grant": _l("Role"),
    "organisation": _l("Organisation"),
    "membership": _l("Membership"),
    "invitation": _l("Invitation"),
    "alliance": _l("Alliance"),
    "team": _l("Team"),
    "capability": _l("Capability"),
    "fund": _l("Fund"),
    "contribution": _l("Contribution"),
    "relation": _l("Declared relation"),
    "override": _l("Override of a conflict"),
    "order": _l("Order"),
    "question": _l("Question"),
    "deadline": _l("Later deadline"),
    "nda": _l("Confidentiality agreement"),
    "bid": _l("Bid"),
    "round": _l("Round"),
    "run": _l("Run"),
    "proposal": _l("Proposal"),
    "award": _l("Award"),
    "complaint": _l("Objection"),
    "reversal": _l("Taking back"),
    "contract": _l("Contract"),
    "milestone": _l("Milestone"),
    "dispute": _l("Dispute"),
    "payment": _l("Payment"),
    "payment_order": _l("Payment order"),
    "file": _l("File"),
    "journal": _l("The journal"),
    "system": _l("The site"),
    "demo": _l("Demonstration city"),
}

COMMANDS: dict[str, Lazy] = {
    "accounts.sign_in": _l("Signed in"),
    "accounts.sign_out": _l("Signed out"),
    "accounts.change_password": _l("Changed the password"),
    "accounts.end_other_sessions": _l("Ended the other sessions"),
    "accounts.request_reset": _l("Asked for a new password"),
    "accounts.reset_password": _l("Set a new password"),
    "accounts.confirm": _l("Confirmed the e-mail address"),
    "accounts.suspend": _l("Suspended the account"),
    "accounts.restore": _l("Restored the account"),
    "accounts.found": _l("Founded the first administrator"),
    "accounts.propose_grant": _l("Proposed a role"),
    "accounts.approve_grant": _l("Approved a role"),
    "accounts.reject_grant": _l("Rejected a role"),
    "accounts.end_grant": _l("Ended a role"),
    "organisations.register": _l("Registered an organisation"),
    "organisations.verify": _l("Verified the organisation"),
    "organisations.reject": _l("Rejected the organisation"),
    "organisations.correct": _l("Corrected the registration"),
    "organisations.suspend": _l("Suspended the organisation"),
    "organisations.restore": _l("Restored the organisation"),
    "organisations.invite": _l("Invited a person"),
    "organisations.accept": _l("Accepted the invitation"),
    "organisations.withdraw_invitation": _l("Withdrew the invitation"),
    "organisations.end_membership": _l("Ended a person's membership"),
    "alliances.request": _l("Asked to join the alliance"),
    "alliances.admit": _l("Admitted a member"),
    "alliances.refuse": _l("Refused a request to join"),
    "alliances.end": _l("Ended a membership"),
    "talent.create_team": _l("Created a team"),
    "talent.change_team": _l("Changed the team"),
    "talent.draft_capability": _l("Drafted a capability"),
    "talent.change_capability": _l("Changed a capability"),
    "talent.publish_capability": _l("Published a capability"),
    "talent.withdraw_capability": _l("Withdrew a capability"),
    "talent.add_evidence": _l("Added evidence"),
    "talent.remove_evidence": _l("Removed evidence"),
    "funds.create": _l("Added a fund"),
    "funds.open": _l("Opened the fund"),
    "funds.close": _l("Closed the fund"),
    "funds.change_rules": _l("Changed the fund's rules"),
    "funds.propose_contribution": _l("Proposed a contribution"),
    "funds.approve_contribution": _l("Approved a contribution"),
    "funds.reject_contribution": _l("Rejected a contribution"),
    "conflicts.declare": _l("Declared a relation"),
    "conflicts.withdraw": _l("Withdrew a declared relation"),
    "conflicts.confirm": _l("Confirmed a declared relation"),
    "conflicts.refuse": _l("Found a declared relation not to hold"),
    "conflicts.identify": _l("Identified the other side of a relation"),
    "conflicts.propose_override": _l("Proposed to pass over a conflict"),
    "conflicts.approve_override": _l("Approved to pass over a conflict"),
    "conflicts.refuse_override": _l("Refused to pass over a conflict"),
    "orders.start": _l("Started an order"),
    "orders.edit": _l("Edited the order"),
    "orders.submit": _l("Submitted the order for screening"),
    "orders.send_back": _l("Sent the order back"),
    "orders.publish": _l("Published the order"),
    "orders.start_bidding": _l("Started the bidding"),
    "orders.amend": _l("Changed the public text"),
    "orders.attach": _l("Attached a file"),
    "orders.remove_file": _l("Removed a file"),
    "orders.retender": _l("Tendered the order again"),
    "orders.ask": _l("Asked a question (without a name)"),
    "orders.answer": _l("Answered a question"),
    "orders.decline_question": _l("Left a question unanswered"),
    "orders.propose_deadline": _l("Asked for a later deadline"),
    "orders.approve_deadline": _l("Confirmed a later deadline"),
    "orders.reject_deadline": _l("Kept the deadline"),
    "orders.lapse_deadline": _l("Ended a request for a later deadline"),
    "orders.request_nda": _l("Asked for the confidential part"),
    "orders.sign_nda": _l("Signed the confidentiality agreement"),
    "orders.withdraw_nda": _l("Took the request for the confidential part back"),
    "orders.decline_nda": _l("Declined the request for the confidential part"),
    "orders.revoke_nda": _l("Ended the access to the confidential part"),
    "orders.expire_nda": _l("Noted the end of a confidentiality agreement"),
    "orders.cancel": _l("Cancelled the order"),
    "bids.start": _l("Started a bid"),
    "bids.save": _l("Saved the sealed bid"),
    "bids.submit": _l("Submitted the bid"),
    "bids.withdraw": _l("Withdrew the bid"),
    "bids.refuse_late": _l("Refused a late bid"),
    "bids.request_opening": _l("Asked for the opening"),
    "bids.confirm_opening": _l("Confirmed the opening"),
    "bids.open": _l("Opened the bids"),
    "bids.lapse": _l("Found no bids at the deadline"),
    "rounds.create": _l("Created a round"),
    "rounds.edit": _l("Changed the round"),
    "rounds.close": _l("Closed the round"),
    "rounds.reopen": _l("Reopened the round"),
    "rounds.add_orders": _l("Added orders to the round"),
    "rounds.drop_order": _l("Took an order out of the round"),
    "rounds.require_match": _l("Changed whether an order must be matched"),
    "rounds.set_funds": _l("Chose the funds of the round"),
    "rounds.treat_bid": _l("Locked or excluded a bid"),
    "rounds.start_run": _l("Asked for a run"),
    "rounds.begin_run": _l("Began the run"),
    "rounds.finish_run": _l("Finished the run"),
    "rounds.fail_run": _l("The run failed"),
    "rounds.cancel_run": _l("Cancelled the run"),
    "rounds.release_run": _l("Released the result"),
    "rounds.recall_run": _l("Recalled the result"),
    "rounds.propose": _l("Proposed a match"),
    "rounds.approve": _l("Approved the match"),
    "rounds.reject": _l("Rejected the match"),
    "rounds.take_back": _l("Took the proposal back"),
    "rounds.invite": _l("Invited a team to bid"),
    "awards.announce": _l("Published an award"),
    "awards.release_run": _l("Published every award of a run"),
    "awards.confirm": _l("Confirmed an award"),
    "awards.decline": _l("Declined an award"),
    "awards.lapse": _l("Let an unconfirmed award lapse"),
    "awards.start_contract": _l("Started the contract"),
    "awards.move_up": _l("Put the next alternative forward"),
    "awards.file_complaint": _l("Filed an objection"),
    "awards.withdraw_complaint": _l("Withdrew an objection"),
    "awards.accept_complaint": _l("Accepted an objection for examination"),
    "awards.reject_complaint": _l("Found an objection inadmissible"),
    "awards.answer_complaint": _l("Answered an objection"),
    "awards.approve_finding": _l("Decided on an objection"),
    "awards.return_finding": _l("Returned the answer to an objection"),
    "awards.appeal": _l("Appealed"),
    "awards.review_appeal": _l("Found about an appeal"),
    "awards.propose_undo": _l("Proposed to take an award back"),
    "awards.propose_recall": _l("Proposed to recall a release"),
    "awards.approve_reversal": _l("Took awards back"),
    "awards.refuse_reversal": _l("Refused to take an award back"),
    "contracts.draft": _l("Drafted the contract"),
    "contracts.propose_clause": _l("Asked for another clause"),
    "contracts.accept_clause": _l("Accepted a clause"),
    "contracts.withdraw_clause": _l("Took a clause's text back"),
    "contracts.set_particulars": _l("Set the contract's particulars"),
    "contracts.sign": _l("Signed the contract"),
    "contracts.abandon": _l("Gave the contract up"),
    "contracts.deliver": _l("Delivered a milestone"),
    "contracts.decide": _l("Decided on a delivery"),
    "contracts.appoint_expert": _l("Appointed an expert"),
    "contracts.give_opinion": _l("Gave an expert's opinion"),
    "contracts.remind": _l("Reminded of a decision"),
    "contracts.deem_accepted": _l("Deemed a milestone accepted"),
    "contracts.remind_overdue": _l("Reminded of an overdue milestone"),
    "contracts.raise_dispute": _l("Raised a dispute"),
    "contracts.offer": _l("Offered to settle"),
    "contracts.agree": _l("Agreed to an offer"),
    "contracts.ask_expert": _l("Handed a dispute to an expert"),
    "contracts.advise": _l("Advised on a dispute"),
    "contracts.ask_committee": _l("Asked the committee"),
    "contracts.propose_ruling": _l("Wrote a ruling down"),
    "contracts.confirm_ruling": _l("Confirmed a ruling"),
    "contracts.check_payment": _l("Checked a payment"),
    "contracts.approve_payment": _l("Approved a payment"),
    "contracts.send_back": _l("Sent a payment back"),
    "contracts.declare_paid": _l("Declared a payment"),
    "contracts.confirm_arrival": _l("Confirmed a payment's arrival"),
    "contracts.order_payments": _l("Made a payment order"),
    "contracts.import_receipts": _l("Imported the bank's answer"),
    "contracts.retry_payment": _l("Tried a payment again"),
    "contracts.release_retention": _l("Called the retention"),
    "audit.verify": _l("Checked journal, ledger and rules"),
    "imports.needs": _l("Imported needs"),
    "imports.capabilities": _l("Imported capabilities"),
    "search.rebuild": _l("Made the search index anew"),
    "setup.begin": _l("Set the site up"),
    "demo.found": _l("Founded the demonstration city"),
    "demo.train": _l("Added demonstration teams"),
    "demo.endow": _l("Added demonstration funds"),
    "demo.order": _l("Added demonstration orders"),
    "demo.bid": _l("Added demonstration bids"),
    "demo.remember": _l("Added the demonstration's past"),
}


def command(name: str) -> str:
    return str(COMMANDS.get(name, name))


def subject(kind: str, number: int | None) -> str:
    """Return “Order no. 7”, or the kind alone."""
    named = str(SUBJECTS.get(kind, kind))
    return named if number is None else str(_("%(kind)s no. %(number)s", kind=named, number=number))


def actor(kind: str, name: str) -> str:
    """Return a person's name, or what stands for an actor who is none."""
    if kind == "anonymous":
        return str(_("A team (not named)"))
    if kind != "system":
        return name or str(_("Visitor"))
    return str(_("System") if name in {"", "system"} else _("System (%(name)s)", name=name))


def detail(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the recorded values as text; what is longer than a glance is cut (the stored record is not)."""
    return [(name, _text(value)) for name, value in values.items()]


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
