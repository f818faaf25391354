"""The text checks: what they find, what they leave alone, and where exactly."""

import pytest

from rostrum.policy.checks.accessibility import words_of_hashtag
from rostrum.policy.checks.graphemes import count_as, cut_at, graphemes
from rostrum.policy.compose import Policy, compose_shipped
from rostrum.policy.controls import Stage
from rostrum.policy.evaluate import check
from rostrum.policy.facts import DraftFacts, MediaFacts, PartyRef

WAUSAU = compose_shipped("wausau-city")
DMA = compose_shipped("dma-2.110")


def found(text: str, control: str, policy: Policy = WAUSAU, **facts: object) -> list[str]:
    """The passages a control points at; a dash for findings about the whole."""
    findings = check(policy, Stage.DRAFT_CHECK, DraftFacts.from_json({"text": text, **facts}))
    return [text[f.start : f.end] if f.start is not None else "-" for f in findings if f.control == control]


@pytest.mark.parametrize(
    "number",
    [
        "715-555-0134",
        "(715) 555-0134",
        "(715)555-0134",
        "715.555.0134",
        "715 555 0134",
        "7155550134",
        "+1 715 555 0134",
        "+1 (715) 555-0134",
        "+17155550134",
        "1-715-555-0134",
        "715–555–0134",  # en dashes
        "715\u00a0555\u00a00134",  # no-break spaces
        "715/555-0134",
        "715 - 555 - 0134",
        "715-555-0134 ext. 12",
        "715-555-0134 x12",
    ],
)
def test_telephone_numbers_are_found_whole_in_every_common_form(number: str) -> None:
    assert found(f"Ask Sam: {number}, after five.", "draft.personal-data") == [number]
    assert found(number, "draft.personal-data") == [number]


def test_a_local_number_needs_a_word_that_makes_it_one() -> None:
    assert found("Call 555-0134 tonight.", "draft.personal-data") == ["555-0134"]
    assert found("Ordinance 555-0134 passed.", "draft.personal-data") == []


@pytest.mark.parametrize(
    "text",
    [
        "The meeting is on 2026-11-21 at 6:30 pm.",
        "The grant is $1,250,000, of which $715,555 is spent.",
        "Call our line 1-800-555-0199 or 888-555-0199.",
        "Dial 911, 511 or 211.",
        "Ordinance 2026-0134, file 21-1105.",
        "Case no. 7155550134 is closed.",
        "Permit #7155550134 was issued.",
        "See https://example.gov/715-555-0134/page and 44.9591, -89.6301.",
        "In 2024 we cut 715 555 trees and 0134 shrubs.",
        "115-555-0134 and 715-155-0134 are no numbers here.",
        "Tracking 12345715555013499.",
        "Score 715-555-01345.",
    ],
)
def test_dates_amounts_and_references_are_no_telephone_numbers(text: str) -> None:
    assert found(text, "draft.personal-data") == []


def test_the_bodys_own_office_numbers_may_stand() -> None:
    policy = compose_shipped(
        "wausau-city",
        choices={
            "body.office_numbers": ["(715) 261-6500"],
            "body.office_emails": ["help@city.example", "@wausau.example"],
            "body.office_addresses": ["407 Grant Street"],
        },
    )
    text = "City Hall, 407 Grant Street, 715.261.6500 ext. 3, help@city.example, jo@wausau.example; Sam: 715-555-0134"
    assert found(text, "draft.personal-data", policy) == ["715-555-0134"]


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("Write to sam.example+dog@mail.example.com.", "sam.example+dog@mail.example.com"),
        ("Write to sam (at) example (dot) com.", "sam (at) example (dot) com"),
        ("She lives at 1234 N. 5th Street, Apt 3.", "1234 N. 5th Street, Apt 3"),
        ("Fire at 1420 Grand Avenue.", "1420 Grand Avenue"),
        ("He lives at 7 Elm St.", "7 Elm St."),
        ("sam lives at 214 maple street", "214 maple street"),
        ("Mail to P.O. Box 123.", "P.O. Box 123"),
        ("DOB: 03/14/1985", "03/14/1985"),
        ("Sam was born on March 14, 1985.", "March 14, 1985"),
        ("Date of birth 1985-03-14", "1985-03-14"),
        ("SSN 123-45-6789", "123-45-6789"),
        ("Card 4111 1111 1111 1111", "4111 1111 1111 1111"),
        ("Bank account number: 12345678", "12345678"),
    ],
)
def test_other_personal_data_are_found_where_they_stand(text: str, passage: str) -> None:
    assert found(text, "draft.personal-data") == [passage]


@pytest.mark.parametrize(
    "text",
    [
        "Write to clerk@ci.wausau.wi.us or info@example.gov.",
        "Follow @parks@social.example and @mayor.bsky.social.",
        "Work on 2 lanes of Grand Avenue and the 400 block of Main Street.",
        "12 Main Street businesses received grants; 20 new street trees.",
        "It is 10 minutes down the road. 3rd Street and 5th Avenue close at 6 a.m.",
        "The city was born March 12, 1872.",
        "Happy birthday, Wausau!",
        "Card 4111 1111 1111 1112 fails its check digit.",
        "Pat Example, City Planner, answers.",
    ],
)
def test_offices_streets_and_names_are_no_personal_data(text: str) -> None:
    assert found(text, "draft.personal-data") == []


def test_the_address_of_a_public_place_is_only_a_warning() -> None:
    findings = check(WAUSAU, Stage.DRAFT_CHECK, DraftFacts(text="The library at 300 First Street is open."))
    assert [(f.control, f.strength.value) for f in findings] == [("draft.personal-data", "warn")]


@pytest.mark.parametrize(
    ("tag", "better"),
    [
        ("#budgethearing", "#BudgetHearing"),
        ("#snowremoval", "#SnowRemoval"),
        ("#citycouncil", "#CityCouncil"),
        ("#farmersmarket", "#FarmersMarket"),
        ("#blackhistorymonth", "#BlackHistoryMonth"),
        ("#wausauparks", "#WausauParks"),
        ("#rothschildparks", "#RothschildParks"),
        ("#budget_hearing", "#BudgetHearing"),
        ("#Budgethearing", "#BudgetHearing"),
        ("#streetsweeping", "#StreetSweeping"),
        ("#trashday", "#TrashDay"),
        ("#boilwateradvisory", "#BoilWaterAdvisory"),
        ("#stateofthecity", "#StateOfTheCity"),
        ("#roadconstruction2026", "#RoadConstruction2026"),
        ("#4thofjuly", "#4thOfJuly"),
        ("#coffeewithacop", "#CoffeeWithACop"),
    ],
)
def test_run_together_hashtags_are_found_and_the_readable_form_is_given(tag: str, better: str) -> None:
    findings = check(WAUSAU, Stage.DRAFT_CHECK, DraftFacts(text=f"Tonight {tag}!"))
    hits = [f for f in findings if f.control == "draft.hashtags"]
    assert [(f.clause, f.advice) for f in hits] == [("A11Y-03", f"Write {better}.")]


@pytest.mark.parametrize(
    "tag",
    [
        "wausau",
        "community",
        "infrastructure",
        "neighborhood",
        "firefighters",
        "transportation",
        "downtown",
        "covid19",
        "playground",
        "thanksgiving",
        "volunteer",
        "wisconsin",
        "veterans",
        "budget2027",
        "stormwater",
        "understanding",
        "together",
        "halloween",
        "government",
        "sustainability",
        "engineering",
        "accessibility",
        "registration",
        "organization",
        "information",
        "maintenance",
        "appreciation",
        "preparedness",
        "packers",
        "marathon",
        "christmas",
        "weather",
        "juneteenth",
        "BudgetHearing",
        "SnowDay",
        "WIvotes",
        "a",
        "FYI",
    ],
)
def test_hashtags_of_one_word_and_readable_ones_are_left_alone(tag: str) -> None:
    assert found(f"#{tag}", "draft.hashtags") == []


def test_fragments_of_links_are_no_hashtags() -> None:
    assert found("https://example.gov/page#budgethearing &#budgethearing;", "draft.hashtags") == []


def test_codes_and_colours_are_no_words() -> None:
    assert found("#a1b2c3 #ff0000 #2026 #911 #4th #100days1love", "draft.hashtags") == ["#100days1love"]


def test_a_very_long_hashtag_costs_no_time() -> None:
    assert words_of_hashtag("parkday" * 5000) == ("parkday" * 5000,)


def test_media_without_text_are_named() -> None:
    media = [
        {"mime": "image/png", "name": "bridge.png"},
        {"mime": "image/jpeg", "alt": "The bridge at dusk"},
        {"mime": "image/jpeg", "alt": "IMG_2031.jpg"},
        {"mime": "video/mp4"},
        {"mime": "video/mp4", "has_captions": True},
        {"mime": "application/pdf"},
    ]
    facts = DraftFacts.from_json({"text": "The bridge.", "media": media})
    findings = check(WAUSAU, Stage.DRAFT_CHECK, facts)
    assert [(f.clause, f.strength.value, f.message) for f in findings] == [
        ("A11Y-01", "block", "bridge.png has no alternative text."),
        ("A11Y-02", "block", "Video 4 has no captions."),
        ("A11Y-01", "warn", "The alternative text of Image 3 says nothing."),
    ]


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("abc", 3),
        ("e\u0301", 1),
        ("👩‍👩‍👧‍👦", 1),
        ("👍🏽", 1),
        ("🇺🇸🇨🇦", 2),
        ("🇺🇸🇨", 2),
        ("1️⃣", 1),
        ("각", 1),
        ("\r\n", 1),
        ("नि", 1),
        ("", 0),
    ],
)
def test_graphemes_are_what_a_reader_sees(text: str, clusters: int) -> None:
    assert len(graphemes(text)) == clusters
    assert "".join(graphemes(text)) == text


def test_platforms_count_in_their_own_way() -> None:
    link = "https://example.gov/" + "x" * 100
    assert count_as(f"see {link}", "weighted") == 4 + 23
    assert count_as(f"see {link}", "links-as-23") == 4 + 23
    assert count_as("漢字", "weighted") == 4
    assert count_as("👩‍👩‍👧‍👦", "weighted") == 2
    assert count_as("👩‍👩‍👧‍👦", "graphemes") == 1
    assert count_as("@sam@social.example hi", "links-as-23") == 7
    assert cut_at("👍🏽👍🏽👍🏽", "graphemes", 2) == 4


@pytest.mark.parametrize(
    ("platform", "text", "over"),
    [
        ("bluesky", "x" * 300, False),
        ("bluesky", "x" * 301, True),
        ("bluesky", "👩‍👩‍👧‍👦" * 120, True),  # 120 graphemes, 3,000 bytes at 25 each; the next test has the edge
        ("bluesky", "é" * 300, False),
        ("x", "x" * 280, False),
        ("twitter", "x" * 281, True),
        ("mastodon", "x" * 501, True),
        ("square", "x" * 501, True),
        ("", "x" * 5000, False),
    ],
)
def test_text_over_the_platforms_limit_is_found(platform: str, text: str, over: bool) -> None:
    if text.startswith("👩"):
        over = len(text.encode()) > 3000
    hits = found(text, "draft.length", platform=platform)
    assert bool(hits) is over


def test_the_excess_is_marked_and_the_signature_line_counts() -> None:
    text = "x" * 295
    facts = DraftFacts(text=text, platform="bluesky", signature_line="Pat Example, Planner")
    finding = next(f for f in check(DMA, Stage.DRAFT_CHECK, facts) if f.control == "draft.length")
    assert finding.clause == "LIM-bluesky"
    assert "with the signature line" in finding.message
    assert found("x" * 310, "draft.length", platform="bluesky") == ["x" * 10]


def test_dma_keeps_its_own_140_characters_on_one_platform_only() -> None:
    text = "x" * 141 + " — Pat Example, Planner"
    clauses = {f.clause for f in check(DMA, Stage.DRAFT_CHECK, DraftFacts(text=text, platform="x"))}
    assert "DMA-I-B-07" in clauses
    assert found(text, "draft.length", DMA, platform="facebook") == []


def other_unit(text: str, **facts: object) -> list[tuple[str, str]]:
    values = DraftFacts.from_json({"text": text, **facts})
    return [
        (f.clause, f.strength.value)
        for f in check(WAUSAU, Stage.DRAFT_CHECK, values)
        if f.control == "draft.other-unit"
    ]


def test_material_about_another_department_needs_consent_or_a_published_source() -> None:
    text = "The Police Department opens its station."
    assert other_unit(text, unit="Fire Department") == [("WAU-use-03c", "block")]
    assert other_unit(text) == [("WAU-use-03c", "warn")]  # the author's department is not known
    assert other_unit(text, unit="Police Department") == []
    assert other_unit(text, unit="Fire Department", consents=["Police Department"]) == []
    assert other_unit(text, unit="Fire Department", published_sources=["Police Dept"]) == []
    assert other_unit("Wausau Police open the station.", unit="Fire Dept") == [("WAU-use-03c", "block")]
    assert other_unit("The Planning Department agreed.", unit="Fire Department") == [("WAU-use-03c", "warn")]
    assert other_unit("Our department is closed today.") == []


@pytest.mark.parametrize("role", ["elected_official", "elected_official_representative"])
def test_elected_officials_are_exempt_from_that_rule_and_no_other(role: str) -> None:
    facts = DraftFacts(
        text="The Police Department says: call Sam at 715-555-0134.",
        role=role,
        media=(MediaFacts("image/png", alt="A dog", rights=""),),
        other_party_refs=(PartyRef("Police Department"),),
    )
    controls = {f.control: f.clause for f in check(WAUSAU, Stage.DRAFT_CHECK, facts)}
    assert controls == {"draft.personal-data": "WAU-use-05d", "draft.rights-basis": "WAU-use-06c"}


def test_outside_parties_named_by_the_author_need_consent() -> None:
    refs = [{"name": "Humane Society", "kind": "organization"}]
    assert other_unit("They did well.", other_party_refs=refs) == [("WAU-use-03c", "block")]
    assert other_unit("They did well.", other_party_refs=refs, consents=["Humane Society"]) == []


@pytest.mark.parametrize(
    "text",
    [
        "CONFIDENTIAL",
        "This memo is for internal use only.",
        "Not for public release",
        "The attorney-client privileged letter",
        "from a confidential personnel file",
        "Do not distribute",
        "law enforcement sensitive",
        "closed session minutes",
        "our trade secrets",
    ],
)
def test_confidentiality_labels_are_found_for_every_audience(text: str) -> None:
    assert found(text, "draft.confidential-markers")
    assert found(text, "draft.confidential-markers", channel_kind="private")


@pytest.mark.parametrize(
    "text",
    [
        "Our tip line is free and confidential.",
        "Confidential counseling is available.",
        "A non-confidential hearing",
        "The report is public.",
        "Do not share your password.",
        "Sensitive noses will notice.",
    ],
)
def test_confidential_services_are_no_label(text: str) -> None:
    assert found(text, "draft.confidential-markers") == []


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("This is bullshit.", ["bullshit"]),
        ("sh*t and f**king", ["sh*t", "f**king"]),
        ("What the hell?", ["What the hell"]),
        ("Scunthorpe, class, assessment, Dick Shell, cocktails, the dam, hello", []),
        ("Hell Hollow Road is closed.", []),
    ],
)
def test_profanity_is_found_as_whole_words(text: str, passages: list[str]) -> None:
    assert found(text, "draft.profanity") == passages


def test_a_body_may_allow_a_word() -> None:
    policy = compose_shipped("wausau-city", choices={"words.profanity_allowed": ["damn"]})
    assert found("damn", "draft.profanity", policy) == []


@pytest.mark.parametrize(
    "text",
    [
        "Vote for Jordan Example on April 6!",
        "Vote no on the referendum",
        "Re-elect Mayor Example",
        "Elect Jordan for council",
        "Jordan for Mayor",
        "Paid for by Friends of Jordan",
        "Sam is running for sheriff",
        "#VoteBlue",
        "#ElectJordan",
    ],
)
def test_campaigning_is_found(text: str) -> None:
    assert found(text, "draft.political")


@pytest.mark.parametrize(
    "text",
    [
        "Vote on November 3. Polls open at 7 a.m.",
        "Remember to vote! #ElectionDay #electionday",
        "Vote for your favorite mural.",
        "Candidate forum on Thursday.",
        "The council voted for the budget.",
        "Elect to receive paper bills.",
        "Newly elected officials take the oath.",
    ],
)
def test_telling_people_how_to_vote_is_not_campaigning(text: str) -> None:
    assert found(text, "draft.political") == []


@pytest.mark.parametrize(
    "text",
    ["We recommend Smith Plumbing.", "Use code SAVE20", "20% off today", "My wife's bakery opens", "gofundme.com/sam"],
)
def test_endorsement_and_selling_are_found(text: str) -> None:
    assert found(text, "draft.endorsement")


@pytest.mark.parametrize(
    "text",
    ["Donate blood on Friday.", "Support small business Saturday.", "We recommend that you stay home.", "Shop early."],
)
def test_public_business_is_no_endorsement(text: str) -> None:
    assert found(text, "draft.endorsement") == []


def test_hostile_tone_and_shouting_are_found_and_weather_is_not() -> None:
    assert found("You people are idiots!!!", "draft.tone") == ["You people", "idiots", "!!!"]
    assert found("WE ARE CLOSED TODAY BECAUSE OF THE SNOW PLEASE STAY HOME", "draft.tone") == ["-"]
    assert found("Snowflakes are falling. Clowns at the festival!", "draft.tone") == []


def test_required_notices_need_their_standard_publication() -> None:
    assert found("Hearing.", "draft.required-notice", is_required_notice=True) == ["-"]
    reference = {"is_required_notice": True, "standard_channel_reference": "Daily, p. 4"}
    assert found("Hearing.", "draft.required-notice", **reference) == []
    assert found("Notice of public hearing, December 1", "draft.required-notice") == ["Notice of public hearing"]
    assert found("Notice of public hearing: https://example.gov/n", "draft.required-notice") == []
    assert found("Please notice of late the new signs", "draft.required-notice") == []


def test_critical_information_is_never_here_only() -> None:
    assert found("Boil water advisory on the east side", "draft.critical-other-channel") == ["Boil water"]
    assert found("Boil water. Details: https://example.gov/water", "draft.critical-other-channel") == []
    assert found("Storm.", "draft.critical-other-channel", is_critical=True, other_channel_reference="radio") == []


@pytest.mark.parametrize(
    ("facts", "clauses"),
    [
        ({"is_first_post": True}, {"DMA-II-B-04b"}),
        ({"is_first_post": False}, {"DMA-II-B-04c"}),
        ({"author_name": "Pat Example", "author_title": "Planner", "is_first_post": False}, {"DMA-II-B-04c"}),
        ({"author_name": "Pat Example", "author_title": "Planner", "signature_line": "PAT EXAMPLE, planner"}, set()),
    ],
)
def test_dma_posts_state_name_and_title(facts: dict[str, object], clauses: set[str]) -> None:
    findings = check(DMA, Stage.DRAFT_CHECK, DraftFacts.from_json({"text": "Training day.", **facts}))
    assert {f.clause for f in findings if f.control == "draft.signature"} == clauses


def test_a_typed_signature_is_recognised() -> None:
    assert found("Training day.\n— Pat Example, Public Affairs Officer", "draft.signature", DMA) == []
    assert found("Thanks to Madison, Wisconsin.", "draft.signature", DMA) == ["-"]


def test_rights_releases_and_citations_are_asked_only_when_given() -> None:
    policy = compose_shipped("wi-best-practices", "dma-2.110")
    assert found("x", "draft.rights-basis", policy, media=[{"mime": "image/png", "alt": "a dog"}]) == []
    media = [{"mime": "image/png", "alt": "a dog", "rights": "unknown", "people": "unreleased", "name": "dog.png"}]
    assert found("x", "draft.rights-basis", policy, media=media) == ["-"]
    assert found("x", "draft.model-release", policy, media=media) == ["-"]
    assert found("As they wrote", "draft.citation", DMA, uses_borrowed=True) == ["-"]
    assert found("As in https://example.org/a", "draft.citation", DMA, uses_borrowed=True) == []


def test_opinions_in_the_official_voice_and_private_matters_are_found() -> None:
    assert found("In my opinion it is too small.", "draft.opinion-voice", DMA) == ["In my opinion"]
    assert found("My daughter's graduation is today!", "draft.personal-message") == ["My daughter's graduation"]


def test_listed_terms_are_found_as_whole_words() -> None:
    policy = compose_shipped("dma-2.110", choices={"words.compromised": ["Operation Example"]})
    assert found("About operation example and operations", "draft.listed-terms", policy) == ["operation example"]


def test_styled_letters_and_rows_of_emoji_are_found() -> None:
    assert found("𝐅𝐫𝐞𝐞 concert", "draft.plain-characters") == ["𝐅𝐫𝐞𝐞"]
    assert found("Go 🎉🎉🎉🎉🎉 team", "draft.plain-characters") == ["🎉🎉🎉🎉🎉"]
    assert found("Go 🎉🎉 team", "draft.plain-characters") == []


def test_offsets_are_code_points_after_characters_of_any_width() -> None:
    assert found("👩‍👩‍👧‍👦é漢: 715-555-0134", "draft.personal-data") == ["715-555-0134"]
