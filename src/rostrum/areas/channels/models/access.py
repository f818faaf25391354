"""Who and what a platform lets act on a channel: lists of administrators, applications, and what does not agree."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from rostrum.areas.channels.models.life import Channel
from rostrum.kernel.ids import new_id


def _administrator_list_id() -> str:
    return new_id("adl")


def _finding_id() -> str:
    return new_id("adf")


def _app_id() -> str:
    return new_id("app")


def _app_check_id() -> str:
    return new_id("apc")


def _app_finding_id() -> str:
    return new_id("apf")


def _settings_check_id() -> str:
    return new_id("stc")


class AdministratorList(models.Model):
    """One list of a channel's administrators, as its platform gave it or a person handed it in.

    `source` is the blob of the list as it came; `rows` is what was read from it, with the person each one was found to
    be; `faults` are the lines that could not be read.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_administrator_list_id)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="administrator_lists")
    is_read = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    source = models.CharField(max_length=64)
    rows = models.JSONField()
    faults = models.JSONField(default=list)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(is_read=True) | Q(by__isnull=False), name="a_list_handed_in_names_who"),
        )

    def __str__(self) -> str:
        return self.public_id


class AdministratorFinding(models.Model):
    """One disagreement between a platform's list and the roster of holders, until a list no longer shows it."""

    public_id = models.CharField(max_length=40, unique=True, default=_finding_id)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="administrator_findings")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=300, blank=True)
    words = models.TextField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    opened_by_list = models.ForeignKey(AdministratorList, on_delete=models.PROTECT, related_name="opened")
    opened_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    resolved_by_list = models.ForeignKey(
        AdministratorList, null=True, on_delete=models.PROTECT, related_name="resolved"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("opened_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("channel", "kind", "key"),
                condition=Q(resolved_at__isnull=True),
                name="one_open_administrator_finding",
            ),
        )

    def __str__(self) -> str:
        return self.public_id


class PlatformLogIn(models.Model):
    """Which person a log-in name or name on a platform is, as somebody told it once."""

    platform = models.CharField(max_length=50)
    login = models.CharField(max_length=300)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("platform", "login"), name="one_person_per_platform_log_in"),)


class AllowedApplication(models.Model):
    """An application or connector that may be connected to channels, once the coordinator and IT have both approved.

    `platform` is "" where it may be connected anywhere. `is_connector` marks the product's own.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_app_id)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)
    platform = models.CharField(max_length=50, blank=True)
    vendor = models.CharField(max_length=200, blank=True)
    purpose = models.TextField()
    is_connector = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    coordinator = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    coordinator_at = models.DateTimeField(null=True, blank=True)
    it = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    it_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("name_key", "platform"),
                condition=Q(withdrawn_at__isnull=True),
                name="one_listed_application_per_name",
            ),
            models.CheckConstraint(
                condition=Q(coordinator__isnull=True) | Q(it__isnull=True) | ~Q(coordinator=F("it")),
                name="an_application_is_approved_by_two",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_allowed(self) -> bool:
        """Whether both have approved it and nobody has withdrawn it."""
        return self.coordinator_at is not None and self.it_at is not None and self.withdrawn_at is None


class ApplicationCheck(models.Model):
    """One look at which applications are connected to a channel; `source` is the blob of what was read or handed in."""

    public_id = models.CharField(max_length=40, unique=True, default=_app_check_id)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="application_checks")
    is_read = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    source = models.CharField(max_length=64)
    names = models.JSONField(default=list)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.public_id


class ApplicationFinding(models.Model):
    """An application that is connected and not allowed, until a look no longer finds it or it is allowed."""

    public_id = models.CharField(max_length=40, unique=True, default=_app_finding_id)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="application_findings")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)
    opened_by_check = models.ForeignKey(ApplicationCheck, on_delete=models.PROTECT, related_name="opened")
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolution = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("opened_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("channel", "name_key"),
                condition=Q(resolved_at__isnull=True),
                name="one_open_finding_per_application",
            ),
        )

    def __str__(self) -> str:
        return self.name


class SettingsCheck(models.Model):
    """One completed checklist of a channel's privacy and security settings on its platform: item → how it is set."""

    public_id = models.CharField(max_length=40, unique=True, default=_settings_check_id)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="settings_checks")
    guide = models.CharField(max_length=50)
    guide_version = models.CharField(max_length=20)
    answers = models.JSONField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.public_id
