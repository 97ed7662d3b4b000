"""What a person tells us of themselves, on their own page: kept, counted from then on, never lost.

One commit holds what counts now, what was said this time, and that the credit of every session
which it may change is to be decided again. The close of a session never waits for any of it.
"""

from datetime import datetime

from shared.domain.certificates import Certificate
from shared.domain.decisions_wanted import DecisionWanted, want_decision
from shared.domain.forms import Fields
from shared.domain.letters import Fact, Letter, LetterKind, owe
from shared.domain.my_page import ParticularsView
from shared.domain.particulars import (
    Declared,
    Particulars,
    ParticularsTold,
    check_form,
    filled_in,
    read_form,
)
from shared.domain.people import clean_name
from shared.domain.registrations import Learner, Registration
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.decide_again import not_yet_wanted
from shared.usecases.open_my_page import holder_of, series_of
from shared.usecases.open_pages import NotFound
from shared.usecases.owe_letters import not_yet_owed

# What fits into one commit beside the particulars themselves.
_MOST_DECISIONS = 90


def open_particulars(
    token: str, *, keys: list[bytes], records: Records, now: datetime
) -> ParticularsView | NotFound:
    """The form, filled in with what we know from the person themselves."""
    person = holder_of(token, keys=keys, records=records, now=now)
    if person is None:
        return NotFound()
    kept = records.get(Particulars.key_of(person.learner), Particulars)
    return _view(token, person, kept, records)


def tell_particulars(
    token: str, fields: Fields, *, keys: list[bytes], records: Records, now: datetime
) -> ParticularsView | NotFound:
    """Keep what was sent, or give the form back with what is to be put right."""
    person = holder_of(token, keys=keys, records=records, now=now)
    if person is None:
        return NotFound()
    form = read_form(fields)
    kept = records.get(Particulars.key_of(person.learner), Particulars)
    view = _view(token, person, kept, records)
    if "more" in fields:
        return view.model_copy(update={"form": form, "one_more": True})
    declared = check_form(form, view.professions)
    if not isinstance(declared, Declared):
        return view.model_copy(update={"form": form, "problems": declared})
    saved = until_committed(lambda: _keep(person.learner, declared, records, now))
    return _view(token, person, saved, records).model_copy(update={"saved": True})


def ask_for_correction(
    token: str, *, keys: list[bytes], records: Records, now: datetime
) -> ParticularsView | NotFound:
    """Ask staff to issue certificates anew that carry another name than the person wants."""
    opened = open_particulars(token, keys=keys, records=records, now=now)
    person = holder_of(token, keys=keys, records=records, now=now)
    if isinstance(opened, NotFound) or person is None:
        return NotFound()
    letters = [_asked(one, opened, person, now) for one in opened.misnamed]

    def attempt() -> None:
        owed = not_yet_owed(letters, records)
        if owed:
            records.commit(*owed)

    until_committed(attempt)
    return opened.model_copy(update={"asked": bool(letters)})


def _view(
    token: str, person: Learner, kept: Particulars | None, records: Records
) -> ParticularsView:
    registrations = records.of_learner(person.learner, Registration)
    catalogues = [series.catalogue for series in series_of(registrations, records)]
    professions = tuple(
        dict.fromkeys(
            profession
            for catalogue in catalogues
            for profession in catalogue.policies.certificate.professions
        )
    )
    form = filled_in(kept, professions)
    name = (kept.certificate_name if kept else None) or clean_name(person.name)
    return ParticularsView(
        token=token,
        catalogues=tuple(catalogues),
        registered_as=clean_name(person.name),
        name=name,
        form=form,
        professions=professions,
        asks_licences=bool(professions or form.rows),
        revision=kept.revision if kept else 0,
        told_at=kept.told_at if kept else None,
        misnamed=tuple(
            certificate
            for certificate in records.of_learner(person.learner, Certificate)
            if certificate.given
            and certificate.revocation is None
            and clean_name(certificate.text.name) != name
        ),
    )


def _keep(learner: str, declared: Declared, records: Records, now: datetime) -> Particulars:
    """Commit it, unless it says what was said before."""
    kept = records.get(Particulars.key_of(learner), Particulars)
    if kept is not None and kept.declared == declared:
        return kept
    told = {
        "learner": learner,
        "certificate_name": declared.certificate_name,
        "licences": declared.licences,
        "revision": kept.revision + 1 if kept else 1,
        "told_at": now,
    }
    current = Particulars.model_validate({**told, "version": kept.version if kept else 0})
    wanted = _to_decide_again(learner, f"particulars/{current.revision}", records, now)
    records.commit(current, ParticularsTold.model_validate(told), *wanted)
    return current


def _to_decide_again(
    learner: str, cause: str, records: Records, now: datetime
) -> list[DecisionWanted]:
    """Every session that somebody has a seat in and holds no certificate for: the latest first.

    Before a session is over there is nothing to decide, and its close reads what was told.
    """
    held = {
        certificate.scope
        for certificate in records.of_learner(learner, Certificate)
        if certificate.given
    }
    registrations = sorted(
        records.of_learner(learner, Registration), key=lambda one: one.registered_at, reverse=True
    )
    wanted = [
        want_decision(one.session, one.series, learner, cause, now)
        for one in registrations
        if one.session not in held and one.series not in held
    ]
    return not_yet_wanted(wanted[:_MOST_DECISIONS], records)


def _asked(
    certificate: Certificate, view: ParticularsView, person: Learner, now: datetime
) -> Letter:
    """What staff are asked: which certificate, which name it carries, which is wanted."""
    text = certificate.text
    return owe(
        LetterKind.STAFF_CERTIFICATE_NAME,
        f"{certificate.scope}/{person.learner}/{view.revision}",
        now,
        series=certificate.series,
        learner=person.learner,
        session=certificate.scope if certificate.scope != certificate.series else None,
        facts=(
            Fact(label="Certificate", value=text.number),
            Fact(label="For", value=text.title),
            Fact(label="Name on it", value=text.name),
            Fact(label="Name they want", value=view.name),
            Fact(label="Registered as", value=view.registered_as),
        ),
        lines=("They ask for the certificate to be issued anew with the name they chose.",),
    )
