"""Pages of the people area: signing in and out, one's own page and sign-in, the persons with their roles and rights."""

from rostrum.areas.people.views.directories import (
    directory_begin,
    directory_callback,
    directory_finish,
    directory_metadata,
    directory_out,
    directory_posted,
    directory_signed_out,
)
from rostrum.areas.people.views.factors import (
    add_app,
    add_passkey,
    app_qr,
    enrol,
    make_recovery_codes,
    recovery_codes,
)
from rostrum.areas.people.views.grants import end_role, give_role
from rostrum.areas.people.views.my_sign_in import (
    end_my_other_sessions,
    end_my_session,
    my_sign_in,
    prove,
    refuse_my_reset,
    remove_factor,
)
from rostrum.areas.people.views.others_sign_in import (
    ask_reset,
    confirm_reset,
    drop_reset,
    end_person_sessions,
    person_sign_in,
)
from rostrum.areas.people.views.persons import add_person, me, people, person
from rostrum.areas.people.views.sign_in import (
    ask_password_link,
    change_password,
    passkey_options,
    passkey_sign_in,
    second_factor,
    set_password,
    sign_in,
    sign_out,
)

__all__ = [
    "add_app",
    "add_passkey",
    "add_person",
    "app_qr",
    "ask_password_link",
    "ask_reset",
    "change_password",
    "confirm_reset",
    "directory_begin",
    "directory_callback",
    "directory_finish",
    "directory_metadata",
    "directory_out",
    "directory_posted",
    "directory_signed_out",
    "drop_reset",
    "end_my_other_sessions",
    "end_my_session",
    "end_person_sessions",
    "end_role",
    "enrol",
    "give_role",
    "make_recovery_codes",
    "me",
    "my_sign_in",
    "passkey_options",
    "passkey_sign_in",
    "people",
    "person",
    "person_sign_in",
    "prove",
    "recovery_codes",
    "refuse_my_reset",
    "remove_factor",
    "second_factor",
    "set_password",
    "sign_in",
    "sign_out",
]
