"""A person who leaves: the instant, the channels they could reach, what is done about each, and who confirms it."""

from django.db import models
from django.db.models import F, Q

from rostrum.areas.channels.models.life import Channel
from rostrum.areas.people.models import acting_person
from rostrum.kernel.ids import new_id


def _separation_id() -> str:
    return new_id("sep")


def _reached_id() -> str:
    return new_id("rch")


def _task_id() -> str:
    return new_id("ttk")


class Separation(models.Model):
    """One person's leaving, for whatever reason: none is kept. `at` is the instant, `ended_at` when access ended.

    `contact` is where the person can be asked afterwards; it goes into no entry of the ledger.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_separation_id)
    person = acting_person()
    state = models.CharField(max_length=20, db_index=True)
    at = models.DateTimeField()
    contact = models.EmailField(blank=True)
    # The site's own origin, so that a mail sent later can lead to the page of questions.
    origin = models.CharField(max_length=200, blank=True)
    # None where the end of an engagement started it.
    started_by = acting_person(null=True, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    rescinded_by = acting_person(null=True, blank=True)
    rescinded_at = models.DateTimeField(null=True, blank=True)
    closed_by = acting_person(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=Q(state__in=("planned", "open")), name="one_separation_under_way"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("planned", "rescinded"), ended_at__isnull=True)
                | Q(state__in=("open", "closed"), ended_at__isnull=False),
                name="access_ended_where_separated",
            ),
        )


class ReachedChannel(models.Model):
    """One channel that the person could reach, by which ways, and what is done about it since.

    `ways` are codes (`queries.separation.WAYS`). Each confirmation names who gave it.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_reached_id)
    separation = models.ForeignKey(Separation, on_delete=models.PROTECT, related_name="channels")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="separations")
    ways = models.JSONField(default=list)

    surrendered_at = models.DateTimeField(null=True, blank=True)
    rotated_by = models.CharField(max_length=40, blank=True)  # the public id of the new log-in
    rotation_confirmed_by = acting_person(null=True, blank=True)
    rotation_confirmed_at = models.DateTimeField(null=True, blank=True)
    roles_removed_by = acting_person(null=True, blank=True)
    roles_removed_at = models.DateTimeField(null=True, blank=True)
    roles_note = models.TextField(blank=True)
    new_holder = acting_person(null=True, blank=True)
    named_by = acting_person(null=True, blank=True)
    named_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("channel__name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("separation", "channel"), name="a_channel_is_reached_once"),
            models.CheckConstraint(
                condition=Q(rotation_confirmed_at__isnull=True) | ~Q(rotated_by=""), name="a_rotation_names_its_log_in"
            ),
        )


class ChannelHandOver(models.Model):
    """What whoever takes the channel over must know to reach and control it. Never a password or a code.

    `given_by` is the person who leaves, or somebody who gives it for them; another person confirms it.
    """

    reached = models.OneToOneField(ReachedChannel, on_delete=models.PROTECT, related_name="hand_over")
    recovery_address = models.TextField()
    recovery_phone = models.TextField()
    second_factor = models.TextField()
    linked_applications = models.TextField()
    # "in_custody", "none", "made_anew"
    backup_codes = models.CharField(max_length=20)
    followers_export = models.TextField()
    contacts_export = models.TextField()
    other = models.TextField(blank=True)
    given_by = acting_person()
    given_at = models.DateTimeField()
    confirmed_by = acting_person(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("given_by")),
                name="a_hand_over_is_confirmed_by_another",
            ),
        )


class TransitionTask(models.Model):
    """Something asked of the person who leaves, before or after, answered without reaching any channel."""

    public_id = models.CharField(max_length=40, unique=True, default=_task_id)
    separation = models.ForeignKey(Separation, on_delete=models.PROTECT, related_name="tasks")
    what = models.TextField()
    due_at = models.DateTimeField()
    # None for the task that every separation begins with.
    assigned_by = acting_person(null=True, blank=True)
    assigned_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    # "desk", "link", or "recorded" by somebody who was told.
    answered_how = models.CharField(max_length=20, blank=True)
    recorded_by = acting_person(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="an_answered_task_has_its_answer",
            ),
        )
