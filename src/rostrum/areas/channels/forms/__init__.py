"""Forms of the channels area."""

from rostrum.areas.channels.forms.custody import DepositForm
from rostrum.areas.channels.forms.life import (
    DescribeForm,
    OpenForm,
    ReasonForm,
    RequestForm,
    StepForm,
    UseForm,
)
from rostrum.areas.channels.forms.page import PageCheckForm

__all__ = [
    "DepositForm",
    "DescribeForm",
    "OpenForm",
    "PageCheckForm",
    "ReasonForm",
    "RequestForm",
    "StepForm",
    "UseForm",
]
