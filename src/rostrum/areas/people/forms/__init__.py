"""Forms of the people area."""

from rostrum.areas.people.forms.factors import (
    AppForm,
    CodeForm,
    PasskeyAnswerForm,
    PasskeyForm,
    ProveForm,
    ResetForm,
)
from rostrum.areas.people.forms.grants import RoleForm
from rostrum.areas.people.forms.persons import PersonForm
from rostrum.areas.people.forms.sign_in import ChangePasswordForm, NewPasswordForm, PasswordLinkForm, SignInForm

__all__ = [
    "AppForm",
    "ChangePasswordForm",
    "CodeForm",
    "NewPasswordForm",
    "PasskeyAnswerForm",
    "PasskeyForm",
    "PasswordLinkForm",
    "PersonForm",
    "ProveForm",
    "ResetForm",
    "RoleForm",
    "SignInForm",
]
