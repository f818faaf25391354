"""Persons and the units they belong to."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from rostrum.kernel.ids import new_id


def _unit_id() -> str:
    return new_id("unt")


def _person_id() -> str:
    return new_id("per")


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
    # Until when a contractor, vendor or agent works for the body: access ends at that instant by itself.
    engagement_ends_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = PeopleManager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class RefusedAttempt(models.Model):
    """Somebody who has left tried to get in: how, since when, how often within the hour."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="refused_attempts")
    way = models.CharField(max_length=20)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-last_at", "-pk")


def acting_person(**options: Any) -> "models.ForeignKey[Any, Any]":
    """A column of another area that names who did something: people stay, and know nothing of where they are named."""
    return models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", **options)
