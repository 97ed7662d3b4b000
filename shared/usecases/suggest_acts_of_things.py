"""What can be done about recordings, letters and joining links."""

from shared.domain.desk_today import Blank, Deed, Offered
from shared.domain.recording_release import Release
from shared.domain.recording_windows import Late
from shared.domain.waiting_items import WaitingItem
from shared.ports import Records


def about_recording(item: WaitingItem, records: Records) -> tuple[Offered, ...]:
    """Share it as it is; if it came late, say until when, or with nobody."""
    release = records.get(Release.key_of(item.name), Release)
    reasons = release.decision.reasons if release and release.decision else ()
    ids = {"session": item.name}
    share = Deed(what="release-recording", label="Share it as it is", ids=ids)
    days = Blank(name="days", label="How many days?", value="14")
    extend = Deed(
        what="choose-window",
        label="Give everybody so many days more",
        ids={**ids, "late": Late.EXTEND_ALL},
        blanks=(days,),
    )
    anew = Deed(
        what="choose-window",
        label="Let the time count from now",
        ids={**ids, "late": Late.FROM_RELEASE},
        blanks=(days,),
    )
    nobody = Deed(
        what="choose-window",
        label="Share it with nobody",
        ids={**ids, "late": Late.DO_NOT_SHARE},
    )
    if any(reason.code == "too_little_time" for reason in reasons):
        return (Offered(suggested=anew, others=(extend, share, nobody)),)
    return (Offered(suggested=share, others=(nobody,)),)


def about_letter(item: WaitingItem, called: str = "letter") -> tuple[Offered, ...]:
    """Send it once more, or say that they were reached another way.

    `called` is how its acts call it: letters of a round have acts of their own.
    """
    ids = {"letter": item.name}
    again = Deed(what=f"send-{called}-again", label="Send it once more", ids=ids)
    seen_to = Deed(
        what=f"{called}-seen-to",
        label="I reached them another way",
        ids=ids,
        why="How? One sentence, kept with it",
    )
    return (Offered(suggested=again, others=(seen_to,)),)


def about_joining_link(item: WaitingItem) -> tuple[Offered, ...]:
    """It stands in the catalogue, which is put right there."""
    where = f"staff/catalogue/{item.series}"
    return (Offered(link=where, link_label="Open the catalogue"),)


def about_report(item: WaitingItem) -> tuple[Offered, ...]:
    """The form by which the browser uploads it."""
    where = f"staff/sessions/{item.name}/upload/attendance"
    return (Offered(link=where, link_label="Upload the report"),)
