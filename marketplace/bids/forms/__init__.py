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
    ShortlistForm,
    StartForm,
    SubmitForm,
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
    "ShortlistForm",
    "StartForm",
    "SubmitForm",
    "as_data",
]
