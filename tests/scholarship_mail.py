"""What the letters of a scholarship round are made from, beside those of every other kind."""

import re
from typing import Any

from shared.domain.catalogue import Catalogue
from shared.domain.letters import Composed, LetterFacts, LetterKind, owe
from shared.domain.registrations import Learner
from shared.domain.rounds import Round
from tests.catalogues import LEARNER_ID, SITE, a_learner, an_order, letter_facts
from tests.notice_mail import is_notice, notice_facts
from tests.reading import Reader
from tests.scholarship_paper import (
    REFERENCE,
    SENT_AT,
    an_accepted_award,
    an_application,
    an_award,
    policy_of,
    with_round,
)


def facts_of(kind: LetterKind, catalogue: Catalogue | None, **changes: Any) -> LetterFacts:
    """All that a letter of that kind may draw on, those of a scholarship round among them."""
    if catalogue is not None and is_notice(kind):
        return notice_facts(kind, catalogue, **changes)
    if not kind.of_a_round or catalogue is None:
        return letter_facts(kind, catalogue, **changes)
    if catalogue.policies.scholarship is None:
        catalogue = with_round(catalogue)
    known: dict[str, Any] = {"learner": a_learner(), "application": an_application(catalogue)}
    links = {"my_application": f"{SITE}/my-application/token"}
    match kind:
        case LetterKind.REVIEW_WANTED | LetterKind.REVIEW_REMINDER:
            reviewer = Learner(
                learner="R1", name="", address="one@readers.example", named_by=(SENT_AT, "x")
            )
            known = {"learner": reviewer, "counts": {"waiting": 12, "late": 2}}
            links = {"review": f"{SITE}/review/token"}
        case LetterKind.SCHOLARSHIP_PAY:
            known["award"] = an_accepted_award(catalogue, promotion_code="CAREB4KX")
        case LetterKind.SCHOLARSHIP_OFFERED | LetterKind.SCHOLARSHIP_LAPSED:
            known["award"] = an_award(catalogue)
    facts = LetterFacts(
        letter=owe(kind, REFERENCE, SENT_AT, learner=LEARNER_ID, reference=REFERENCE),
        catalogue=catalogue,
        round=Round(series=catalogue.series.id, closes_at=policy_of(catalogue).closes_at),
        links=links,
        **known,
    )
    return facts.model_copy(update=changes)


def awarded(catalogue: Catalogue, percent: int = 100, **changes: Any) -> LetterFacts:
    """A confirmation of the seats that an award over so much of the price has brought."""
    award = an_award(catalogue, percent, **changes)
    covers = policy_of(catalogue).covers
    if award.full:
        paid = award.to_pay
        bought = an_order(
            catalogue, covers, order=award.offer_id, provider="scholarship", paid=paid
        )
    else:
        bought = an_order(catalogue, covers, offer=award.offer_id, paid=award.asks)
    return letter_facts(LetterKind.CONFIRMATION, catalogue, order=bought, award=award)


def said_in_both(letter: Composed, *said: str) -> None:
    """Whoever reads the text and whoever reads the HTML is told the same."""
    html = re.sub(r" ([.,;])", r"\1", Reader(letter.html).text)
    text = " ".join(letter.text.split())
    for words in said:
        assert words in text, words
        assert words in html, words
