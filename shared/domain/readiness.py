"""What of a session is ready, and what staff can do about the rest: one pure list, from what is.

Nothing is ticked off by hand. A line stands as it stands because of what the catalogue says and of
what has come; when that changes, so does the line.
"""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.domain.catalogue import Catalogue, Session
from shared.domain.certificates import certificate_hours
from shared.domain.desk_session import Check, Known, Ready
from shared.domain.sessions import SessionPhase
from shared.domain.zones import say_day, say_moment


def readiness(known: Known, now: datetime) -> tuple[Check, ...]:
    """Every line, in the order in which people think of them. A cancelled session has none."""
    if known.session.cancelled is not None or known.state.phase is SessionPhase.REMOVED:
        return ()
    catalogue, session = known.catalogue, known.session
    over = now >= session.ends_at
    return (
        _joining_link(session, over),
        _zoom(session),
        _price(catalogue, session, over),
        _certificate(catalogue, session),
        *_approvals(catalogue, session),
        _attendance(known, over),
        *_unmatched(known),
        _closed(known, over),
        *_recording(known, over),
    )


def _joining_link(session: Session, over: bool) -> Check:
    if session.joining_link:
        return _done("joining_link", "Joining link", "It stands in the catalogue.")
    if over:
        return _not_asked("joining_link", "Joining link", "There is none, and the session is over.")
    return _wanted(
        "joining_link",
        "Joining link",
        "The catalogue has none, so nobody can be told where to join.",
        "Write it under `joining_link` in the catalogue file and upload that.",
    )


def _zoom(session: Session) -> Check:
    if session.zoom_meeting:
        text = f"Meeting {session.zoom_meeting}: attendance and recordings can come by themselves."
        return _done("zoom_meeting", "Zoom meeting", text)
    return _not_asked(
        "zoom_meeting",
        "Zoom meeting",
        "No meeting is named, so the attendance report and the recording are uploaded by hand.",
    )


def _price(catalogue: Catalogue, session: Session, over: bool) -> Check:
    offers = [offer for offer in catalogue.prices if session.id in offer.sessions]
    linked = [offer for offer in offers if offer.provider_ids]
    if linked:
        text = f"{len(linked)} of {len(offers)} prices for it name a payment link."
        return _done("price", "Price", text)
    if over:
        return _not_asked("price", "Price", "No price names a payment link, and it is over.")
    return _wanted(
        "price",
        "Price",
        "No price for it names a payment link. Payments count by our own offer id alone.",
        "Put each price's id at the provider under `provider_ids` in the catalogue file.",
    )


def _certificate(catalogue: Catalogue, session: Session) -> Check:
    policy, what = catalogue.policies.certificate, "Certificate"
    scope = catalogue.series.id if policy.per == "unit" else session.id
    missing = []
    by_boards = any(
        board.hours_of(session.id, session.credit_hours or policy.hours) is not None
        for board in catalogue.policies.credit.boards
    )
    if certificate_hours(catalogue, scope) is None and not by_boards:
        missing.append("how many hours it is for")
    if policy.per == "session" and not session.objectives:
        missing.append("the objectives")
    if not missing:
        text = f"Signed by {catalogue.institute.signatory.name}; hours and objectives are there."
        return _done("certificate", what, text)
    return _wanted(
        "certificate",
        what,
        f"The catalogue does not say {' or '.join(missing)}, so certificates will not either.",
        "Add it before the session is closed: what is printed once stays as it is.",
    )


def _approvals(catalogue: Catalogue, session: Session) -> Iterator[Check]:
    day = session.starts_at.astimezone(ZoneInfo(session.zone)).date()
    for board in catalogue.policies.credit.boards:
        what, code = f"Approval: {board.board}", f"approval:{board.id}"
        if board.approved_to is not None and day > board.approved_to:
            text = f"It ended on {board.approved_to:%B %-d, %Y}, before this session."
            yield _wanted(code, what, text, "Renew it and change `approved_to` in the catalogue.")
        elif board.approved_from is not None and day < board.approved_from:
            text = f"It begins on {board.approved_from:%B %-d, %Y}, after this session."
            yield _wanted(code, what, text, "Change `approved_from` if that is a slip of the pen.")
        elif board.approval_number is None:
            text = "The catalogue names no approval number."
            yield _wanted(code, what, text, "Add `approval_number`: boards ask for it.")
        else:
            yield _done(code, what, f"Number {board.approval_number} holds on the day.")


def _attendance(known: Known, over: bool) -> Check:
    code, what, session = "attendance", "Attendance", known.session
    if not over:
        text = f"It is asked for when the session is over, on {_day(session.ends_at, session)}."
        return _later(code, what, text)
    if known.state.report is not None:
        if known.state.uploaded is None:
            return _done(code, what, "Zoom told live who was there.")
        counted = next((r for r in known.reports if r.report == known.state.uploaded), None)
        people = f" It lists {counted.people} people." if counted else ""
        return _done(code, what, f"A report was uploaded and counts.{people}")
    return _wanted(
        code,
        what,
        "Nobody knows yet who was there, so nothing can be decided.",
        "Upload Zoom's report of participants below.",
    )


def _unmatched(known: Known) -> Iterator[Check]:
    if known.unmatched:
        people = "1 person" if known.unmatched == 1 else f"{known.unmatched} people"
        yield _wanted(
            "unmatched",
            "Who is who",
            f"Attendance names {people} whom nobody is registered as.",
            "Say who they are under Today; they are decided at once.",
        )


def _closed(known: Known, over: bool) -> Check:
    code, what, state, session = "closed", "Close", known.state, known.session
    if state.phase is SessionPhase.CLOSED and state.closed_at is not None:
        return _done(code, what, f"Closed on {say_moment(state.closed_at, session.zone)}.")
    if state.phase is SessionPhase.CLOSED_WITHOUT_REPORT:
        return _wanted(
            code,
            what,
            "It was closed without attendance, because none came in time.",
            "Upload the report: the session then closes again by itself.",
        )
    if not over:
        text = f"It closes by itself at {say_moment(state.closes_at, session.zone)}."
        return _later(code, what, text)
    if state.report is None:
        return _later(code, what, "It waits for the attendance.")
    return _later(code, what, "It is under way, or starts within the hour. You can start it below.")


def _recording(known: Known, over: bool) -> Iterator[Check]:
    session, catalogue = known.session, known.catalogue
    if not session.recorded:
        yield _not_asked("recording", "Recording", "The catalogue says that it is not recorded.")
        return
    played = [one for one in known.files if one.plays]
    if not played:
        if over:
            text = "There is no file to watch or hear yet."
            yield _wanted("recording", "Recording", text, "Upload it below.")
        else:
            yield _later("recording", "Recording", "It follows after the session.")
    else:
        yield _released(known)
    captioned = any(one.media_type == "text/vtt" for one in known.files)
    if captioned:
        yield _done("captions", "Captions", "They are there.")
    elif catalogue.policies.recording.captions_required:
        text = "The catalogue asks for them before a recording is shared."
        if over and played:
            yield _wanted("captions", "Captions", text, "Upload captions.en.vtt below.")
        else:
            yield _later("captions", "Captions", text)
    else:
        yield _not_asked("captions", "Captions", "The catalogue does not ask for them.")


def _released(known: Known) -> Check:
    code, what = "recording", "Recording"
    release, session = known.release, known.session
    if known.catalogue.recording_withheld(session.id):
        return _not_asked(code, what, "Staff chose to share it with nobody.")
    if any(one.playable for one in known.recordings):
        closes_at = known.catalogue.recording_closes_at(session.id)
        until = f" until {_day(closes_at, session)}" if closes_at else ""
        return _done(code, what, f"It is shared with everybody who may watch it{until}.")
    why = release.decision.why if release and release.decision else "It is being looked at."
    if release is not None and release.waiting is not None:
        return _wanted(code, what, why, "Bring what is missing, or release it under Today.")
    return _later(code, what, why)


def _day(moment: datetime, session: Session) -> str:
    return say_day(moment, session.zone)


def _done(code: str, what: str, why: str) -> Check:
    return Check(code=code, what=what, ready=Ready.DONE, why=why)


def _later(code: str, what: str, why: str) -> Check:
    return Check(code=code, what=what, ready=Ready.LATER, why=why)


def _not_asked(code: str, what: str, why: str) -> Check:
    return Check(code=code, what=what, ready=Ready.NOT_ASKED, why=why)


def _wanted(code: str, what: str, why: str, act: str) -> Check:
    return Check(code=code, what=what, ready=Ready.WANTED, why=why, act=act)
