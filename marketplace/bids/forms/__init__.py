"""Forms of bids."""

from marketplace.bids.forms.bid import BidForm, as_data
from marketplace.bids.forms.small import (
    AmendForm,
    AnswerForm,
    DeadlineForm,
    FileForm,
    PartForm,
    RepairAnswerForm,
    RepairForm,
    StartForm,
)

__all__ = [
    "AmendForm",
    "AnswerForm",
    "BidForm",
    "DeadlineForm",
    "FileForm",
    "PartForm",
    "RepairAnswerForm",
    "RepairForm",
    "StartForm",
    "as_data",
]
