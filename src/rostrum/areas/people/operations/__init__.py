"""Everything that changes persons, roles, rights and sign-in: one act, one transaction, one entry.

The actor is the person who acts; ``SYSTEM`` stands for whoever installs the product at its command line, before there
is a person who could.
"""

from rostrum.areas.people.operations.acting import SYSTEM, Actor, ByDirectory
from rostrum.areas.people.operations.computers import confirm_computer, propose_computer, withdraw_computer
from rostrum.areas.people.operations.directories import arrive, end_by_directory, end_unseen_roles
from rostrum.areas.people.operations.factors import (
    add_app,
    add_passkey,
    ask_reset,
    confirm_reset,
    decide_installer_reset,
    drop_reset,
    make_recovery_codes,
    note_guessing,
    remove_factor,
    reset_by_installer,
    suspect_passkey,
    use_recovery_code,
)
from rostrum.areas.people.operations.grants import (
    decide_right_end,
    decide_role,
    deny_posting,
    end_all_channel_rights,
    end_channel_right,
    end_role,
    give_channel_right,
    give_role,
    lift_denial,
    note_use,
    resume_channel_right,
    suspend_channel_right,
)
from rostrum.areas.people.operations.persons import (
    EMPLOYMENT_CLASSES,
    add_person,
    add_unit,
    deactivate_person,
    decide_deactivation,
    invite_person,
    note_refused_attempt,
    plan_leaving,
    rescind_leaving,
    set_engagement,
)
from rostrum.areas.people.operations.sessions import end_other_sessions, end_session, end_sessions
from rostrum.areas.people.operations.sign_in import note_failed_try, send_password_link, set_password

__all__ = [
    "EMPLOYMENT_CLASSES",
    "SYSTEM",
    "Actor",
    "ByDirectory",
    "add_app",
    "add_passkey",
    "add_person",
    "add_unit",
    "arrive",
    "ask_reset",
    "confirm_computer",
    "confirm_reset",
    "deactivate_person",
    "decide_deactivation",
    "decide_installer_reset",
    "decide_right_end",
    "decide_role",
    "deny_posting",
    "drop_reset",
    "end_all_channel_rights",
    "end_by_directory",
    "end_channel_right",
    "end_other_sessions",
    "end_role",
    "end_session",
    "end_sessions",
    "end_unseen_roles",
    "give_channel_right",
    "give_role",
    "invite_person",
    "lift_denial",
    "make_recovery_codes",
    "note_failed_try",
    "note_guessing",
    "note_refused_attempt",
    "note_use",
    "plan_leaving",
    "propose_computer",
    "remove_factor",
    "rescind_leaving",
    "reset_by_installer",
    "resume_channel_right",
    "send_password_link",
    "set_engagement",
    "set_password",
    "suspect_passkey",
    "suspend_channel_right",
    "use_recovery_code",
    "withdraw_computer",
]
