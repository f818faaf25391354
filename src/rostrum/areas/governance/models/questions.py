"""Questions of employees to their supervisors, whether an activity is appropriate; and what was answered."""

from django.db import models

from rostrum.areas.people.models import Unit, acting_person
from rostrum.kernel.ids import new_id


def _question_id() -> str:
    return new_id("qst")


class SupervisorQuestion(models.Model):
    """One question, for whoever heads the department to answer. Only the two of them read it."""

    public_id = models.CharField(max_length=40, unique=True, default=_question_id)
    person = acting_person()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    question = models.TextField()
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = acting_person(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-pk")
