"""The pages that learners and the public open, as whole HTML documents.

They work without a script and carry one style sheet, so that a strict Content-Security-Policy fits.
Only facts that were frozen with a certificate are shown of it; the catalogue says whom to ask.
"""

import base64
import hashlib
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from shared.adapters.jinja_words import ACCENT, environment
from shared.domain.catalogue import Catalogue
from shared.domain.certificate_life import PUBLIC_WORDS, Comparison, Ground
from shared.domain.certificates import Certificate
from shared.domain.decisions import Decision
from shared.domain.languages import ENGLISH
from shared.domain.people import mask_name
from shared.domain.zones import say_day

# Headers of every page about a person: no copy is kept, nothing is indexed, and the address, which
# is a key, is told to nobody.
PRIVATE: Final = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_STYLE_OPENS: Final = "<style>"
_STYLE_CLOSES: Final = "</style>"
_SCRIPT_OPENS: Final = "<script>"
_SCRIPT_CLOSES: Final = "</script>"
_HEADINGS: Final = {
    "window_closed": "The time to watch has passed",
    "not_over": "It is not time yet",
    "not_here": "It is not here yet",
    "not_recorded": "There is no recording",
    "payment_pending": "Your payment is still on its way",
    "payment_failed": "The payment did not go through",
    "refunded": "Your access has ended",
}


class JinjaPages:
    """Writes every page. Keep one for the life of the process; it may be shared."""

    def certificate(
        self, certificate: Certificate, catalogue: Catalogue, answer: Comparison | None = None
    ) -> str:
        """The public page of one that was given, the name masked unless its holder opted in.

        `answer` is what a file is that somebody sent to be compared. Documents without a seal are
        compared by us alone: from their hash, a name could be guessed.
        """
        sealed = bool(certificate.text.seal)
        return whole_page(
            "certificate",
            catalogue,
            **_shown(certificate, catalogue),
            answer=answer,
            answers=_answers(certificate),
            current_hash=certificate.sha256 or "" if sealed else "",
            superseded_hashes=" ".join(kept.sha256 for kept in certificate.earlier),
        )

    def my_certificate(
        self,
        certificate: Certificate,
        catalogue: Catalogue,
        document: str,
        *,
        token: str = "",
        said: str = "",
    ) -> str:
        """The holder's own page; `document` is an address at which the PDF can be fetched now.

        Its forms post `show_name` ("yes" or "no") or `post_again` to the page's own address, of
        which `token` is the last piece; `said` is what became of what was asked.
        """
        shown = _shown(certificate, catalogue)
        return whole_page(
            "my_certificate",
            catalogue,
            **shown,
            document=document,
            badge=f"{token}/badge" if token and document else "",
            profile_link=_profile_link(certificate),
            said=said,
        )

    def no_access(self, decision: Decision, catalogue: Catalogue, title: str) -> str:
        """Why `title` cannot be opened (any more), and whom to ask."""
        codes = [reason.code for reason in decision.reasons]
        heading = _HEADINGS.get(codes[0] if codes else "", "We cannot open this for you")
        return whole_page("no_access", catalogue, decision=decision, title=title, heading=heading)

    def not_found(self) -> str:
        """Nothing is here. The same page for whatever was not found."""
        return whole_page("not_found")

    def trouble(self) -> str:
        """We could not do it just now; try again."""
        return whole_page("trouble")


def content_security_policy(page: str, media_from: str = "", sends_to: str = "") -> str:
    """The value of the Content-Security-Policy header for a page made here.

    Nothing is allowed but the page's own style sheet, its own script if it has one, both named by
    their hash, and its own form; on a page that plays something, what our own addresses of media
    lead on to (`media_from`, such as "https://bucket.example"); on one that sends files, where they
    go (`sends_to`, the same).
    """
    sheet = page.partition(_STYLE_OPENS)[2].partition(_STYLE_CLOSES)[0]
    script = page.partition(_SCRIPT_OPENS)[2].partition(_SCRIPT_CLOSES)[0]
    runs = f"script-src 'sha256-{_sha256(script)}'; " if script else ""
    plays = f"media-src 'self' {media_from}; " if media_from else ""
    sends = f"connect-src {sends_to}; " if sends_to else ""
    forms = f"'self' {sends_to}" if sends_to else "'self'"
    return (
        f"default-src 'none'; style-src 'sha256-{_sha256(sheet)}'; {runs}{plays}{sends}"
        f"form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
    )


@lru_cache(maxsize=32)
def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _shown(certificate: Certificate, catalogue: Catalogue) -> dict[str, Any]:
    """What both certificate pages say."""
    text = certificate.text
    masked = not certificate.name_is_public
    issued_at = certificate.issued_at or certificate.reserved_at
    revoked, zone = certificate.revocation, catalogue.institute.zone
    return {
        "text": text,
        "masked": masked,
        "name": mask_name(text.name) if masked else text.name,
        "issued": say_day(issued_at, zone),
        "corrected": say_day(certificate.corrected_at, zone) if certificate.corrected_at else "",
        "revoked": revoked,
        "withdrawn": say_day(revoked.at, zone) if revoked else "",
        "public_words": PUBLIC_WORDS[revoked.ground or Ground.UNNAMED] if revoked else "",
    }


def _profile_link(certificate: Certificate) -> str:
    """Where somebody adds the certificate to their profile at LinkedIn: a plain link, no script."""
    text, issued_at = certificate.text, certificate.issued_at or certificate.reserved_at
    told = {
        "startTask": "CERTIFICATION_NAME",
        "name": text.title,
        "organizationName": text.institute,
        "issueYear": issued_at.year,
        "issueMonth": issued_at.month,
        "certUrl": text.public_url,
        "certId": text.number,
    }
    return f"https://www.linkedin.com/profile/add?{urlencode(told)}"


def _answers(certificate: Certificate) -> dict[str, str]:
    """What is said of a file that somebody compares."""
    issued = "This is the document that was issued under this number, unchanged."
    if certificate.revocation:
        issued += " It was withdrawn since, and does not count."
    elif certificate.earlier:
        issued += " It is the corrected one."
    return {
        Comparison.ISSUED: issued,
        Comparison.SUPERSEDED: "This was issued under this number, and a corrected document has"
        " taken its place. Ask for the newer one.",
        Comparison.OTHER: "This is not the document that was issued under this number. Printing or"
        " saving it anew is enough to change it, so ask for the original file.",
        Comparison.NO_FILE: "There was no PDF to compare, or one larger than a certificate is."
        " Choose the file once more.",
    }


def whole_page(template: str, catalogue: Catalogue | None = None, **words: Any) -> str:
    """The page of that template, in the colours and with the contact of an institute if given."""
    institute = catalogue.institute if catalogue else None
    page = environment().get_template(f"pages/{template}.html")
    return page.render(
        institute=institute,
        accent=institute.accent if institute else ACCENT,
        language=ENGLISH,
        **words,
    )
