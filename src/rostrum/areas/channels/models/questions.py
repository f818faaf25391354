"""Questions about channels, and what the coordinator answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from rostrum.areas.channels.models.life import Channel
from rostrum.kernel.ids import new_id


def _question_id() -> str:
    return new_id("qst")


class ChannelQuestion(models.Model):
    """One question about creating or managing a channel, with its answer once there is one (WAU-own-03)."""

    public_id = models.CharField(max_length=40, unique=True, default=_question_id)
    channel = models.ForeignKey(Channel, null=True, blank=True, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    # The clause of the policy from which it was answered, where it was.
    answered_from = models.CharField(max_length=80, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="a_question_asks_something"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_by__isnull=False)),
                name="an_answer_names_who_answered",
            ),
        )

    def __str__(self) -> str:
        return self.public_id
