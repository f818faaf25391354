"""What of a profile counts as an element of a page, and whose name a channel bears: tables."""

import pytest

from rostrum.areas.channels.rules.naming import Registered, own_words
from rostrum.areas.channels.rules.page import Element, found_in, is_own_link


def element(code: str, text: str) -> Element:
    return Element(code, ("WAU-page-01a",), "words", text)


@pytest.mark.parametrize(
    ("code", "wanted", "shown", "found"),
    [
        ("contact", "City Hall, 407 Grant Street", "Write to City  Hall,\n407 GRANT Street.", True),
        ("maintained-by", "It's the city's page", "It’s the city’s page", True),
        ("purpose", "News – and answers", "news - and answers", True),
        ("purpose", "News", "", False),
        ("purpose", "", "anything", False),
        ("contact", "City Hall, 407 Grant Street", "City Hall, 408 Grant Street", False),
        ("policy-link", "https://wausau.example.gov/policy", "Policy: wausau.example.gov/policy.", True),
        ("policy-link", "https://www.wausau.example.gov/policy/", "(http://wausau.example.gov/policy)", True),
        ("policy-link", "https://wausau.example.gov/policy", "wausau.example.gov/policy-old", False),
        ("policy-link", "https://wausau.example.gov/policy", "https://wausau.example.gov.evil.example/policy", False),
        ("official-site-link", "https://wausau.example.gov", "https://wausau.example.gov/parks", False),
        ("official-site-link", "https://wausau.example.gov", "Visit WAUSAU.example.gov!", True),
    ],
)
def test_an_element_is_found_however_the_platform_writes_it(code: str, wanted: str, shown: str, found: bool) -> None:
    assert bool(found_in(element(code, wanted), shown)) is found


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("https://wausau.example.gov/policy", True),
        ("www.wausau.example.gov", True),
        ("https://parks.wausau.example.gov:8443/x", True),
        ("https://evilwausau.example.gov.example", False),
        ("https://notwausau.example.gov", False),
    ],
)
def test_a_link_is_the_bodys_by_its_host(address: str, own: bool) -> None:
    assert is_own_link(address, ("wausau.example.gov",)) is own
    assert is_own_link(address, ())


@pytest.mark.parametrize(
    ("body", "name", "own"),
    [
        ("City of Wausau", "Wausau Parks", True),
        ("City of Wausau", "WausauParks", True),
        ("City of Wausau", "Parks of the City", False),
        ("Town of Saint-Denis", "Saint Denis informs", True),
        ("Département de la Santé", "Santé publique", True),
        ("The City", "City news", True),
    ],
)
def test_a_name_is_the_bodys_by_what_people_know_it_by(body: str, name: str, own: bool) -> None:
    registered = Registered(name, "", "", own_words(body), (), "WAU-own-02b")
    assert registered.has_own_name is own


@pytest.mark.parametrize(
    ("contact", "own"),
    [
        ("parks@ci.example.gov", True),
        ("call 715 261 6500", True),
        ("(715) 261-6500", True),
        ("dana@mail.example", False),
    ],
)
def test_a_contact_is_the_bodys_by_its_domains_and_numbers(contact: str, own: bool) -> None:
    registered = Registered("x", contact, "", frozenset(), ("ci.example.gov", "715-261-6500"), "WAU-own-02b")
    assert registered.has_own_contact is own
