"""The second step of signing in, setting factors up, one's own sign-in, and resets by two."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import limits, operations, totp
from rostrum.areas.people.models import Factor, FactorReset, RecoveryCode, SignedIn, SignInAttempt, User
from rostrum.areas.people.rules import Role
from tests.people import PASSWORD, a_person, anonymous, sign_in_by_hand, signed_in
from tests.simulators.authenticator import SecurityKey

pytestmark = pytest.mark.django_db
EMAIL = "coordinator@example.gov"
SEED = b"12345678901234567890"


class Clock:
    """The clock the pages read."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 8, 14, 0, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Iterator[Clock]:
    found = Clock()
    with mock.patch.object(timezone, "now", found):
        yield found


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.SIGN_IN = replace(settings.SIGN_IN, required_for=frozenset({Role.COORDINATOR, Role.HR, Role.IT_DIRECTOR}))


@pytest.fixture
def coordinator(clock: Clock) -> User:
    return a_person(Role.COORDINATOR, email=EMAIL, password=PASSWORD, name="Ada Lindqvist")


def kinds() -> list[str]:
    return [entry.kind for entry in Entry.objects.order_by("pk")]


def first_step(client: Client, email: str = EMAIL, **more: str) -> Any:
    return client.post(reverse("sign-in"), {"email": email, "password": PASSWORD, **more})


def seed_of(typed_key: str) -> bytes:
    """The seed as a person reads it off the page that sets an app up."""
    key = "".join(typed_key.split())
    return base64.b32decode(key + "=" * (-len(key) % 8))


def seed_on(page: Any) -> bytes:
    return seed_of(page.text.split('ros-typed-key">')[1].split("<")[0])


def set_up_app(client: Client, clock: Clock) -> tuple[bytes, Any]:
    seed = seed_on(client.get(reverse("add-app")))
    answer = client.post(reverse("add-app"), {"code": totp.code_now(seed, clock.now), "name": "Telephone"})
    return seed, answer


def with_app(person: User, clock: Clock) -> tuple[bytes, list[str]]:
    """Somebody with an app and recovery codes, set up as they would."""
    client = signed_in(person)
    seed, answer = set_up_app(client, clock)
    assert answer["Location"] == reverse("recovery-codes")
    codes = client.get(reverse("recovery-codes")).text.split("<li><code>")[1:]
    # So that the code which proved the app is over.
    clock.forward(minutes=2)
    return seed, [code.split("<")[0] for code in codes]


# enrolment


def test_a_role_that_needs_a_second_factor_does_not_come_in_without_one(coordinator: User, clock: Clock) -> None:
    client = anonymous()

    assert first_step(client, next=reverse("people"))["Location"] == reverse("enrol")

    assert client.get(reverse("people")).status_code == 302
    assert "Set up a second factor" in client.get(reverse("enrol")).text
    assert not SignedIn.objects.exists()
    assert "two minutes" in client.get(reverse("enrol")).text


def test_setting_an_app_up_lets_in_and_shows_the_recovery_codes_once(coordinator: User, clock: Clock) -> None:
    client = anonymous()
    first_step(client, next=reverse("people"))

    _, answer = set_up_app(client, clock)

    assert answer["Location"] == reverse("recovery-codes")
    page = client.get(reverse("recovery-codes")).text
    codes = [part.split("<")[0] for part in page.split("<li><code>")[1:]]
    assert len(codes) == len(set(codes)) == 10
    assert client.post(reverse("recovery-codes"))["Location"] == reverse("people")
    assert "Nothing to show" in client.get(reverse("recovery-codes")).text
    assert "Ada Lindqvist" in client.get(reverse("people")).text
    assert SignedIn.objects.get().has_second_factor
    assert kinds() == ["people.factor-added.v1"]
    # Nothing of it lies in the database as it is: neither the codes nor the seed.
    marks = RecoveryCode.objects.values_list("mark", flat=True)
    assert not set(codes) & set(marks)
    stored = "".join(Session.objects.values_list("session_data", flat=True))
    assert not [code for code in codes if code in stored]


def test_the_seed_is_sealed_in_the_database_and_shown_on_no_other_page(coordinator: User, clock: Clock) -> None:
    client = anonymous()
    first_step(client)
    seed, _ = set_up_app(client, clock)

    factor = Factor.objects.get()

    assert seed not in bytes(factor.sealed or b"")
    assert totp.typed_key(seed) not in client.get(reverse("my-sign-in")).text
    assert client.get(reverse("app-qr")).status_code == 410
    assert client.get(reverse("add-app")).text.count(totp.typed_key(seed)) == 0


def test_the_picture_is_an_svg_of_its_own_for_the_browser_that_asked(coordinator: User, clock: Clock) -> None:
    client = anonymous()
    first_step(client)
    client.get(reverse("add-app"))

    picture = client.get(reverse("app-qr"))

    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<svg" in picture.content
    assert b"style" not in picture.content
    assert b"script" not in picture.content
    assert "no-store" in picture["Cache-Control"]
    assert anonymous().get(reverse("app-qr")).status_code == 410


def test_a_wrong_code_sets_nothing_up_and_keeps_the_key(coordinator: User, clock: Clock) -> None:
    client = anonymous()
    first_step(client)
    seed = seed_on(client.get(reverse("add-app")))

    answer = client.post(reverse("add-app"), {"code": "000000"})

    assert answer.status_code == 422
    assert "not the code the app shows" in answer.text
    assert seed_on(answer) == seed
    assert not Factor.objects.exists()


def test_enrolment_has_ten_minutes_and_ends_with_the_password(coordinator: User, clock: Clock) -> None:
    late, changed = anonymous(), anonymous()
    for client in (late, changed):
        first_step(client)
    coordinator.set_password("rivers under the bridge")
    coordinator.save()
    assert changed.get(reverse("enrol"))["Location"] == reverse("sign-in")

    first_step_again = late.post(reverse("sign-in"), {"email": EMAIL, "password": "rivers under the bridge"})
    assert first_step_again["Location"] == reverse("enrol")
    clock.forward(minutes=11)
    assert late.get(reverse("add-app"))["Location"] == reverse("sign-in")


def test_who_needs_none_comes_in_with_the_password(clock: Clock) -> None:
    a_person(email="eve@example.gov", password=PASSWORD)

    assert first_step(anonymous(), email="eve@example.gov")["Location"] == reverse("today")
    assert not SignedIn.objects.get().has_second_factor


def test_a_session_without_a_second_factor_ends_when_a_role_asks_for_one(clock: Clock) -> None:
    person, client = a_person(), anonymous()
    sign_in_by_hand(client, person, has_second_factor=False)
    assert client.get(reverse("me")).status_code == 200

    coordinator = a_person(Role.COORDINATOR)
    operations.give_role(person=person, role=Role.HR, actor=coordinator, now=clock.now)

    assert client.get(reverse("me")).status_code == 302


# the second step


def test_with_an_app_the_second_step_is_its_code(coordinator: User, clock: Clock) -> None:
    seed, _ = with_app(coordinator, clock)
    client = anonymous()

    assert first_step(client, next=reverse("people"))["Location"] == reverse("second-factor")
    assert client.get(reverse("people")).status_code == 302
    answer = client.post(reverse("second-factor"), {"code": totp.code_now(seed, clock.now)})

    assert answer["Location"] == reverse("people")
    assert client.get(reverse("people")).status_code == 200


def test_a_code_is_taken_once(coordinator: User, clock: Clock) -> None:
    seed, _ = with_app(coordinator, clock)
    code = totp.code_now(seed, clock.now)
    first, second = anonymous(), anonymous()
    first_step(first)
    first_step(second)

    assert first.post(reverse("second-factor"), {"code": code}).status_code == 302
    answer = second.post(reverse("second-factor"), {"code": code})

    assert answer.status_code == 422
    assert "not taken" in answer.text


@pytest.mark.parametrize(("seconds", "status"), [(-30, 302), (0, 302), (30, 302), (-60, 422), (60, 422)])
def test_a_telephone_may_be_half_a_minute_off(coordinator: User, clock: Clock, seconds: int, status: int) -> None:
    seed, _ = with_app(coordinator, clock)
    client = anonymous()
    first_step(client)
    shown = totp.code_now(seed, clock.now + timedelta(seconds=seconds))

    assert client.post(reverse("second-factor"), {"code": f" {shown[:3]} {shown[3:]}"}).status_code == status


def test_a_recovery_code_lets_in_once_and_the_person_is_told(coordinator: User, clock: Clock) -> None:
    _, codes = with_app(coordinator, clock)
    client, again = anonymous(), anonymous()
    first_step(client)
    typed = codes[0].lower().replace("-", " ").replace("0", "o")

    assert client.post(reverse("second-factor"), {"code": typed})["Location"] == reverse("today")

    first_step(again)
    assert again.post(reverse("second-factor"), {"code": codes[0]}).status_code == 422
    assert kinds()[-1] == "people.recovery-code-used.v1"
    assert "9 of your recovery codes" in client.get(reverse("my-sign-in")).text
    told = [job.args["what"] for job in Job.objects.filter(kind="people.send-security-notice")]
    assert told[-1] == "recovery-code-used"


def test_five_wrong_codes_close_the_second_step_for_the_person_from_everywhere(coordinator: User, clock: Clock) -> None:
    seed, codes = with_app(coordinator, clock)
    for place in range(5):
        client = Client(REMOTE_ADDR=f"192.0.2.{place}")
        first_step(client)
        assert client.post(reverse("second-factor"), {"code": "000000"}).status_code == 422
    client = Client(REMOTE_ADDR="192.0.2.99")
    first_step(client)
    for code in (totp.code_now(seed, clock.now), codes[0]):
        assert client.post(reverse("second-factor"), {"code": code}).status_code == 422

    assert kinds().count("people.second-factor-guessed.v1") == 1
    told = [job.args["what"] for job in Job.objects.filter(kind="people.send-security-notice")]
    assert told.count("guessed") == 1
    SignInAttempt.objects.update(at=clock.now - limits.WINDOW - timedelta(seconds=1))
    assert client.post(reverse("second-factor"), {"code": codes[0]}).status_code == 302


def test_a_missing_key_is_said_and_loses_nothing(coordinator: User, clock: Clock, settings: Any) -> None:
    seed, codes = with_app(coordinator, clock)
    key = settings.KEYS_FOLDER / "sign-in-key"
    kept = key.read_bytes()
    key.unlink()
    client = anonymous()
    first_step(client)

    answer = client.post(reverse("second-factor"), {"code": totp.code_now(seed, clock.now)})

    assert answer.status_code == 409
    assert "sign-in-key is missing" in answer.text
    assert not key.exists()
    key.write_bytes(kept)
    assert client.post(reverse("second-factor"), {"code": codes[0]}).status_code == 302


def test_the_pages_between_the_steps_lead_to_sign_in_for_anybody_else() -> None:
    for route in ("second-factor", "enrol", "add-app", "add-passkey"):
        assert anonymous().get(reverse(route))["Location"] == reverse("sign-in")


# passkeys


def options(client: Client, purpose: str) -> dict[str, Any]:
    answer = client.post(reverse("passkey-options"), {"purpose": purpose})
    assert answer.status_code == 200, answer.text
    return answer.json()


def with_passkey(person: User, name: str = "Blue key") -> SecurityKey:
    client, key = signed_in(person), SecurityKey()
    answer = client.post(reverse("add-passkey"), {"name": name, "answer": key.make(options(client, "add"))})
    assert answer.status_code == 302, answer.text
    return key


def test_a_passkey_signs_in_by_itself(coordinator: User, clock: Clock) -> None:
    key = with_passkey(coordinator)
    client = anonymous()

    answer = client.post(
        reverse("passkey-sign-in"), {"answer": key.prove(options(client, "sign-in")), "next": reverse("people")}
    )

    assert answer["Location"] == reverse("people")
    assert client.get(reverse("people")).status_code == 200
    row = SignedIn.objects.order_by("pk").last()
    assert row is not None
    assert (row.how, row.has_second_factor) == ("passkey", True)
    assert Factor.objects.get().sign_count == 1


def test_a_passkey_is_the_second_step_too(coordinator: User, clock: Clock) -> None:
    key = with_passkey(coordinator)
    client = anonymous()
    assert first_step(client)["Location"] == reverse("second-factor")
    asked = options(client, "second")
    assert len(asked["publicKey"]["allowCredentials"]) == 1

    assert client.post(reverse("second-factor"), {"answer": key.prove(asked)})["Location"] == reverse("today")


def test_enrolling_with_a_passkey_lets_in(coordinator: User, clock: Clock) -> None:
    client, key = anonymous(), SecurityKey()
    first_step(client)

    answer = client.post(reverse("add-passkey"), {"answer": key.make(options(client, "add"))})

    assert answer["Location"] == reverse("recovery-codes")
    assert client.get(reverse("people")).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "https://testserver"},
        {"verified": False},
        {"altered": True},
        {"challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
        {"user_handle": b"per-somebody-else"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_passkeys_answer_that_proves_nothing_lets_nobody_in(
    coordinator: User, clock: Clock, wrong: dict[str, Any]
) -> None:
    key = with_passkey(coordinator)
    client = anonymous()

    answer = client.post(reverse("passkey-sign-in"), {"answer": key.prove(options(client, "sign-in"), **wrong)})

    assert answer.status_code == 422
    assert client.get(reverse("me")).status_code == 302
    assert Factor.objects.count() == 1


@pytest.mark.parametrize("answer", ["", "{}", "[]", "nonsense", '{"rawId": 4}', '{"rawId": "AAAA", "response": []}'])
def test_an_answer_that_is_none_is_refused_without_a_fault(coordinator: User, clock: Clock, answer: str) -> None:
    with_passkey(coordinator)
    client = anonymous()
    options(client, "sign-in")

    assert client.post(reverse("passkey-sign-in"), {"answer": answer}).status_code == 422


def test_a_passkeys_answer_counts_once_and_only_in_the_browser_that_asked(coordinator: User, clock: Clock) -> None:
    key = with_passkey(coordinator)
    asking, other = anonymous(), anonymous()
    answer = key.prove(options(asking, "sign-in"))

    options(other, "sign-in")
    assert other.post(reverse("passkey-sign-in"), {"answer": answer}).status_code == 422
    assert asking.post(reverse("passkey-sign-in"), {"answer": answer}).status_code == 302
    assert asking.post(reverse("passkey-sign-in"), {"answer": answer}).status_code == 422


def test_a_passkey_whose_counter_goes_back_is_taken_out_of_use(coordinator: User, clock: Clock) -> None:
    key = with_passkey(coordinator)
    client, copy = anonymous(), anonymous()
    client.post(reverse("passkey-sign-in"), {"answer": key.prove(options(client, "sign-in"), counter=7)})

    answer = copy.post(reverse("passkey-sign-in"), {"answer": key.prove(options(copy, "sign-in"), counter=7)})

    assert answer.status_code == 422
    assert not Factor.objects.exists()
    assert kinds()[-1] == "people.factor-suspect.v1"


def test_a_passkey_is_added_once_and_for_its_own_site(coordinator: User, clock: Clock) -> None:
    client, key = signed_in(coordinator), SecurityKey()
    client.post(reverse("add-passkey"), {"answer": key.make(options(client, "add"))})

    again = client.post(reverse("add-passkey"), {"answer": key.make(options(client, "add"))})
    foreign = SecurityKey(site="evil.example")
    elsewhere = client.post(reverse("add-passkey"), {"answer": foreign.make(options(client, "add"))})

    assert (again.status_code, elsewhere.status_code) == (422, 422)
    assert "here already" in again.text
    assert Factor.objects.count() == 1


def test_at_an_address_without_a_name_no_passkey_is_asked_for(coordinator: User, clock: Clock) -> None:
    client = signed_in(coordinator)

    page = client.get(reverse("add-passkey"), HTTP_HOST="127.0.0.1:8000")
    asked = client.post(reverse("passkey-options"), {"purpose": "add"}, HTTP_HOST="127.0.0.1:8000")

    assert "opened by a name" in page.text
    assert (asked.status_code, asked.json()["error"]) == (409, "no-site")


@pytest.mark.parametrize("purpose", ["second", "prove", "add", "else", ""])
def test_nobody_is_asked_for_a_passkey_out_of_turn(purpose: str) -> None:
    assert anonymous().post(reverse("passkey-options"), {"purpose": purpose}).status_code == 409


# one's own sign-in


def test_ones_own_page_lists_factors_and_sessions(coordinator: User, clock: Clock) -> None:
    with_passkey(coordinator, name="Blue key")
    elsewhere = anonymous()
    sign_in_by_hand(elsewhere, coordinator)
    SignedIn.objects.update(device="Firefox on Windows", network="198.51.100.0/24")

    page = signed_in(coordinator).get(reverse("my-sign-in")).text

    assert "Blue key" in page
    assert "Firefox on Windows" in page
    assert "198.51.100.0/24" in page
    assert "This one" in page


def test_a_factor_is_changed_only_soon_after_a_proof(coordinator: User, clock: Clock) -> None:
    client = signed_in(coordinator)
    clock.forward(minutes=16)

    assert client.get(reverse("add-app"))["Location"] == f"{reverse('prove')}?next={reverse('add-app')}"
    assert client.post(reverse("prove"), {"password": "wrong"}).status_code == 422
    answer = client.post(reverse("prove"), {"password": PASSWORD, "next": reverse("add-app")})

    assert answer["Location"] == reverse("add-app")
    assert client.get(reverse("add-app")).status_code == 200


def test_proving_by_a_code_and_by_a_passkey(coordinator: User, clock: Clock) -> None:
    seed, _ = with_app(coordinator, clock)
    key = with_passkey(coordinator)
    by_code, by_passkey = signed_in(coordinator), signed_in(coordinator)
    clock.forward(minutes=16)

    assert by_code.post(reverse("prove"), {"code": totp.code_now(seed, clock.now)}).status_code == 302
    assert by_passkey.post(reverse("prove"), {"answer": key.prove(options(by_passkey, "prove"))}).status_code == 302
    assert {row.proven_at for row in SignedIn.objects.order_by("pk")[2:]} == {clock.now}


def test_proving_has_a_limit(coordinator: User, clock: Clock) -> None:
    client = signed_in(coordinator)
    for _ in range(5):
        client.post(reverse("prove"), {"password": "wrong"})

    assert client.post(reverse("prove"), {"password": PASSWORD}).status_code == 422


def test_the_last_factor_of_a_role_that_needs_one_stays(coordinator: User, clock: Clock) -> None:
    with_passkey(coordinator)
    client = signed_in(coordinator)
    factor = Factor.objects.get()

    page = client.get(reverse("my-sign-in")).text
    answer = client.post(reverse("remove-factor", args=[factor.public_id]))

    assert "Add another one before removing this one" in page
    assert answer.status_code == 409
    assert Factor.objects.count() == 1


def test_a_factor_is_removed_recorded_and_told(clock: Clock) -> None:
    person = a_person(password=PASSWORD)
    with_passkey(person)
    client = signed_in(person)

    answer = client.post(reverse("remove-factor", args=[Factor.objects.get().public_id]))

    assert answer["Location"] == reverse("my-sign-in")
    assert not Factor.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert kinds() == ["people.factor-added.v1", "people.factor-removed.v1"]


def test_nobody_removes_the_factor_or_ends_the_session_of_another(coordinator: User, clock: Clock) -> None:
    with_passkey(coordinator)
    other = signed_in(a_person(Role.HR))
    mine = SignedIn.objects.filter(person=coordinator).first()
    assert mine is not None

    assert other.post(reverse("remove-factor", args=[Factor.objects.get().public_id])).status_code == 404
    assert other.post(reverse("end-my-session", args=[mine.public_id])).status_code == 404
    assert not SignedIn.objects.exclude(ended_at=None).exists()


def test_new_recovery_codes_replace_the_former(coordinator: User, clock: Clock) -> None:
    _, old = with_app(coordinator, clock)
    client = signed_in(coordinator)

    assert client.post(reverse("make-recovery-codes"))["Location"] == reverse("recovery-codes")
    new = [part.split("<")[0] for part in client.get(reverse("recovery-codes")).text.split("<li><code>")[1:]]

    assert not set(old) & set(new)
    trying = anonymous()
    first_step(trying)
    assert trying.post(reverse("second-factor"), {"code": old[0]}).status_code == 422
    assert trying.post(reverse("second-factor"), {"code": new[0]}).status_code == 302


def test_ending_one_session_and_all_others(coordinator: User, clock: Clock) -> None:
    here, one, two = (signed_in(coordinator) for _ in range(3))
    rows = list(SignedIn.objects.order_by("pk"))

    here.post(reverse("end-my-session", args=[rows[1].public_id]))
    assert [client.get(reverse("me")).status_code for client in (here, one, two)] == [200, 302, 200]

    here.post(reverse("end-my-other-sessions"))
    assert [client.get(reverse("me")).status_code for client in (here, one, two)] == [200, 302, 302]
    assert kinds() == ["people.sessions-ended.v1"] * 2
    again = here.post(reverse("end-my-other-sessions"), follow=True)
    assert "no other sessions" in again.text


def test_a_session_ends_after_the_longest_time_however_busy(coordinator: User, clock: Clock) -> None:
    client = signed_in(coordinator)
    for _ in range(23):
        clock.forward(minutes=20)
        assert client.get(reverse("me")).status_code == 200

    clock.forward(minutes=21)

    assert client.get(reverse("me")).status_code == 302


def test_the_database_holds_no_session_id(coordinator: User, clock: Clock, settings: Any) -> None:
    client = signed_in(coordinator)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value

    assert client.get(reverse("me")).status_code == 200
    assert not Session.objects.filter(session_key=key).exists()
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = Session.objects.get().session_key
    assert stolen.get(reverse("me")).status_code == 302


# somebody else's sign-in


def test_hr_and_it_end_somebodys_sessions_and_others_do_not(coordinator: User, clock: Clock) -> None:
    person = a_person()
    for role, status in [(Role.HR, 302), (Role.IT_DIRECTOR, 302), (Role.DEPARTMENT_HEAD, 403), (Role.AUDITOR, 403)]:
        client = signed_in(person)
        answer = signed_in(a_person(role)).post(reverse("end-person-sessions", args=[person.public_id]))
        assert answer.status_code == status
        assert client.get(reverse("me")).status_code == (302 if status == 302 else 200)


def test_who_ends_sessions_sees_how_many_but_not_from_where(coordinator: User, clock: Clock) -> None:
    person = a_person()
    signed_in(person)
    SignedIn.objects.filter(person=person).update(device="Firefox on Windows", network="198.51.100.0/24")

    page = signed_in(coordinator).get(reverse("person-sign-in", args=[person.public_id])).text

    assert "1 session" in page
    assert "Firefox" not in page
    assert "198.51.100" not in page


def test_lost_factors_are_reset_by_two_and_the_person_enrols_anew(coordinator: User, clock: Clock) -> None:
    _, codes = with_app(coordinator, clock)
    theirs, hr, it = signed_in(coordinator), signed_in(a_person(Role.HR)), signed_in(a_person(Role.IT_DIRECTOR))

    asked = hr.post(reverse("ask-reset", args=[coordinator.public_id]), {"reason": "Came to the office in person"})
    reset = FactorReset.objects.get()
    assert asked["Location"] == reverse("person-sign-in", args=[coordinator.public_id])
    assert hr.post(reverse("confirm-reset", args=[reset.public_id])).status_code == 409
    assert theirs.post(reverse("confirm-reset", args=[reset.public_id])).status_code == 409
    assert it.post(reverse("confirm-reset", args=[reset.public_id])).status_code == 302

    assert not Factor.objects.exists()
    assert theirs.get(reverse("me")).status_code == 302
    client = anonymous()
    assert first_step(client)["Location"] == reverse("enrol")
    assert client.post(reverse("second-factor"), {"code": codes[0]})["Location"] == reverse("sign-in")
    assert kinds()[-2:] == ["people.factor-reset-asked.v1", "people.factors-reset.v1"]
    told = [job.args["what"] for job in Job.objects.filter(kind="people.send-security-notice")]
    assert told[-2:] == ["reset-asked", "factors-reset"]
    assert hr.post(reverse("confirm-reset", args=[reset.public_id])).status_code == 409


def test_the_person_refuses_a_reset_they_did_not_ask_for(coordinator: User, clock: Clock) -> None:
    with_app(coordinator, clock)
    signed_in(a_person(Role.HR)).post(reverse("ask-reset", args=[coordinator.public_id]), {"reason": "A call"})
    reset, theirs = FactorReset.objects.get(), signed_in(coordinator)
    assert "Somebody asked that your second factors be reset" in theirs.get(reverse("my-sign-in")).text

    theirs.post(reverse("refuse-my-reset", args=[reset.public_id]))

    it = signed_in(a_person(Role.IT_DIRECTOR))
    assert it.post(reverse("confirm-reset", args=[reset.public_id])).status_code == 409
    assert Factor.objects.exists()


def test_a_reset_lapses_after_three_days_and_can_be_asked_for_anew(coordinator: User, clock: Clock) -> None:
    with_app(coordinator, clock)
    hr_person, it_person = a_person(Role.HR), a_person(Role.IT_DIRECTOR)
    address = reverse("ask-reset", args=[coordinator.public_id])
    signed_in(hr_person).post(address, {"reason": "In person"})
    reset = FactorReset.objects.get()
    clock.forward(hours=72, seconds=1)

    assert signed_in(it_person).post(reverse("confirm-reset", args=[reset.public_id])).status_code == 409
    assert signed_in(it_person).post(address, {"reason": "In person again"}).status_code == 302
    assert FactorReset.objects.filter(settled_at=None).count() == 1


def test_a_person_who_leaves_has_no_session_and_no_factor_from_that_instant(coordinator: User, clock: Clock) -> None:
    person = a_person(password=PASSWORD)
    key, client = with_passkey(person), signed_in(person)

    operations.deactivate_person(person=person, actor=coordinator, now=clock.now)

    assert client.get(reverse("me")).status_code == 302
    assert not Factor.objects.filter(person=person).exists()
    assert not Session.objects.exists()
    trying = anonymous()
    assert trying.post(reverse("passkey-sign-in"), {"answer": key.prove(options(trying, "sign-in"))}).status_code == 422
