"""What this room's choices, states, buttons and refusals are called."""

from flask_babel import lazy_gettext as _l

from marketplace.licences.workflow import (
    Account,
    Ahead,
    Breach,
    Entry,
    FeeMode,
    LicenceKind,
    LicenceState,
    MoneyState,
    OpenState,
    Outlook,
    Right,
    Side,
    StatementState,
)
from marketplace.web import words

words.labels(
    LicenceKind,
    {
        LicenceKind.ORDINARY: _l("Ordinary licence"),
        LicenceKind.SOLE: _l("Sole licence"),
        LicenceKind.EXCLUSIVE: _l("Exclusive licence"),
        LicenceKind.OPEN: _l("Open licence"),
    },
)
words.labels(Right, {Right.OWN: _l("your own"), Right.LICENSED: _l("licensed"), Right.MISSING: _l("missing")})
words.labels(
    FeeMode,
    {
        FeeMode.LUMP: _l("Lump sum"),
        FeeMode.RUNNING: _l("Running royalty"),
        FeeMode.ENTRY_RUNNING: _l("Entry fee and running royalty"),
        FeeMode.FREE: _l("Free of charge"),
        FeeMode.PAY_LATER: _l("Use first, pay later"),
    },
)
words.labels(
    LicenceState,
    {
        LicenceState.REQUESTED: _l("Asked for"),
        LicenceState.OFFERED: _l("Conditions to sign"),
        LicenceState.RUNNING: _l("Running"),
        LicenceState.ENDED: _l("Ended"),
        LicenceState.DECLINED: _l("Declined"),
        LicenceState.WITHDRAWN: _l("Request taken back"),
    },
)
words.tones(
    LicenceState,
    {
        LicenceState.REQUESTED: "waiting",
        LicenceState.OFFERED: "waiting",
        LicenceState.RUNNING: "good",
        LicenceState.DECLINED: "bad",
    },
)
words.labels(
    Breach,
    {
        Breach.UNPAID: _l("What is owed was not paid"),
        Breach.UNSTATED: _l("A statement is late"),
        Breach.BEYOND: _l("Used beyond what the licence allows"),
        Breach.LAPSED: _l("A patent is no longer in force"),
        Breach.INTRUDED: _l("Others were let use what was promised alone"),
    },
)
words.labels(
    Outlook,
    {
        Outlook.PROPOSE: _l("Propose the end"),
        Outlook.AGREE: _l("Agree to the end"),
        Outlook.ALONE: _l("End the licence"),
        Outlook.SAID: _l("End already asked for"),
    },
)
words.labels(Ahead, {Ahead.SIGNED: _l("Signed, not begun yet")})
words.tones(Ahead, {Ahead.SIGNED: "info"})
words.labels(Side, {Side.LICENSOR: _l("Licensor"), Side.LICENSEE: _l("Licensee")})
words.labels(
    StatementState,
    {
        StatementState.DUE: _l("To be filed"),
        StatementState.FILED: _l("Filed, to be accepted"),
        StatementState.QUESTIONED: _l("Questioned"),
        StatementState.ACCEPTED: _l("Accepted by the licensor"),
    },
)
words.tones(
    StatementState,
    {StatementState.DUE: "waiting", StatementState.QUESTIONED: "bad", StatementState.ACCEPTED: "good"},
)
words.labels(
    MoneyState,
    {
        MoneyState.PROPOSED: _l("Waits for a second person"),
        MoneyState.APPROVED: _l("Booked"),
        MoneyState.REJECTED: _l("Rejected"),
    },
)
words.tones(MoneyState, {MoneyState.PROPOSED: "waiting", MoneyState.APPROVED: "good", MoneyState.REJECTED: "bad"})
words.labels(OpenState, {OpenState.DECLARED: _l("Open to everybody"), OpenState.WITHDRAWN: _l("No longer open")})
words.tones(OpenState, {OpenState.DECLARED: "good"})
words.labels(
    Account,
    {
        Account.PAID_IN: _l("Paid by the licensee"),
        Account.HELD: _l("Held"),
        Account.POOL: _l("Pool"),
        Account.OWNER: _l("Patent owner"),
        Account.INVENTOR: _l("Inventor"),
    },
)
words.labels(Entry, {Entry.RECEIVE: _l("Received"), Entry.DISTRIBUTE: _l("Divided")})
words.events(
    "licence",
    {
        "offer": _l("Offer conditions"),
        "start": _l("Sign the licence"),
        "decline": _l("Decline the request"),
        "withdraw": _l("Take the request back"),
        "end": _l("End the licence"),
    },
)
words.events(
    "royalty_statement",
    {
        "file": _l("File the statement"),
        "question": _l("Question the statement"),
        "accept": _l("Accept the statement"),
    },
)
for _machine in ("royalty_receipt", "distribution"):
    words.events(_machine, {"approve": _l("Approve"), "reject": _l("Reject")})
words.events("open_licence", {"withdraw": _l("Withdraw the open licence")})
words.refusals(
    {
        "licences.handed_on": _l(
            "Your organisation handed a patent of this licence on: it goes on, and only its licensee or the new owner can end it."
        ),
        "licences.owner_outside": _l(
            "A patent of this licence now belongs to somebody outside the register, and only all its owners together can end it "
            "early. It ends with its term; its licensee can give it up."
        ),
        "licences.not_asked": _l(
            "Nobody has asked for the end of this licence, so there is nothing to take back or turn down."
        ),
        "licences.noticed": _l("Your side's earlier notice still stands. Take it back before you give another."),
        "licences.no_breach": _l("This cannot be said of this licence: choose what the other side broke."),
        "licences.term_runs": _l("The term of this licence is not over."),
        "licences.irrevocable": _l("A covenant promised this licence: only its licensee can give it up."),
        "licences.owners_only": _l("Only the owner of the organisation's account may do this."),
        "licences.pool_staff_only": _l("Only the alliance's secretary and the centre's officers speak for a pool."),
        "licences.cashiers_only": _l("Only fund managers and centre officers may do this."),
        "licences.no_patents": _l("Choose at least one patent; all must be of the same owner or in the same pool."),
        "licences.one_owner": _l("These patents have several owners. Ask each of them, or take a pool's bundle."),
        "licences.own": _l("The patent is your own."),
        "licences.no_rules": _l("The pool has no conditions in force yet."),
        "licences.pool_ordinary": _l("A pool gives ordinary licences only."),
        "licences.term": _l("The last day may not be before the first."),
        "licences.term_past": _l(
            "The last day is over already: a licence that begins now needs a term that still runs."
        ),
        "licences.before_patents": _l("The first day is before the first of these patents was applied for."),
        "licences.never_paid": _l(
            "The first day of payment comes after the last day of the licence: nothing would ever be owed."
        ),
        "licences.beyond_patents": _l("The last of these patents ends on %(day)s; a licence cannot be longer."),
        "licences.amount": _l("The amount lies between 0 and ten trillion yuan."),
        "licences.paper_used": _l(
            "The bank paper “%(paper)s” is recorded for this licence already. Give another number, or reject the earlier receipt."
        ),
        "licences.rate": _l("The rate lies between 0 and 100 %."),
        "licences.fee_missing": _l("This way of paying needs this figure."),
        "licences.no_leave": _l("The licence gives no leave to sub-license."),
        "licences.pool_no_leave": _l(
            "A pool's licence gives no leave to sub-license: everybody may take one of the pool."
        ),
        "licences.sub_ordinary": _l("A sub-licence is ordinary and gives no leave to sub-license further."),
        "licences.sub_start": _l("The licence it rests on begins on %(day)s; a sub-licence cannot begin before it."),
        "licences.sub_term": _l("The licence it rests on ends on %(day)s; a sub-licence cannot be longer."),
        "licences.rests_on_nothing": _l("The licence it rests on does not run any more."),
        "licences.sub_money": _l(
            "The fees of a sub-licence are between its two sides; owners are paid under the licence it rests on."
        ),
        "licences.unknown_licensee": _l("No verified organisation has exactly this name."),
        "licences.others_run": _l("Others are licensed already, so it cannot be exclusive or sole."),
        "licences.exclusive_runs": _l("An exclusive or sole licence of one of these patents runs."),
        "licences.not_running": _l("The licence does not run."),
        "licences.key_reused": _l("This command was already used for another movement. Nothing was moved."),
        "licences.not_held": _l("The licence holds ¥%(held)s; ¥%(asked)s were to be divided. Nothing was moved."),
        "licences.nothing_held": _l("There is nothing to divide."),
        "licences.open_already": _l("This patent is already open to everybody."),
        "licences.open_over": _l("The open licence is over."),
        "licences.held_already": _l("Your organisation already has a licence of this patent."),
        "licences.choose": _l("Choose one of your organisations."),
        "licences.pledge_sold": _l(
            "The patent was sold on %(day)s to somebody outside: only its owner now can pledge it, "
            "so there is no sheet for a bank."
        ),
        "licences.bar_not_granted": _l("Only a patent in force can be opened."),
        "licences.bar_exclusive": _l("An exclusive or sole licence runs."),
        "licences.bar_annuity": _l("The annual fee is not paid."),
        "licences.bar_disputed": _l("The right is in dispute or under preservation."),
        "licences.bar_pledged": _l("It is pledged, and the pledgee has not agreed."),
        "licences.bar_report": _l("Utility models and designs need the number of an evaluation report."),
        "licences.bar_co_owners": _l("The other owners have not agreed."),
        "licences.bar_term": _l("The licence would outlast the patent."),
        "licences.bar_past": _l("The last day is over."),
        "licences.bar_fee": _l("State the fee: a sum, or a rate of sales."),
    }
)
