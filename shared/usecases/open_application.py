"""A person's own page of their application: where it stands, and what they can do about it."""

from datetime import datetime
from typing import Any, Literal

from shared.domain.applications import KEPT, Answers, Application, Outcome, standing
from shared.domain.awards import Award, AwardStatus
from shared.domain.catalogue import Catalogue
from shared.domain.letters import Letter, LetterKind
from shared.domain.links import read
from shared.domain.money import Money
from shared.domain.rounds import Round, RoundPhase
from shared.domain.scholarship_views import MyApplicationView, MyState
from shared.domain.sessions import Series
from shared.failures import SoldOut
from shared.ports import PromotionCodes, Records
from shared.usecases.answer_award import (
    accept_award,
    due_and_back,
    has_run_out,
    lapse_award,
    turn_down_award,
)
from shared.usecases.commit_again import until_committed
from shared.usecases.erase_applications import erase_application
from shared.usecases.offer_awards import policy_of, sent_in
from shared.usecases.owe_letters import letter_to, not_yet_owed
from shared.usecases.review_applications import NotFound

May = Literal["withdraw", "accept", "decline", "erase"]
_OF_AWARD: dict[AwardStatus, MyState] = {
    AwardStatus.OFFERED: "offered",
    AwardStatus.ACCEPTED: "to_pay",
    AwardStatus.TAKEN: "taken",
    AwardStatus.DECLINED: "turned_down",
    AwardStatus.LAPSED: "lapsed",
}
_MAY: dict[MyState, tuple[May, ...]] = {
    "received": ("withdraw", "erase"),
    "replaced": ("withdraw", "erase"),
    "in_review": ("withdraw", "erase"),
    "waiting": ("withdraw", "erase"),
    "offered": ("accept", "decline", "erase"),
    "to_pay": ("decline", "erase"),
    "erased": (),
}


def open_application(
    token: str, *, keys: list[bytes], records: Records, applications: Records, now: datetime
) -> MyApplicationView | NotFound:
    """The page. Opening it changes nothing."""
    series, reference = _subject(token, keys, now)
    kept = records.get(Series.key_of(series), Series) if reference else None
    application = applications.get(Application.key_of(series, reference), Application)
    if kept is None or kept.catalogue.policies.scholarship is None or application is None:
        return NotFound()
    catalogue = kept.catalogue
    if application.erased_at is not None:
        return MyApplicationView(catalogue=catalogue, reference=reference, state="erased")
    award = _award_of(application, records)
    state = _state(application, award, catalogue, records, applications, now)
    due, back = _money(award, state, records)
    return MyApplicationView(
        catalogue=catalogue,
        reference=reference,
        state=state,
        application=application,
        answers=applications.get(Answers.key_of(series, reference), Answers),
        award=award,
        due=due,
        back=back,
        decision=application.decided,
        erase_at=application.erase_at,
        may=_MAY.get(state, ("erase",)),
        export=f"{token}/export",
    )


def act_on_application(
    token: str,
    act: str,
    *,
    keys: list[bytes],
    records: Records,
    applications: Records,
    codes: PromotionCodes,
    now: datetime,
) -> MyApplicationView | NotFound:
    """Do what its holder asks, if it may be done now, and show where it stands then."""
    opened = open_application(token, keys=keys, records=records, applications=applications, now=now)
    if isinstance(opened, NotFound):
        return opened
    problem = ""
    if act in opened.may and opened.application is not None:
        series, reference = opened.application.series, opened.reference
        learner = opened.application.learner or ""
        both = {"records": records, "applications": applications}
        match act:
            case "withdraw":
                for version in versions_of(opened.application, applications):
                    _withdraw(version, reference, opened.catalogue, applications, now)
            case "accept":
                problem = _accept(series, learner, **both, codes=codes, key=keys[0], now=now)
            case "decline":
                turn_down_award(series, learner, **both, now=now)
            case "erase":
                for version in versions_of(opened.application, applications):
                    erase_application(series, version.reference, **both, now=now)
    elif act in ("withdraw", "accept", "decline", "erase"):
        problem = "This can no longer be done. Here is where your application stands now."
    else:
        problem = "What would you like to do? Please use one of the buttons."
    shown = open_application(token, keys=keys, records=records, applications=applications, now=now)
    if isinstance(shown, NotFound):
        return shown
    return shown.model_copy(update={"problem": problem})


def export_application(
    token: str, *, keys: list[bytes], records: Records, applications: Records, now: datetime
) -> dict[str, Any] | NotFound:
    """Everything that is kept of the application, as plain data, for whoever sent it."""
    opened = open_application(token, keys=keys, records=records, applications=applications, now=now)
    if isinstance(opened, NotFound):
        return opened
    application = opened.application
    letters = (
        applications.of_learner(application.learner, Letter)
        if (application and application.learner)
        else []
    )
    kept: dict[str, Any] = {"reference": opened.reference, "state": opened.state}
    for name, record in (
        ("application", application),
        ("answers", opened.answers),
        ("award", opened.award),
    ):
        kept[name] = (
            record.model_dump(mode="json", exclude={"version", "waiting", "waiting_since"})
            if record
            else None
        )
    kept["letters"] = [
        {"letter": letter.letter, "status": letter.status, "sent_at": letter.sent_at}
        for letter in sorted(letters, key=lambda letter: letter.owed_at)
        if letter.reference == opened.reference
    ]
    return kept


def _subject(token: str, keys: list[bytes], now: datetime) -> tuple[str, str]:
    series, _, reference = (read("application", token, keys, now) or "").partition("/")
    return series, reference


def _award_of(application: Application, records: Records) -> Award | None:
    award = records.get(Award.key_of(application.series, application.learner or ""), Award)
    return award if award is not None and award.reference == application.reference else None


def _state(
    application: Application,
    award: Award | None,
    catalogue: Catalogue,
    records: Records,
    applications: Records,
    now: datetime,
) -> MyState:
    if application.withdrawn_at is not None:
        return "withdrawn"
    if award is not None:
        return "lapsed" if has_run_out(award, now) else _OF_AWARD[award.status]
    sent = [
        other
        for other in applications.of_learner(application.learner or "", Application)
        if other.series == application.series and other.reference != application.reference
    ]
    if application.reference not in standing([*sent, application]):
        return "replaced"
    if application.decided is not None:
        return "not_awarded" if application.outcome is Outcome.DECLINE else "waiting"
    around = records.get(Round.key_of(catalogue.series.id), Round)
    open_still = around is None or around.phase is RoundPhase.OPEN
    return "received" if open_still else "in_review"


def _money(
    award: Award | None, state: MyState, records: Records
) -> tuple[Money | None, Money | None]:
    """What is left to pay, and what of earlier payments goes back."""
    if award is None:
        return None, None
    if state == "offered":
        return due_and_back(award, records)
    return award.due, award.back


def versions_of(application: Application, applications: Records) -> list[Application]:
    """Everything that its sender sent for the same series: it is all one application to them."""
    sent = sent_in(application.series, applications)
    return [one for one in sent if one.learner == application.learner]


def _withdraw(
    application: Application,
    asked_of: str,
    catalogue: Catalogue,
    applications: Records,
    now: datetime,
) -> None:
    """Take one version back; the letter goes to the one of whose page it was asked."""
    erase_at = policy_of(catalogue).erase_at(now).isoformat()
    changes = {"withdrawn_at": now, "waiting": KEPT, "waiting_since": erase_at}

    def attempt() -> None:
        current = applications.get(application.key(), Application)
        if current is None or not current.open:
            return
        told = [letter_to(LetterKind.SCHOLARSHIP_WITHDRAWN, current, now)]
        letters = told if current.reference == asked_of else []
        taken_back = current.model_copy(update=changes)
        applications.commit(taken_back, *not_yet_owed(letters, applications))

    until_committed(attempt)


def _accept(
    series: str,
    learner: str,
    *,
    records: Records,
    applications: Records,
    codes: PromotionCodes,
    key: bytes,
    now: datetime,
) -> str:
    """Accept; what stands in the way, if anything does."""
    try:
        accept_award(
            series, learner, records=records, applications=applications, codes=codes, key=key,
            now=now,
        )  # fmt: skip
    except SoldOut:
        return (
            "One of the classes has no seat left just now. Your place on the list is safe, and we "
            "have told the institute; they will write to you."
        )
    lapse_award(series, learner, records=records, applications=applications, now=now)
    return ""
