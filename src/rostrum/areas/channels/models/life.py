"""Official channels, the platforms they are on, and the steps of their approval."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from rostrum.areas.channels.addresses import LONGEST_HANDLE, LONGEST_NAME, LONGEST_URL
from rostrum.kernel.ids import new_id


def _channel_id() -> str:
    return new_id("chn")


class Platform(models.Model):
    """A platform on which channels are held; rows come from `platforms.PLATFORMS`.

    `terms_on_user_posts` is what its terms say about who owns what others post there (WAU-legal-06b).
    """

    slug = models.SlugField(primary_key=True)
    name = models.CharField(max_length=80)
    terms_on_user_posts = models.TextField(blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Channel(models.Model):
    """One official channel, from the request to after its closing.

    The four questions of who owns what are four fields: `owner` (the body, always), `unit` (maintains it),
    `copyright_holder`, and the platform's terms on user posts (clauses WAU-own-01, DMA-II-B-03a, DMA-II-B-05a,
    WAU-legal-06b). `address_key` is the address in its one normal spelling; `connection` holds what a connector must
    know and need not be secret (a server's address, a native id).
    """

    public_id = models.CharField(max_length=40, unique=True, default=_channel_id)
    slug = models.SlugField(max_length=80, unique=True)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="channels")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=LONGEST_NAME)
    handle = models.CharField(max_length=LONGEST_HANDLE, blank=True)
    url = models.URLField(max_length=LONGEST_URL, blank=True)
    native_id = models.CharField(max_length=300, blank=True)
    address_key = models.CharField(max_length=LONGEST_URL)
    state = models.CharField(max_length=20, db_index=True)

    owner = models.CharField(max_length=200)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="channels")
    copyright_holder = models.CharField(max_length=200)
    terms_on_user_posts = models.TextField(blank=True)
    registered_email = models.EmailField(blank=True)
    # In whose name and with whose contact it is registered on its platform (WAU-own-02b), or why in another's.
    registered_name = models.CharField(max_length=200, blank=True)
    registered_contact = models.CharField(max_length=300, blank=True)
    why_other_name = models.TextField(blank=True)
    # The person through whose own profile the platform lets the body in, where there is no other way.
    tied_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    # Which of the purposes that the packs list it serves (codes).
    serves = models.JSONField(default=list, blank=True)
    purpose = models.TextField()
    mission_goal = models.TextField()
    # Whose use it is of (`rules.asking.Use`), and the business case made for it.
    use = models.CharField(max_length=10, default="official")
    business_case = models.TextField(blank=True)
    # Who weighed the added risk for the department, and when (WAU-use-09a).
    risk_acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    risk_acknowledged_at = models.DateTimeField(null=True, blank=True)
    capture_plan = models.TextField(blank=True)
    cadence_minutes = models.PositiveIntegerField(default=15)

    maintained_by = models.TextField(blank=True)
    comment_policy = models.TextField(blank=True)
    blocking_notice = models.TextField(blank=True)
    stated_purpose = models.TextField(blank=True)
    official_contact = models.TextField(blank=True)
    policy_link = models.URLField(max_length=500, blank=True)
    official_site_link = models.URLField(max_length=500, blank=True)

    # Until when its page must be looked at again, how many elements it lacks, and since when the look is overdue.
    page_due_at = models.DateTimeField(null=True, blank=True)
    page_missing = models.PositiveSmallIntegerField(default=0)
    page_lapsed_at = models.DateTimeField(null=True, blank=True)

    connection = models.JSONField(default=dict, blank=True)
    trouble = models.CharField(max_length=40, blank=True)
    trouble_since = models.DateTimeField(null=True, blank=True)
    last_connected_at = models.DateTimeField(null=True, blank=True)

    # Nobody asked for a channel that was found; whoever asks afterwards that it be approved stands here then.
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField(null=True, blank=True)
    found_in = models.CharField(max_length=300, blank=True)
    # Why a handle that can be mistaken for another channel's is used all the same.
    why_alike = models.TextField(blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    declined_reason = models.TextField(blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    live_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            # A declined request or a closed channel does not keep its address from being asked for again.
            models.UniqueConstraint(
                fields=("platform", "address_key"),
                condition=~Q(state__in=("declined", "closed")),
                name="one_channel_per_address",
            ),
            models.CheckConstraint(condition=~Q(owner=""), name="channel_has_an_owner"),
            models.CheckConstraint(condition=~Q(state="live") | ~Q(capture_plan=""), name="live_channel_is_captured"),
            models.CheckConstraint(condition=Q(cadence_minutes__gte=1), name="channel_has_a_cadence"),
            models.CheckConstraint(
                condition=Q(requested_by__isnull=False, requested_at__isnull=False) | Q(found_at__isnull=False),
                name="channel_was_asked_for_or_found",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ApprovalStep(models.Model):
    """One step taken towards a channel's approval: who, in which role, when, with what note."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("channel", "number"), name="approval_step_once"),)
