"""What a person's own page says of the letters that were sent to them, and what comes next."""

from typing import Any, Final

from shared.adapters.jinja_words import moment
from shared.domain.awards import AwardStatus
from shared.domain.catalogue import Catalogue
from shared.domain.letters import LetterKind, LetterStatus
from shared.domain.my_page import MyAward, MyLetter, MyPageView
from shared.domain.zones import say_short_day

# What each letter is about, in a few words. Whoever adds such a kind of letter adds its line.
ABOUT: Final[dict[LetterKind, str]] = {
    LetterKind.CONFIRMATION: "Your seat",
    LetterKind.PAYMENT_PENDING: "Your payment is on its way",
    LetterKind.PAYMENT_FAILED: "Your payment did not go through",
    LetterKind.REFUNDED: "Your money back",
    LetterKind.REFUND_REQUESTED: "What you asked back",
    LetterKind.REFUND_DECLINED: "No money back",
    LetterKind.REFUND_FAILED: "Your money back, delayed",
    LetterKind.CLASS_CANCELLED: "Cancelled",
    LetterKind.CERTIFICATE: "Your certificate",
    LetterKind.CERTIFICATE_CORRECTED: "Your certificate, issued anew",
    LetterKind.CERTIFICATE_REVOKED: "Your certificate was withdrawn",
    LetterKind.CERTIFICATE_REINSTATED: "Your certificate counts again",
    LetterKind.NO_CERTIFICATE: "Why there is no certificate",
    LetterKind.PARTICULARS_WANTED: "Something your certificate needs",
    LetterKind.RECORDING: "Your recording",
    LetterKind.RECORDING_LINK: "A new link to your recording",
    LetterKind.RECORDING_ENDS: "Your recording ends soon",
    LetterKind.MY_PAGE_LINK: "The link to this page",
    LetterKind.ADDRESS_CONFIRM: "Is this your new address?",
    LetterKind.ADDRESS_AGREE: "Another address",
    LetterKind.APPEAL_RECEIVED: "What you asked us to look at again",
    LetterKind.APPEAL_ANSWERED: "We have looked again",
    LetterKind.REMINDER: "A reminder",
    LetterKind.MOVED: "A new time",
    LetterKind.EVALUATION_WANTED: "How was it?",
}
_OTHER: Final = "A letter"
_AWARD: Final = {
    AwardStatus.OFFERED: "A scholarship is yours if you want it.",
    AwardStatus.ACCEPTED: "You accepted it. The rest is still to be paid.",
    AwardStatus.TAKEN: "It is yours, and your seats are below.",
    AwardStatus.DECLINED: "You gave it back.",
    AwardStatus.LAPSED: "It was not answered in time, and went to somebody else.",
}
# As many are shown at once; the others are a click away.
_SHOWN: Final = 6
_SOON: Final = 4


def letters_said(view: MyPageView) -> dict[str, Any]:
    """The letters, newest first: those shown at once, and the earlier ones."""
    said = [_letter(one) for one in view.letters]
    return {"latest": said[:_SHOWN], "earlier": said[_SHOWN:]}


def next_said(view: MyPageView) -> dict[str, Any]:
    """What happens next: the soonest, and what is after that."""
    said = [{"when": moment(one.at, one.zone), "text": one.text} for one in view.next]
    return {"soon": said[:_SOON], "later": said[_SOON:]}


def award_said(catalogue: Catalogue, mine: MyAward) -> dict[str, str]:
    """Where a scholarship stands, what it is worth, and where its own page is."""
    award = mine.award
    titles = {offer.id: offer.title for offer in catalogue.prices}
    worth = " · ".join(said for said in (str(award.amount), titles.get(award.covers, "")) if said)
    return {
        "title": catalogue.series.title,
        "status": _AWARD[award.status],
        "worth": worth,
        "link": mine.link,
    }


def _letter(one: MyLetter) -> dict[str, str]:
    return {
        "subject": ABOUT.get(one.letter, _OTHER),
        "about": one.about,
        "became": _became(one),
    }


def _became(one: MyLetter) -> str:
    """Whether it arrived, as far as anybody knows."""
    sent = say_short_day(one.sent_at or one.owed_at, one.zone)
    match one.status:
        case LetterStatus.SENT if one.delivered_at is not None:
            return f"Arrived on {say_short_day(one.delivered_at, one.zone)}"
        case LetterStatus.SENT:
            return f"Sent on {sent}"
        case LetterStatus.UNKNOWN:
            return f"Sent on {sent}; whether it arrived is not known"
        case LetterStatus.RETURNED:
            return "It came back, or was kept because letters come back"
        case LetterStatus.FAILED:
            return "It could not be sent; we know, and see to it"
        case _:
            return "On its way"
