"""Forms of contracts, in the order of their life."""

from marketplace.contracts.forms.after import (
    ChangeForm,
    EndForm,
    EndRulingForm,
    RatingForm,
    ResultForm,
    TrainingEndForm,
    TrainingForm,
)
from marketplace.contracts.forms.delivery import (
    AdviceForm,
    AmountForm,
    DeclareForm,
    DeliverForm,
    DisputeForm,
    ExpertForm,
    OnceForm,
    OpinionForm,
    ReceiptsForm,
    VerdictForm,
    evidence_of,
)
from marketplace.contracts.forms.text import ClauseForm, ParticularsForm, PlanForm, SeenForm, SignForm

__all__ = [
    "AdviceForm",
    "AmountForm",
    "ChangeForm",
    "ClauseForm",
    "DeclareForm",
    "DeliverForm",
    "DisputeForm",
    "EndForm",
    "EndRulingForm",
    "ExpertForm",
    "OnceForm",
    "OpinionForm",
    "ParticularsForm",
    "PlanForm",
    "RatingForm",
    "ReceiptsForm",
    "ResultForm",
    "SeenForm",
    "SignForm",
    "TrainingEndForm",
    "TrainingForm",
    "VerdictForm",
    "evidence_of",
]
