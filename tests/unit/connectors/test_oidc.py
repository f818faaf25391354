"""OpenID Connect: what is believed, and every way in which an answer is not."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from rostrum.connectors.identity import NotAccepted, OpenIdSettings, Unreachable, is_safe_address
from rostrum.connectors.identity.oidc import OpenId, forget_issuers
from tests.simulators.issuer import URL, Issuer, Key, a_stranger

NOW = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)  # an hour that happens twice in Wausau
SECONDS = int(NOW.timestamp())
BACK = "http://testserver/sign-in/with/city/callback/"


def signed_in(issuer: Issuer, *, now: datetime = NOW, **answer: str) -> Any:
    openid = OpenId(issuer.settings, issuer.transport)
    begun = openid.begin(BACK)
    return openid.finish(issuer.sign_in(begun, **answer), begun, BACK, now=now)


def refusal(issuer: Issuer, *, now: datetime = NOW, **answer: str) -> str:
    with pytest.raises(NotAccepted) as caught:
        signed_in(issuer, now=now, **answer)
    return caught.value.code


def test_what_the_directory_says_is_read_from_its_signed_token() -> None:
    issuer = Issuer(now=NOW, claims={"groups": ["Social Media", "Social Media", "Parks"], "amr": ["pwd", "otp"]})

    found = signed_in(issuer)

    assert (found.issuer, found.subject, found.email, found.email_is_verified) == (
        URL,
        "u-1",
        "ada@city.example",
        True,
    )
    assert found.groups == ("Social Media", "Parks")
    assert found.has_second_factor


def test_the_browser_is_sent_away_with_what_must_come_back() -> None:
    issuer = Issuer(now=NOW)
    openid = OpenId(issuer.settings, issuer.transport)

    first, second = openid.begin(BACK), openid.begin(BACK)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(first.url).query).items()}

    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == BACK
    assert {first.state, first.nonce, first.verifier} & {second.state, second.nonce, second.verifier} == set()
    assert first.verifier not in first.url
    assert first.verifier not in repr(first)
    assert "a secret of ours" not in repr(issuer.settings)
    again = parse_qs(urlsplit(openid.begin(BACK, again=True).url).query)
    assert (again["prompt"], again["max_age"]) == (["login"], ["0"])


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"aud": "another-client"}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": ["rostrum", "another"]}, "audience"),
        ({"aud": ["rostrum", "another"], "azp": "another"}, "audience"),
        ({"azp": "another"}, "audience"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"iss": URL + "/"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"exp": SECONDS - 61}, "expired"),
        ({"exp": None}, "times"),
        ({"exp": "soon"}, "times"),
        ({"iat": None}, "times"),
        ({"iat": SECONDS + 61}, "too-early"),
        ({"iat": SECONDS - 661, "exp": SECONDS + 86400}, "expired"),
        ({"nbf": SECONDS + 61}, "too-early"),
        ({"sub": None}, "no-subject"),
        ({"sub": ""}, "no-subject"),
        ({"sub": 7}, "no-subject"),
    ],
)
def test_a_token_that_is_not_for_us_now_is_not_believed(claims: dict[str, Any], code: str) -> None:
    issuer = Issuer(now=NOW)
    issuer.token = claims

    assert refusal(issuer) == code


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": SECONDS - 59},
        {"iat": SECONDS + 59},
        {"nbf": SECONDS + 59},
        {"aud": ["rostrum"]},
        {"aud": ["rostrum", "another"], "azp": "rostrum"},
    ],
)
def test_a_minute_of_difference_between_the_clocks_is_borne(claims: dict[str, Any]) -> None:
    issuer = Issuer(now=NOW)
    issuer.token = claims

    assert signed_in(issuer).subject == "u-1"


@pytest.mark.parametrize(("algorithm", "code"), [("none", "algorithm"), ("HS256", "algorithm")])
def test_a_token_signed_by_nobody_or_with_a_shared_secret_is_not_believed(algorithm: str, code: str) -> None:
    issuer = Issuer(now=NOW)
    issuer.algorithm = algorithm

    assert refusal(issuer) == code


def test_a_token_signed_by_a_stranger_is_not_believed() -> None:
    issuer = Issuer(now=NOW)
    issuer.signed_by = a_stranger()

    assert refusal(issuer) == "signature"


def test_no_altered_token_is_believed() -> None:
    issuer = Issuer(now=NOW)
    whole = issuer.signed_token({"iss": URL, "aud": "rostrum", "exp": SECONDS + 60, "iat": SECONDS, "sub": "u-1"})
    openid = OpenId(issuer.settings, issuer.transport)
    head, body, signature = whole.split(".")
    claims = base64.urlsafe_b64decode(body + "==").replace(b"u-1", b"u-2")
    other = base64.urlsafe_b64encode(claims).rstrip(b"=").decode()
    for token in (f"{head}.{other}.{signature}", f"{head}.{body}.{signature[:-4]}AAAA", f"{head}.{body}.", "", "a.b.c"):
        issuer.answers["/token"] = lambda request, token=token: httpx.Response(  # type: ignore[misc]
            200, json={"id_token": token, "access_token": "x"}
        )
        begun = openid.begin(BACK)
        with pytest.raises(NotAccepted) as caught:
            openid.finish(issuer.sign_in(begun), begun, BACK, now=NOW)
        assert caught.value.code in {"signature", "token"}


def test_a_key_for_encrypting_or_for_another_algorithm_signs_nothing() -> None:
    for changed in ({"use": "enc"}, {"alg": "RS512"}):
        issuer = Issuer(now=NOW)
        issuer.keys = [issuer.signed_by.public(**changed)]
        assert refusal(issuer) == "signature"


def test_a_new_key_of_the_issuer_is_looked_up_but_not_all_the_time() -> None:
    issuer = Issuer(now=NOW)
    signed_in(issuer)
    issuer.signed_by = Key("k2")
    issuer.keys.append(issuer.signed_by.public())

    assert refusal(issuer) == "signature"
    assert issuer.asked.count("/keys") == 1

    forget_issuers()
    assert signed_in(issuer).subject == "u-1"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"state": "another"}, "state"),
        ({"state": ""}, "state"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"error": "access_denied"}, "denied"),
        ({"code": ""}, "code"),
        ({"code": "code-of-another"}, "exchange"),
    ],
)
def test_an_answer_that_does_not_fit_the_question_is_not_taken(answer: dict[str, str], code: str) -> None:
    assert refusal(Issuer(now=NOW), **answer) == code


def test_an_issuer_that_names_itself_in_answers_must_always_do_so() -> None:
    issuer = Issuer(now=NOW)
    issuer.metadata["authorization_response_iss_parameter_supported"] = True

    assert refusal(issuer) == "issuer"
    assert signed_in(issuer, iss=URL).subject == "u-1"


def test_a_code_is_worth_something_once_and_only_to_who_began() -> None:
    issuer = Issuer(now=NOW)
    openid = OpenId(issuer.settings, issuer.transport)
    begun, other = openid.begin(BACK), openid.begin(BACK)
    answer = issuer.sign_in(begun)

    with pytest.raises(NotAccepted) as stolen:
        openid.finish(answer | {"state": other.state}, other, BACK, now=NOW)
    assert stolen.value.code == "exchange"

    answer = issuer.sign_in(begun)
    openid.finish(answer, begun, BACK, now=NOW)
    with pytest.raises(NotAccepted) as replayed:
        openid.finish(answer, begun, BACK, now=NOW)
    assert replayed.value.code == "exchange"


def test_a_token_of_an_earlier_sign_in_is_not_believed_again() -> None:
    issuer = Issuer(now=NOW)
    openid = OpenId(issuer.settings, issuer.transport)
    first = openid.begin(BACK)
    issuer.token = {"nonce": first.nonce}
    openid.finish(issuer.sign_in(first), first, BACK, now=NOW)

    second = openid.begin(BACK)
    with pytest.raises(NotAccepted) as caught:
        openid.finish(issuer.sign_in(second), second, BACK, now=NOW)

    assert caught.value.code == "nonce"


def test_an_issuer_that_says_it_is_another_is_not_asked_further() -> None:
    issuer = Issuer(now=NOW)
    issuer.metadata["issuer"] = "https://evil.example"

    assert refusal(issuer) == "issuer"
    assert issuer.asked == ["/.well-known/openid-configuration"]


def test_what_the_token_leaves_out_is_asked_for_and_must_be_of_the_same_person() -> None:
    issuer = Issuer(now=NOW)
    issuer.metadata["userinfo_endpoint"] = f"{URL}/userinfo"
    issuer.user_info = {"sub": "u-1", "email": "ada@city.example", "email_verified": "true", "groups": "Parks"}

    found = signed_in(issuer)

    assert (found.email, found.email_is_verified, found.groups) == ("ada@city.example", True, ("Parks",))
    assert issuer.headers["authorization"] == "Bearer an-access-token"
    issuer.user_info["sub"] = "u-2"
    assert refusal(issuer) == "subject"


@pytest.mark.parametrize("said", [False, "false", None, 1, "yes"])
def test_an_address_counts_as_verified_only_where_that_is_said(said: object) -> None:
    issuer = Issuer(now=NOW, claims={"email_verified": said})

    assert not signed_in(issuer).email_is_verified


def test_the_secret_travels_in_the_header_or_the_form_as_the_issuer_wants() -> None:
    issuer = Issuer(now=NOW)
    signed_in(issuer)
    assert issuer.headers["authorization"] == "Basic " + base64.b64encode(b"rostrum:a%20secret%20of%20ours").decode()
    assert "client_secret" not in issuer.sent

    issuer = Issuer(now=NOW)
    issuer.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    signed_in(issuer)
    assert issuer.sent["client_secret"] == ["a secret of ours"]
    assert "authorization" not in issuer.headers


def _gone(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route")


@pytest.mark.parametrize(
    "path", ["/.well-known/openid-configuration", "/keys", "/token"], ids=lambda path: path.split("/")[-1]
)
@pytest.mark.parametrize("answer", [_gone, lambda request: httpx.Response(503)], ids=["away", "broken"])
def test_a_directory_that_does_not_answer_is_said_to_be_away(path: str, answer: Any) -> None:
    issuer = Issuer(now=NOW)
    issuer.answers[path] = answer

    with pytest.raises(Unreachable) as caught:
        signed_in(issuer)

    assert "login.city.example" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b"null", b"\xff\xfe", b" " * (2 << 20)])
def test_an_answer_that_is_no_json_object_is_not_taken(content: bytes) -> None:
    issuer = Issuer(now=NOW)
    issuer.answers["/token"] = lambda request: httpx.Response(200, content=content)

    assert refusal(issuer) == "exchange"


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("https://login.city.example", True),
        ("http://login.city.example", False),
        ("http://127.0.0.1:8520", True),
        ("http://localhost:8520", True),
        ("http://[::1]:8520", True),
        ("http://127.0.0.1.evil.example", False),
        ("ftp://login.city.example", False),
        ("https://", False),
        ("", False),
    ],
)
def test_secrets_travel_over_tls_or_not_at_all(address: str, is_safe: bool) -> None:
    assert is_safe_address(address) is is_safe


def test_an_endpoint_without_tls_is_not_used() -> None:
    issuer = Issuer(now=NOW)
    issuer.metadata["token_endpoint"] = "http://login.city.example/token"

    with pytest.raises(Unreachable):
        signed_in(issuer)
    assert "/token" not in issuer.asked


@pytest.mark.parametrize(
    ("auth_time", "code"),
    [(SECONDS - 359, ""), (SECONDS - 361, "not-afresh"), (None, "not-afresh"), ("now", "not-afresh")],
)
def test_where_a_fresh_proof_was_asked_for_one_must_have_been_given(auth_time: object, code: str) -> None:
    issuer = Issuer(now=NOW)
    issuer.token = {"auth_time": auth_time}
    openid = OpenId(issuer.settings, issuer.transport)
    begun = openid.begin(BACK, again=True)

    if not code:
        assert openid.finish(issuer.sign_in(begun), begun, BACK, now=NOW).subject == "u-1"
        return
    with pytest.raises(NotAccepted) as caught:
        openid.finish(issuer.sign_in(begun), begun, BACK, now=NOW)
    assert caught.value.code == code


# signing out


def test_the_way_out_names_who_asks_and_where_to_return() -> None:
    issuer = Issuer(now=NOW)
    openid = OpenId(issuer.settings, issuer.transport)

    address = openid.sign_out_url("http://testserver/sign-in/")

    assert address.startswith(f"{URL}/out?client_id=rostrum&post_logout_redirect_uri=http")
    del issuer.metadata["end_session_endpoint"]
    forget_issuers()
    assert openid.sign_out_url("http://testserver/sign-in/") == ""


def test_the_directorys_word_that_somebody_signed_out_is_checked_like_a_token() -> None:
    issuer = Issuer(now=NOW)
    openid = OpenId(issuer.settings, issuer.transport)

    assert openid.read_sign_out(issuer.sign_out_token(sid="s-9"), now=NOW) == ("u-1", "s-9")
    for changes, code in [
        ({"aud": "another"}, "audience"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"exp": SECONDS - 61}, "expired"),
        ({"events": None}, "no-sign-out"),
        ({"events": {"something": {}}}, "no-sign-out"),
        ({"nonce": "as in an identity token"}, "no-sign-out"),
        ({"sub": None}, "no-subject"),
    ]:
        with pytest.raises(NotAccepted) as caught:
            openid.read_sign_out(issuer.sign_out_token(**changes), now=NOW)
        assert caught.value.code == code
    with pytest.raises(NotAccepted):
        openid.read_sign_out(issuer.sign_out_token(), now=NOW + timedelta(minutes=5))


def test_a_client_without_a_secret_shows_only_its_name_and_the_proof() -> None:
    issuer = Issuer(now=NOW)
    issuer.settings = OpenIdSettings(URL, "rostrum")

    signed_in(issuer)

    assert issuer.sent["client_id"] == ["rostrum"]
    assert "client_secret" not in issuer.sent
    assert "authorization" not in issuer.headers
