"""The scholarship pages: the form, the reviewers' pages, and each person's own page.

Like all our pages they need no script. What somebody wrote is shown as text and nothing else.
"""

from typing import Any, Final

from shared.adapters.jinja_my_application import my_application_words
from shared.adapters.jinja_pages import whole_page
from shared.adapters.jinja_scholarship_words import asked, round_words, say_number
from shared.adapters.jinja_words import credit_name, last_day
from shared.domain.applications import Outcome
from shared.domain.catalogue import Catalogue
from shared.domain.scholarship_form import FIELDS, HONEYPOT, TEXT_LIMIT
from shared.domain.scholarship_views import (
    FormView,
    MyApplicationView,
    ReceivedView,
    ReviewListView,
    ReviewRow,
    ReviewView,
    say_outcome,
)

# Addresses are relative, because a stage's name may stand before them: seen from the page of the
# form, /scholarships/{series}, and from where it is sent to, /scholarships.
_SEND_FROM_FORM: Final = "../scholarships"
_SEND_AGAIN: Final = "scholarships"
STRENGTHS: Final = (("3", "Strongly"), ("2", "Yes"), ("1", "If money is left"))


class JinjaScholarshipPages:
    """Writes every scholarship page. Keep one for the life of the process; it may be shared."""

    def form(self, view: FormView, *, posted: bool = False) -> str:
        """The form; `posted` if it answers what was sent, at another address than the form's own.

        It posts the fields of the form, `token` and the honeypot, urlencoded.
        """
        catalogue = view.catalogue
        words = _of_round(catalogue)
        policy = words["policy"]
        professions = catalogue.policies.certificate.professions if policy.credit else ()
        problems: dict[str, list[str]] = {}
        for problem in view.problems:
            problems.setdefault(problem.field, []).append(problem.text)
        hidden = {"roles": not policy.roles, "profession": not professions} | dict.fromkeys(
            ("priorities", "own_words"), not policy.priorities
        )
        readers = len(policy.reviewers)
        return whole_page(
            "scholarship_form",
            catalogue,
            **words,
            view=view,
            action=_SEND_AGAIN if posted else _SEND_FROM_FORM,
            one={name: (*view.fields.get(name, ()), "")[0] for name in FIELDS},
            all={name: view.fields.get(name, ()) for name in FIELDS},
            problems=problems,
            summary=[
                ("" if hidden.get(name, name not in FIELDS) else name, text)
                for name in sorted(problems, key=_place)
                for text in problems[name]
            ],
            professions=professions,
            text_limit=f"{TEXT_LIMIT:,}",
            honeypot=HONEYPOT,
            readers=f"The {readers} reviewers read" if readers > 1 else "One reviewer reads",
        )

    def received(self, view: ReceivedView) -> str:
        """That an application arrived, and what happens next. It opens nothing personal."""
        return whole_page("scholarship_received", view.catalogue, **_of_round(view.catalogue),
                          view=view)  # fmt: skip

    def round_closed(self, catalogue: Catalogue) -> str:
        """Nothing is taken in any more, or not yet."""
        return _notice(
            "The round is closed",
            f"Applications for a scholarship for “{catalogue.series.title}” are not open now.",
            f"If cost stands in your way, write to {catalogue.institute.contact} all the same. "
            "A person reads it.",
            catalogue=catalogue,
            link=(catalogue.series.page, "Other ways to take part"),
        )

    def no_round(self) -> str:
        """There is no such series, it awards no scholarships, or the form is none of ours."""
        return _notice(
            "There is no scholarship round here",
            "The address may have been cut in two on its way. Nothing was stored.",
            "Go back to the page of the series and open the form from there once more.",
        )

    def form_used(self, catalogue: Catalogue, reference: str) -> str:
        """The form was sent before, with other content."""
        return _notice(
            "This form was sent before",
            f"It is stored as application {reference}, as you sent it the first time. What you "
            "sent now is not stored.",
            "If you want to change something, open a new form and send that. The newest one "
            "counts.",
            catalogue=catalogue,
            link=(f"{_SEND_AGAIN}/{catalogue.series.id}", "Open a new form"),
        )

    def still_storing(self, catalogue: Catalogue) -> str:
        """The same form is being stored at this moment."""
        return _notice(
            "We are still storing it",
            "What you sent a moment ago is on its way into our records.",
            "Wait a little, then load this page again for the number of your application. "
            "Sending it again does not count twice.",
            catalogue=catalogue,
        )

    def too_many(self, catalogue: Catalogue) -> str:
        """More came from there than is taken within a time."""
        return _notice(
            "Many forms came at once",
            "So that nobody can flood us, we take only some at a time from one place or for one "
            "address. This one is not stored yet.",
            "Please keep this page open, and load it again in an hour to send it once more. If the "
            f"deadline is close, write to {catalogue.institute.contact} now.",
            catalogue=catalogue,
        )

    def too_large(self) -> str:
        """More was sent than the form can hold."""
        return _notice(
            "This is too long for us to take",
            f"The text has room for {TEXT_LIMIT:,} characters, and more than the whole form can "
            "hold was sent. Nothing was stored.",
            "Go back in your browser; what you wrote should still be there. Shorten it, and send "
            "it again.",
        )

    def wrong_kind(self) -> str:
        """What was sent is not a form."""
        return _notice(
            "We could not read what was sent",
            "It did not come as a form from our page. Nothing was stored.",
            "Open the form in a browser and send it from there.",
        )

    def review_list(self, view: ReviewListView) -> str:
        """A reviewer's list: what waits for their vote first."""
        words = _of_round(view.catalogue)
        needed = words["policy"].votes_needed
        waits = [row for row in view.rows if row.waits and not view.closed]
        rest = [row for row in view.rows if row not in waits]
        return whole_page(
            "review_list",
            view.catalogue,
            **words,
            view=view,
            each=say_number(needed, "vote"),
            votes_until=last_day(view.voting_closes_at, words["zone"]),
            to_do=[(row, say_row(row, needed)) for row in waits],
            done=[(row, say_row(row, needed)) for row in rest],
        )

    def review(self, view: ReviewView) -> str:
        """One application, to be voted on. Posts `outcome`, `award` and `strength`, or `conflict`.

        The form posts to the page's own address.
        """
        return whole_page(
            "review",
            view.catalogue,
            view=view,
            may_vote=not (view.closed or view.voted or view.name),
            asks=asked(view.ask, view.price),
            outcomes=[(outcome.value, say_outcome(outcome, None)) for outcome in Outcome],
            strengths=STRENGTHS,
            problems={},
        )

    def link_expired(self) -> str:
        """A reviewer's link whose time is over."""
        return _notice(
            "This link has expired",
            "Links to applications work for a short time only, because of what people write there.",
            "Open the link in the newest letter that we sent you. If it leads here too, reply to "
            "that letter.",
        )

    def my_application(self, view: MyApplicationView) -> str:
        """A person's own page. Posts `act`: withdraw, accept, decline or erase."""
        words = _of_round(view.catalogue, required=False)
        open_now = words["policy"] is not None and view.state == "received"
        return whole_page(
            "my_application",
            view.catalogue,
            **words,
            **my_application_words(view, words["zone"], words["price"]),
            form=f"{_SEND_FROM_FORM}/{view.catalogue.series.id}" if open_now else "",
        )


def _of_round(catalogue: Catalogue, *, required: bool = True) -> dict[str, Any]:
    """The words that every scholarship page may use. Raises ValueError without a round."""
    words = round_words(catalogue)
    if required and words["policy"] is None:
        raise ValueError(f"The series {catalogue.series.id} awards no scholarships.")
    return words | {"series": catalogue.series, "credit": credit_name(catalogue.policies)}


def _notice(
    heading: str,
    *lines: str,
    catalogue: Catalogue | None = None,
    link: tuple[str, str] = ("", ""),
) -> str:
    href, label = link
    return whole_page("scholarship_notice", catalogue, heading=heading, lines=lines, href=href,
                      label=label)  # fmt: skip


def _place(name: str) -> int:
    return FIELDS.index(name) if name in FIELDS else len(FIELDS)


def say_row(row: ReviewRow, needed: int, *, groups: bool = True) -> str:
    """ "Priority group · Late · 1 of 2 votes · You have voted"; without the first if not asked."""
    mine = (
        "You stood aside" if row.stood_aside
        else "You have voted" if row.voted
        else "Decided" if row.decided
        else ""
    )  # fmt: skip
    votes = (
        f"{row.votes} of {needed} votes" if row.votes < needed else say_number(row.votes, "vote")
    )
    bands = ("Priority group" if row.priority and groups else "", "Late" if row.late else "")
    return " · ".join(word for word in (*bands, votes, mine) if word)
