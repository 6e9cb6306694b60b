"""What this room's choices, states, buttons and refusals are called."""

from flask_babel import lazy_gettext as _l

from marketplace.funds.reconciliation import Differs
from marketplace.funds.workflow import (
    ContributionState,
    FundKind,
    FundState,
    Guarantee,
    Instrument,
    Movement,
    Purse,
    RulesState,
    TransferState,
)
from marketplace.web import words

words.labels(
    FundKind,
    {
        FundKind.ALLIANCE: _l("Alliance fund"),
        FundKind.SUBSIDY: _l("Government subsidy"),
        FundKind.LOAN: _l("Loan"),
        FundKind.INDUSTRY: _l("Industry fund"),
        FundKind.PAY_LATER: _l("Use first, pay later"),
    },
)
words.labels(
    Guarantee,
    {
        Guarantee.IP_PLEDGE: _l("Pledge of patents"),
        Guarantee.GUARANTOR: _l("A guarantor"),
        Guarantee.INSURANCE: _l("Loan insurance"),
        Guarantee.CREDIT: _l("None: on credit"),
    },
)
words.labels(
    Instrument,
    {
        Instrument.GRANT: _l("A grant, for good"),
        Instrument.REPAYABLE: _l("To be paid back"),
        Instrument.EQUITY_NOTE: _l("A note that may turn into shares"),
    },
)
words.labels(
    RulesState,
    {
        RulesState.PROPOSED: _l("Waits for a second person"),
        RulesState.APPROVED: _l("Approved, waits for its day"),
        RulesState.IN_FORCE: _l("Rules in force"),
        RulesState.REPLACED: _l("Replaced by later rules"),
        RulesState.REJECTED: _l("Rejected"),
    },
)
words.tones(
    RulesState,
    {
        RulesState.PROPOSED: "waiting",
        RulesState.APPROVED: "waiting",
        RulesState.IN_FORCE: "good",
        RulesState.REJECTED: "bad",
    },
)
words.labels(
    TransferState,
    {
        TransferState.PROPOSED: _l("Waits for a second person"),
        TransferState.APPROVED: _l("Approved"),
        TransferState.REJECTED: _l("Rejected"),
    },
)
words.tones(
    TransferState,
    {TransferState.PROPOSED: "waiting", TransferState.APPROVED: "good", TransferState.REJECTED: "bad"},
)
words.labels(
    FundState,
    {FundState.DRAFT: _l("Draft"), FundState.OPEN: _l("Open to orders"), FundState.CLOSED: _l("Closed")},
)
words.tones(FundState, {FundState.DRAFT: "waiting", FundState.OPEN: "good"})
words.labels(
    ContributionState,
    {
        ContributionState.PROPOSED: _l("Waits for a second person"),
        ContributionState.APPROVED: _l("Approved"),
        ContributionState.REJECTED: _l("Rejected"),
    },
)
words.tones(
    ContributionState,
    {
        ContributionState.PROPOSED: "waiting",
        ContributionState.APPROVED: "good",
        ContributionState.REJECTED: "bad",
    },
)
words.labels(
    Purse,
    {
        Purse.CONTRIBUTED: _l("Contributed"),
        Purse.AVAILABLE: _l("Available"),
        Purse.RESERVED: _l("Reserved"),
        Purse.COMMITTED: _l("Committed"),
        Purse.PAID: _l("Paid"),
    },
)
words.labels(
    Movement,
    {
        Movement.CONTRIBUTE: _l("Contribution"),
        Movement.RESERVE: _l("Reservation"),
        Movement.RELEASE: _l("Reservation released"),
        Movement.COMMIT: _l("Commitment"),
        Movement.UNCOMMIT: _l("Commitment ended"),
        Movement.PAY: _l("Payment"),
        Movement.BOUNCE: _l("Payment returned by the bank"),
        Movement.RETURN: _l("Money paid back"),
        Movement.TRANSFER_OUT: _l("To another fund"),
        Movement.TRANSFER_IN: _l("From another fund"),
    },
)
words.labels(
    Differs,
    {
        Differs.MISSING_HERE: _l("The bank has it, the ledger does not"),
        Differs.MISSING_THERE: _l("The ledger has it, the bank does not"),
        Differs.AMOUNT: _l("Another amount"),
    },
)
words.events(
    "fund", {"open": _l("Open the fund"), "close": _l("Close the fund"), "expire": _l("End the fund on its last day")}
)
words.events(
    "fund_rules",
    {
        "approve": _l("Approve the rules"),
        "reject": _l("Reject the rules"),
        "apply": _l("Put the rules in force"),
        "replace": _l("Replace the rules"),
    },
)
words.events("transfer", {"approve": _l("Approve the transfer"), "reject": _l("Reject the transfer")})
words.events("contribution", {"approve": _l("Approve the contribution"), "reject": _l("Reject the contribution")})
words.refusals(
    {
        "funds.managers_only": _l("Only a fund manager may do this."),
        "funds.staff_only": _l("Only fund managers and centre officers may do this."),
        "funds.rules_unapproved": _l(
            "A second person has not approved the rules yet. The fund can be opened after that."
        ),
        "funds.rules_pending": _l("Rules proposed by %(name)s wait for a second person. Decide on them first."),
        "funds.rules_same": _l("These are the rules in force. Nothing would change."),
        "funds.rules_early": _l("The day of these rules has not come."),
        "funds.rules_due": _l("New rules of “%(fund)s” come into force today. Please try again in a minute."),
        "funds.effective_past": _l("Rules hold from today or a later day on."),
        "funds.bank_file": _l("This is neither a workbook nor a CSV file with lines of a bank statement."),
        "funds.bank_many": _l("At most %(most)s lines at a time."),
        "funds.bank_twice": _l("Two lines have the same number of the bank."),
        "funds.bank_columns": _l(
            "The first line names the columns: the bank's number, the date, and money in and out in two columns or in one."
        ),
        "funds.bank_line": _l("Line %(line)s lacks a number, a date such as 2027-01-31, or an amount."),
        "funds.bank_known": _l("This file was compared and kept already."),
        "funds.bank_again": _l("What was compared has changed or is too old. Choose the file again."),
        "funds.over": _l("The fund's last day has passed. Propose rules with a later last day first."),
        "funds.end_told": _l("Nobody need be told now: the fund ends later, or its managers know."),
        "funds.still_valid": _l("The fund's last day has not passed."),
        "funds.expired": _l("The fund “%(fund)s” paid for new matches until %(day)s. Nothing was reserved."),
        "funds.transfer_target": _l("Choose another fund."),
        "funds.transfer_more": _l("The fund has only ¥%(available)s available."),
        "funds.transfer_public": _l("Public money can only go to a fund of public money."),
        "funds.transfer_closed": _l("The fund “%(fund)s” is closed. Choose one that is open or in preparation."),
        "funds.lent": _l("Money that is paid back needs a yearly interest (0 if there is none) and a term."),
        "funds.instrument": _l("Say how the industry fund gives: for good, to be paid back, or for a note."),
        "funds.industries": _l("Give sections or divisions of GB/T 4754, such as C or C39."),
        "funds.years": _l("Give years between 2000 and 2100."),
        "funds.other_industry": _l("The fund does not pay for enterprises of this industry."),
        "funds.other_year": _l("The fund does not pay for orders of this year."),
        "funds.amount": _l("The amount must be above 0 and at most ten trillion yuan."),
        "funds.not_enough": _l(
            "The fund “%(fund)s” has ¥%(available)s available; ¥%(asked)s were asked for. Nothing was moved."
        ),
        "funds.not_there": _l(
            "The fund “%(fund)s” holds only ¥%(available)s in this state; ¥%(asked)s were asked for. Nothing was moved."
        ),
        "funds.too_much": _l("The budget of “%(fund)s” would become larger than the ledger can hold."),
        "funds.not_open": _l("The fund “%(fund)s” is not open: it makes no new reservations."),
        "funds.key_reused": _l("The command %(key)s was already used for another movement. Nothing was moved."),
        "funds.code_taken": _l("Another fund already has the code %(code)s."),
        "funds.no_alliance": _l("There is no such alliance."),
        "funds.share": _l("The share lies between 0 and 100 %."),
        "funds.match": _l("The ratio lies between 0 and 100,000 %."),
        "funds.cost": _l("The cost lies between 0 and 1,000,000,000."),
        "funds.amounts": _l("The largest amount may not be below the smallest."),
        "funds.never_pays": _l(
            "The limit for an enterprise may not be below the smallest amount: the fund could never pay."
        ),
        "funds.validity": _l("The last day may not be before the first."),
        "funds.not_open_now": _l("The fund is not open."),
        "funds.not_yet": _l("The fund does not pay yet on this day."),
        "funds.ended": _l("The fund no longer pays on this day."),
        "funds.other_alliance": _l("The fund pays only for orders of its own alliance."),
        "funds.other_field": _l("The fund does not pay for this field of technology."),
        "funds.other_size": _l("The fund does not pay for enterprises of this size."),
        "funds.rate": _l("The yearly interest lies between 0 and 100 %."),
        "funds.loan_terms": _l("A loan has both a yearly interest and a term. Fill in both, or neither."),
        "funds.term": _l("The term is 1 to %(most)s months."),
        "funds.decision_days": _l("A decision takes 0 to %(most)s days."),
        "funds.loss_split": _l("Give up to four whole numbers that make 100 together, such as 54:26:16:4."),
        "funds.other_region": _l("The fund does not pay for enterprises of this region."),
    }
)
