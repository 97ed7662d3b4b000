"""Name and address put right on one's own page, through the entry points, one of them by letter."""

import re
from urllib.parse import urlencode

from functions.learner_pages import my_mail
from functions.letter_outbox.handler import send
from shared.domain.letters import LetterKind
from shared.domain.registrations import Learner
from tests.cloud import CONTEXT, Cloud, link
from tests.gateway import proxy_event, stream_event
from tests.integration.test_my_page import ask
from tests.reading import Reader
from tests.season import AMARA, open_season

NAME, ADDRESS = "/me/{token}/name", "/me/{token}/address"
NEW = "amara.new@example.com"


def _person(cloud: Cloud) -> Learner:
    person = cloud.records.get(Learner.key_of(AMARA), Learner)
    assert person is not None
    return person


def _links(cloud: Cloud) -> list[str]:
    """The two letters are sent; the token in each, that to the new address first."""
    kinds = (LetterKind.ADDRESS_CONFIRM, LetterKind.ADDRESS_AGREE)
    wanted = [letter.key().partition for kind in kinds for letter in cloud.letters(kind)]
    for place in wanted:
        (item,) = [one for one in cloud.items() if one["pk"]["S"] == place]
        assert send(stream_event(item), CONTEXT) == {"batchItemFailures": []}
    bodies = [mail.get_body(("plain",)) for mail in cloud.inbox()]
    texts = [body.get_content() for body in bodies if body is not None]
    return [found for text in texts for found in re.findall(r"/live/address/(\S+)", text)]


def _confirm(method: str, token: str) -> str:
    event = proxy_event(method, "/address/{token}", {"token": token})
    answer = my_mail.handler(event, CONTEXT)
    assert answer["statusCode"] == 200
    return Reader(answer["body"]).text


def test_a_name_is_put_right_and_greets_from_then_on(cloud: Cloud) -> None:
    open_season(cloud)
    token = link("me", AMARA)
    assert ("input", "value", "Amara") in Reader(ask("GET", NAME, token)["body"]).attributes

    saved = ask("POST", NAME, token, urlencode({"name": "Amara Osei"}))

    assert saved["statusCode"] == 200
    assert "From now on we call you Amara Osei" in Reader(saved["body"]).text
    assert "Amara Osei" in Reader(ask("GET", "/me/{token}", token)["body"]).text
    assert ask("POST", NAME, token, "name=")["statusCode"] == 422
    assert _person(cloud).name == "Amara Osei"


def test_an_address_moves_when_the_links_in_both_letters_were_followed(cloud: Cloud) -> None:
    open_season(cloud)

    asked = ask("POST", ADDRESS, link("me", AMARA), urlencode({"address": NEW}))
    assert "Look into both of your mailboxes." in Reader(asked["body"]).text
    assert "amara@example.org" not in asked["body"]

    new, old = _links(cloud)
    assert "Is this your address?" in _confirm("GET", new)
    assert "a•••@example.com" in _confirm("GET", old)
    assert _person(cloud).address == "amara@example.org"  # opening a link changes nothing
    assert "One of two" in _confirm("POST", old)
    assert _person(cloud).address == "amara@example.org"
    assert f"Letters come to {NEW}" in _confirm("POST", new)
    assert (_person(cloud).learner, _person(cloud).address) == (AMARA, NEW)


def test_what_is_no_address_gets_the_form_back_and_nobody_is_asked_without_end(
    cloud: Cloud,
) -> None:
    open_season(cloud)
    token = link("me", AMARA)

    assert ask("POST", ADDRESS, token, "address=nobody")["statusCode"] == 422
    answers = [
        ask("POST", ADDRESS, token, f"address=amara{number}%40example.com")["statusCode"]
        for number in range(4)
    ]
    assert answers == [200, 200, 200, 429]
