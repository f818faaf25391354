"""Persons, units, roles and grants. Who may do what is decided in `rules`."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from rostrum.kernel.ids import new_id


def _unit_id() -> str:
    return new_id("unt")


def _person_id() -> str:
    return new_id("per")


def _grant_id() -> str:
    return new_id("grt")


class Unit(models.Model):
    """A department or office of the body."""

    public_id = models.CharField(max_length=40, unique=True, default=_unit_id)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class PeopleManager(BaseUserManager["User"]):
    """Makes persons; sign-in is by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person who can sign in when a password is given."""
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save()
        return person


class User(AbstractBaseUser):
    """A person of the body who can sign in. `left_at` ends everything at that instant."""

    public_id = models.CharField(max_length=40, unique=True, default=_person_id)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="people")
    # permanent, temporary, intern, volunteer, contractor, elected: decides which basic role a person has.
    employment_class = models.CharField(max_length=40, default="permanent")
    is_active = models.BooleanField(default=True)
    left_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = PeopleManager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """A dated role of a person, over the whole body or one unit."""

    public_id = models.CharField(max_length=40, unique=True, default=_grant_id)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")), name="role_ends_after_it_starts"
            ),
        )


class ChannelGrant(models.Model):
    """A dated right of a person on a channel: speak, approve, moderate, or hold its credential.

    Channels stand above people, so the channel is named by its public id.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_grant_id)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="channel_grants")
    channel = models.CharField(max_length=40, db_index=True)
    right = models.CharField(max_length=20)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")), name="grant_ends_after_it_starts"
            ),
        )


def acting_person(**options: Any) -> "models.ForeignKey[Any, Any]":
    """A column of another area that names who did something: people stay, and know nothing of where they are named."""
    return models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", **options)


class SignInAttempt(models.Model):
    """One try to sign in, kept while it counts towards the limit. Holds keyed digests, not who or from where."""

    pair = models.CharField(max_length=64)  # of network address and e-mail address together
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("pair", "at")), models.Index(fields=("address", "at")))


class PostedForm(models.Model):
    """A form that was sent, by its hidden token: a second sending gets the first one's answer (web/double_posting.py).

    `location` is empty while the act is under way.
    """

    token = models.CharField(max_length=64, unique=True)
    content = models.CharField(max_length=64)
    location = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)
