"""What the states, verdicts, disputes, payments and refusals of delivery are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.contracts.workflow import (
    DisputeState,
    MilestoneState,
    Outcome,
    PaymentKind,
    PaymentState,
    ReceiptOutcome,
    VerdictBy,
)
from marketplace.web import words

M, P, D, Y = MilestoneState, Outcome, DisputeState, PaymentState

words.labels(
    MilestoneState,
    {
        M.OPEN: _l("To be delivered"),
        M.DELIVERED: _l("Delivered, to be decided"),
        M.PART: _l("Partly accepted"),
        M.REJECTED: _l("Not accepted, to be reworked"),
        M.DISPUTED: _l("In dispute"),
        M.ACCEPTED: _l("Passed acceptance"),
        M.CANCELLED: _l("Dropped"),
    },
)
words.tones(
    MilestoneState,
    {M.DELIVERED: "waiting", M.PART: "waiting", M.REJECTED: "bad", M.DISPUTED: "bad", M.ACCEPTED: "good"},
)
words.labels(
    VerdictBy,
    {
        VerdictBy.ENTERPRISE: _l("Enterprise"),
        VerdictBy.EXPERT: _l("Independent expert"),
        VerdictBy.CLOCK: _l("Deemed by silence"),
        VerdictBy.DISPUTE: _l("Outcome of the dispute"),
    },
)
words.labels(Outcome, {P.ACCEPT: _l("Accept everything"), P.PART: _l("Accept a part"), P.REJECT: _l("Accept nothing")})
words.tones(Outcome, {P.ACCEPT: "good", P.PART: "waiting", P.REJECT: "bad"})
words.labels(
    DisputeState,
    {
        D.TALKING: _l("The parties talk"),
        D.WITH_EXPERT: _l("With the expert"),
        D.ADVISED: _l("The expert has advised"),
        D.WITH_COMMITTEE: _l("With the committee"),
        D.SETTLED: _l("Settled"),
    },
)
words.labels(
    PaymentKind,
    {
        PaymentKind.MILESTONE: _l("Milestone payment"),
        PaymentKind.RETENTION: _l("Retention money"),
        PaymentKind.SETTLEMENT: _l("Settlement at the end"),
        PaymentKind.CLAWBACK: _l("Paying back"),
    },
)
words.labels(
    PaymentState,
    {
        Y.DUE: _l("Due"),
        Y.CHECKED: _l("Checked by an officer"),
        Y.APPROVED: _l("Approved"),
        Y.ORDERED: _l("On its way"),
        Y.PAID: _l("Paid"),
        Y.FAILED: _l("Failed at the bank"),
        Y.RETURNED: _l("Returned by the bank"),
        Y.CANCELLED: _l("Called off"),
    },
)
words.tones(
    PaymentState,
    {
        Y.DUE: "waiting",
        Y.CHECKED: "waiting",
        Y.APPROVED: "info",
        Y.ORDERED: "info",
        Y.PAID: "good",
        Y.FAILED: "bad",
        Y.RETURNED: "bad",
    },
)
words.labels(
    ReceiptOutcome,
    {
        ReceiptOutcome.PAID: _l("paid"),
        ReceiptOutcome.FAILED: _l("failed"),
        ReceiptOutcome.RETURNED: _l("returned"),
    },
)
words.events(
    "payment",
    {
        "check": _l("Checked, pass on"),
        "approve": _l("Approve the payment"),
        "send_back": _l("Send back"),
        "retry": _l("Try again"),
        "declare": _l("Say that it was paid"),
        "settle": _l("Confirm the arrival"),
    },
)
words.refusals(
    {
        "contracts.team_only": _l("Only the institution's side delivers."),
        "contracts.enterprise_only": _l("Only the enterprise decides on a delivery."),
        "contracts.staff_only": _l("Only staff who act for neither party can do this."),
        "contracts.officers_only": _l("An officer of the centre does this."),
        "contracts.managers_only": _l("A fund manager does this."),
        "contracts.experts_only": _l("Only the appointed expert can do this."),
        "contracts.clock_only": _l("This happens by itself when its time has come."),
        "contracts.own_interest": _l("You act for one of the parties, so somebody else must do this."),
        "contracts.note_needed": _l("Say what you deliver."),
        "contracts.too_many_files": _l("At most %(most)s files at once; put more into a ZIP."),
        "contracts.in_dispute": _l("There is a dispute about this milestone; its outcome decides."),
        "contracts.reasons_needed": _l("Please write the reasons: what is not accepted, and why."),
        "contracts.accept_amount": _l("The amount lies between 0 and what is still open of the milestone."),
        "contracts.expert_needed": _l("The independent expert has not passed this delivery."),
        "contracts.opinion_given": _l("The expert has already spoken on this delivery."),
        "contracts.no_such_account": _l("There is no account with this address."),
        "contracts.not_independent": _l("This person acts for one of the parties and is not independent."),
        "contracts.not_delivered": _l("Nothing waits for a decision here."),
        "contracts.reminded_already": _l("The enterprise was reminded already."),
        "contracts.too_early": _l("It is too early: %(days)s working days must have passed."),
        "contracts.not_overdue": _l("Nothing is overdue here."),
        "contracts.no_offer": _l("The other side has made no offer."),
        "contracts.nothing_left": _l("The sources have less left than this amount."),
        "contracts.own_money": _l("This is the enterprise's own money; the parties settle it between them."),
        "contracts.fund_money": _l("This is a fund's money; officer and fund manager decide on it."),
        "contracts.other_side_pays": _l("The other side does this."),
        "contracts.bank_reference": _l("Give the number of the bank transfer."),
        "contracts.not_held": _l(
            "The institution holds ¥%(held)s of this source's money, less than ¥%(asked)s: the bank returned it, or it was "
            "paid back. Nothing was moved. Pay a returned payment again first."
        ),
        "contracts.returned_and_paid_back": _l(
            "Line %(number)s: the bank returned ¥%(asked)s, but the institution has paid so much back that it holds only "
            "¥%(held)s of this source's money. Nothing was imported. Leave this line out and import the others; then let the "
            "bank send the ¥%(asked)s to the institution once more. The books count this payment as paid and are right then."
        ),
        "contracts.nothing_to_order": _l("No approved payment waits to be ordered."),
        "contracts.receipt_unknown": _l(
            "Line %(number)s names %(reference)s, which fits no payment that is on its way. Nothing was imported."
        ),
        "contracts.receipt_claim": _l(
            "Line %(number)s names %(reference)s, a claim to pay money back: it comes in on the fund's account and was never "
            "sent by us. Nothing was imported. Leave this line out and compare it with the fund's bank statement."
        ),
        "contracts.receipt_state": _l(
            "Line %(number)s says something of %(reference)s that does not fit what is known: the payment is not on its way, or "
            "has not been paid. Nothing was imported. Look at the payment, or leave this line out."
        ),
        "contracts.receipt_ended": _l(
            "Line %(number)s: the bank returned ¥%(amount)s of a contract that was completed. Nothing was imported. Leave this "
            "line out and let the bank send the money once more: the books count it as paid and are right then. Where the bank "
            "cannot, turn to the fund manager: the money is recorded as a contribution to the fund, and a second person approves."
        ),
        "contracts.receipt_amount": _l("Line %(number)s has another amount than the payment. Nothing was imported."),
        "contracts.receipt_differs": _l(
            "Line %(number)s was imported before with another content. Nothing was imported."
        ),
        "contracts.receipt_file": _l("This is no CSV or XLSX file with lines."),
        "contracts.receipt_many": _l("At most %(most)s lines at once."),
        "contracts.receipt_columns": _l("The columns number, reference, outcome and amount are needed."),
        "contracts.receipt_line": _l("Line %(line)s cannot be read."),
        "contracts.receipt_twice": _l("The file has the same bank number twice."),
        "contracts.retention_not_due": _l("The retention is not due yet."),
        "contracts.ended": _l("The contract has ended."),
        "contracts.key_needed": _l("This form is incomplete. Reload the page and try again."),
        "contracts.key_reused": _l("This form was already used for something else. Reload the page and try again."),
    }
)
