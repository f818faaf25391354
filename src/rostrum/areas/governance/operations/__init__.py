"""Everything that governance does: one act, one transaction, one entry."""

from rostrum.areas.governance.operations.acknowledgements import (
    certify_policy,
    chase_certifications,
    deliver_policy,
    end_certification,
    finish_reading,
    keep_certificate,
    open_policy,
    record_paper_return,
)
from rostrum.areas.governance.operations.directives import (
    answer_suggestion,
    issue_directive,
    look_at_directives,
    record_directive_delivery,
    suggest_directive,
)
from rostrum.areas.governance.operations.packs import activate_packs, establish_body, set_choice
from rostrum.areas.governance.operations.policies import (
    confirm_policy_reading,
    enter_policy_text,
    list_related_policy,
    put_text_in_force,
    withdraw_related_policy,
)
from rostrum.areas.governance.operations.questions import (
    answer_supervisor,
    ask_supervisor,
)
from rostrum.areas.governance.operations.security import (
    ask_persona_exception,
    block_site,
    end_persona_exception,
    refuse_persona_exception,
    register_persona,
    sign_persona_exception,
    unblock_site,
)
from rostrum.areas.governance.operations.training import (
    assign_training,
    complete_training,
    confirm_bulletin,
    end_assignment,
    enter_training,
    issue_bulletin,
    retire_training,
)

__all__ = [
    "activate_packs",
    "answer_suggestion",
    "answer_supervisor",
    "ask_persona_exception",
    "ask_supervisor",
    "assign_training",
    "block_site",
    "certify_policy",
    "chase_certifications",
    "complete_training",
    "confirm_bulletin",
    "confirm_policy_reading",
    "deliver_policy",
    "end_assignment",
    "end_certification",
    "end_persona_exception",
    "enter_policy_text",
    "enter_training",
    "establish_body",
    "finish_reading",
    "issue_bulletin",
    "issue_directive",
    "keep_certificate",
    "list_related_policy",
    "look_at_directives",
    "open_policy",
    "put_text_in_force",
    "record_directive_delivery",
    "record_paper_return",
    "refuse_persona_exception",
    "register_persona",
    "retire_training",
    "set_choice",
    "sign_persona_exception",
    "suggest_directive",
    "unblock_site",
    "withdraw_related_policy",
]
