"""What this room's choices, states, buttons and refusals are called."""

from flask_babel import lazy_gettext as _l

from marketplace.pools.workflow import Essentiality, OfferState, Relation, RulesState, Validity
from marketplace.web import words

words.labels(
    OfferState,
    {
        OfferState.OFFERED: _l("Offered, waits for an expert"),
        OfferState.EVALUATING: _l("Being evaluated"),
        OfferState.EVALUATED: _l("Evaluated, waits for a proposal"),
        OfferState.PROPOSED: _l("Proposed, waits for a second person"),
        OfferState.ADMITTED: _l("In the pool"),
        OfferState.REFUSED: _l("Not admitted to the pool"),
        OfferState.WITHDRAWN: _l("Offer taken back"),
        OfferState.LEFT: _l("Left the pool"),
    },
)
words.tones(
    OfferState,
    {
        OfferState.OFFERED: "waiting",
        OfferState.EVALUATING: "waiting",
        OfferState.EVALUATED: "waiting",
        OfferState.PROPOSED: "waiting",
        OfferState.ADMITTED: "good",
        OfferState.REFUSED: "bad",
    },
)
words.labels(
    RulesState,
    {
        RulesState.PROPOSED: _l("Waits for a second person"),
        RulesState.IN_FORCE: _l("Conditions in force"),
        RulesState.REPLACED: _l("Replaced"),
        RulesState.REFUSED: _l("Conditions dropped"),
    },
)
words.tones(RulesState, {RulesState.PROPOSED: "waiting", RulesState.IN_FORCE: "good"})
words.labels(Validity, {Validity.SOLID: _l("Solid"), Validity.DOUBTFUL: _l("Doubtful"), Validity.WEAK: _l("Weak")})
words.labels(
    Essentiality,
    {
        Essentiality.ESSENTIAL: _l("Essential: products of the field cannot do without it"),
        Essentiality.USEFUL: _l("Useful: there are worse ways round it"),
        Essentiality.MARGINAL: _l("Marginal"),
    },
)
words.labels(
    Relation,
    {
        Relation.COMPLEMENT: _l("Complements the pooled patents"),
        Relation.SUBSTITUTE: _l("Could replace a pooled patent"),
    },
)
words.events(
    "pool_offer",
    {
        "appoint": _l("Appoint an expert"),
        "evaluate": _l("Hand the evaluation in"),
        "propose": _l("Propose the admission"),
        "admit": _l("Admit to the pool"),
        "refuse": _l("Refuse the admission"),
        "withdraw": _l("Take the offer back"),
        "leave": _l("Leave the pool"),
    },
)
words.events(
    "pool_rules",
    {"approve": _l("Approve the conditions"), "refuse": _l("Drop the conditions"), "replace": _l("Replace")},
)
words.refusals(
    {
        "pools.choose_expert": _l("Choose an expert, or type an e-mail address."),
        "pools.owners_only": _l("Only the owner of the organisation's account may do this."),
        "pools.not_valid": _l("Only patents in force and published applications can be pooled."),
        "pools.not_member": _l("Your organisation is not a member of this alliance."),
        "pools.staff_only": _l("Only the alliance's secretary and the centre's officers may do this."),
        "pools.expert_only": _l("Only the appointed expert may evaluate."),
        "pools.offered_already": _l("This patent is already offered or in a pool."),
        "pools.no_expert": _l("No person of a university or institute has this address."),
        "pools.conflict": _l(
            "This person is close to an owner or inventor of the patent. Choose somebody independent."
        ),
        "pools.conflict_since": _l(
            "The expert is close to an owner or inventor of the patent as it is now. "
            "Refuse the offer; a new one gets another expert."
        ),
        "pools.chart": _l("Set at least one element of a claim beside what a product does."),
        "pools.weight": _l("The weight lies between 1 and 10."),
        "pools.substitute": _l("The expert found that it could replace a pooled patent. Pools hold complements only."),
        "pools.price_rises": _l("The price of the pool never rises: not above the cap and the rate in force."),
        "pools.amount": _l("The amount lies between 0 and ten trillion yuan."),
        "pools.rate": _l("The rate lies between 0 and 100 %."),
        "pools.fee": _l("The pool keeps between 0 and %(most)s %%."),
    }
)
