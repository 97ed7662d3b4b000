"""A whole institute in memory, driven by the real use cases: what the unit tests play with.

Everything goes through the doors that events use; the clock only moves when a test moves it.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from shared.adapters.memory import (
    MemoryFiles,
    MemoryMailer,
    MemoryPrinting,
    MemoryRecords,
    MemorySchedules,
    MemoryWorkflows,
    PlainComposer,
    PlainPrinter,
)
from shared.domain.catalogue import Catalogue
from shared.domain.certificates import Certificate
from shared.domain.decisions_wanted import DecisionWanted
from shared.domain.letters import Letter, LetterKind, LetterStatus
from shared.domain.links import learner_id, sign
from shared.domain.money import Money
from shared.domain.notices import WAITING as NOTICES
from shared.domain.notices import Notice
from shared.domain.payments import PaymentFact
from shared.domain.printing import UnprintableText
from shared.domain.registrations import Registration
from shared.domain.reports import ReportRow
from shared.domain.sessions import SessionState
from shared.domain.watch_links import subject_of
from shared.failures import NotSent
from shared.usecases import announce_recording, check_recording, close_session, tell_of_notice
from shared.usecases.check_recording import RecordingUpload
from shared.usecases.decide_again import start_decision
from shared.usecases.decide_credit import decide_credit
from shared.usecases.decide_person import decide_person
from shared.usecases.gather_letter_facts import Desk
from shared.usecases.issue_certificate import (
    park_certificate,
    post_certificate,
    reserve_certificate,
)
from shared.usecases.keep_events import keep_event
from shared.usecases.open_pages import NoAccess, NotFound
from shared.usecases.open_recording import Allowed, open_media, who_may_watch
from shared.usecases.print_certificate import print_certificate
from shared.usecases.publish_catalogue import Published, Upload, publish_catalogue
from shared.usecases.record_payment import Outcome, record_payment
from shared.usecases.report_attendance import ReportUpload, report_attendance
from shared.usecases.send_letter import send_letter
from shared.usecases.sweep import Swept, sweep

KEY = b"a key for tests, thirty-two bytes"
CAPTIONS = b"WEBVTT\n\n00:01.000 --> 00:02.500\nWelcome.\n"
MP4 = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 100


@dataclass
class World:
    """Records, files, alarms, workflows and the post, all in memory, and a clock to move."""

    now: datetime = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
    records: MemoryRecords = field(default_factory=MemoryRecords)
    uploads: MemoryFiles = field(default_factory=MemoryFiles)
    documents: MemoryFiles = field(default_factory=MemoryFiles)
    raw_events: MemoryFiles = field(default_factory=MemoryFiles)
    schedules: MemorySchedules = field(default_factory=MemorySchedules)
    close_machine: MemoryWorkflows = field(default_factory=MemoryWorkflows)
    recording_machine: MemoryWorkflows = field(default_factory=MemoryWorkflows)
    notice_machine: MemoryWorkflows = field(default_factory=MemoryWorkflows)
    appeal_machine: MemoryWorkflows = field(default_factory=MemoryWorkflows)
    mailer: MemoryMailer = field(default_factory=MemoryMailer)
    _ids: "count[int]" = field(default_factory=lambda: count(1000))

    @property
    def printing(self) -> MemoryPrinting:
        return MemoryPrinting(self.records, self.documents)

    @property
    def desk(self) -> Desk:
        return Desk(
            records=self.records,
            letters=self.records,
            documents=self.documents,
            composer=PlainComposer(),
            mailer=self.mailer,
            operator="operator@tending.example",
            link=lambda purpose, subject, _=None: f"https://pages.example/{purpose}/{subject}",
        )

    def publish(self, catalogue: Catalogue, *, at: datetime | None = None) -> Published:
        content = catalogue.model_dump_json().encode()
        return publish_catalogue(
            Upload(f"catalogue/{catalogue.series.id}.yaml", at or self.now, content),
            read=Catalogue.model_validate_json,
            line_of=lambda content, path: 1,
            records=self.records,
            files=self.uploads,
            schedules=self.schedules,
            now=self.now,
        )

    def pay(self, catalogue: Catalogue, offer_id: str, address: str, **changes: object) -> Outcome:
        return self.deliver(paid(catalogue, offer_id, address, next(self._ids), **changes))

    def deliver(self, fact: PaymentFact, body: str = "") -> Outcome:
        digest = hashlib.sha256((body or fact.model_dump_json()).encode()).hexdigest()
        return record_payment(
            fact, digest, records=self.records, identity_key=KEY, live=False, now=self.now
        )

    def keep(self, body: bytes, facts: Sequence[PaymentFact] | None) -> bool:
        """Keep a payment event as it came."""
        return keep_event(
            "stripe", body, facts, files=self.raw_events, records=self.records, identity_key=KEY,
            now=self.now,
        )  # fmt: skip

    def report(
        self,
        session: str,
        rows: Iterable[tuple[str, datetime, datetime]],
        *,
        content: bytes = b"",
    ) -> str:
        kept = [
            ReportRow(who.split("@")[0], who if "@" in who else "", joined, left)
            for who, joined, left in rows
        ]
        return self._reported(session, kept, content)

    def report_without_times(self, session: str, addresses: Iterable[str]) -> str:
        """A report of unique users: who was there, and not when."""
        kept = [ReportRow(who.split("@")[0], who, None, None) for who in addresses]
        return self._reported(session, kept)

    def _reported(self, session: str, kept: list[ReportRow], content: bytes = b"") -> str:
        return report_attendance(
            ReportUpload(
                session,
                f"attendance/{session}/report.csv",
                content or repr(kept).encode(),
                self.now,
            ),
            read=lambda _content, _expected: kept,
            uploads=self.uploads,
            records=self.records,
            workflows=self.close_machine,
            identity_key=KEY,
            now=self.now,
        )

    def close(self, session: str, report: str | None = None) -> str:
        """Walk the close as its state machine does; the state it ended in."""
        state = self.state(session)
        due = close_session.check_due(
            session, state.ends_at, report, records=self.records, now=self.now
        )
        if not due.due:
            return due.reason
        if not due.has_report:
            token = f"token-{session}"
            self.close_machine.waiting.add(token)
            close_session.ask_for_report(
                session,
                token,
                records=self.records,
                resume=self.close_machine.resume,
                now=self.now,
            )
            return "waiting for the report"
        return self.finish_close(session)

    def finish_close(self, session: str) -> str:
        decided = decide_credit(
            session, records=self.records, documents=self.documents, now=self.now
        )
        roster = self.documents.objects[str(decided["roster"])].decode()
        for line in roster.splitlines():
            self.issue(**json.loads(line))
        close_session.report_to_staff(session, records=self.records, now=self.now)
        return "closed"

    def decide_wanted(self) -> list[str]:
        """Let the table's stream start what is wanted, and walk it as the machine does."""
        names = []
        for wanted in self.records.everything(DecisionWanted):
            before = set(self.close_machine.started)
            if wanted.waiting and start_decision(
                wanted, records=self.records, workflows=self.close_machine, now=self.now
            ):
                (name,) = set(self.close_machine.started) - before
                self.run_decision(name)
                names.append(name)
        return names

    def run_decision(self, name: str) -> None:
        """Walk one execution that decides one person."""
        told = self.close_machine.started[name]
        decided = decide_person(
            told["session"],
            told["learner"],
            told["cause"],
            records=self.records,
            documents=self.documents,
            now=self.now,
        )
        for line in self.documents.objects[str(decided["roster"])].decode().splitlines():
            self.issue(**json.loads(line))

    def issue(self, scope: str, learner: str) -> None:
        key = reserve_certificate(
            scope,
            learner,
            records=self.records,
            random_bytes=lambda n: hashlib.sha256(f"{scope}{learner}".encode()).digest()[:n],
            page_of=lambda public_id: f"https://pages.example/certificates/{public_id}",
            now=self.now,
        )
        certificate = self.records.get(key, Certificate) if key else None
        if certificate is None:
            return
        try:
            sha256 = print_certificate(
                certificate.public_id,
                certificate.text.model_dump(mode="json"),
                documents=self.documents,
                typeset=PlainPrinter().typeset,
            )
        except UnprintableText as error:
            park_certificate(
                scope, learner, str(error), failed=False, records=self.records, now=self.now
            )
        else:
            post_certificate(scope, learner, sha256, records=self.records, now=self.now)

    def upload_recording(
        self, session: str, name: str = "main.mp4", content: bytes = MP4, version: str = "v1"
    ) -> str:
        """Walk the announcement as its state machine does; what became of the file."""
        key = f"recordings/{session}/{name}"
        self.uploads.objects[key] = content
        self.uploads.modified[key] = self.now
        upload = RecordingUpload(session, name, key, version, len(content), self.now)
        checked = check_recording.check_file(
            upload, records=self.records, uploads=self.uploads, now=self.now
        )
        if checked["then"] == "quarantine":
            self.quarantine(upload)
        if checked["then"] == "announce":
            self.now = max(self.now, datetime.fromisoformat(checked["over_at"]))
            self.announce(session, name)
        return checked["then"]

    def quarantine(self, upload: RecordingUpload) -> None:
        check_recording.quarantine(upload, records=self.records, uploads=self.uploads, now=self.now)

    def announce(self, session: str, name: str = "main.mp4") -> None:
        loaded = announce_recording.load_roster(
            session, records=self.records, documents=self.documents, now=self.now
        )
        for line in self.documents.objects[str(loaded["roster"])].decode().splitlines():
            announce_recording.owe_recording_letter(
                **json.loads(line), records=self.records, now=self.now
            )
        announce_recording.mark_announced(
            session, name, people=int(loaded["people"]), records=self.records, now=self.now
        )

    def tell(self) -> None:
        """Let every alarm ring whose time has come, and walk each notice as its machine does."""
        for notice in self.records.waiting(NOTICES, self.now, Notice):
            loaded = tell_of_notice.load_who_to_tell(
                notice.session,
                notice.name,
                records=self.records,
                documents=self.documents,
                now=self.now,
            )
            for line in self.documents.objects[str(loaded["roster"])].decode().splitlines():
                tell_of_notice.owe_notice_letter(
                    notice.session,
                    notice.name,
                    json.loads(line)["learner"],
                    records=self.records,
                    now=self.now,
                )
            tell_of_notice.remember_told(
                notice.session, notice.name, records=self.records, now=self.now
            )

    def open_recording(self, session: str, address: str, generation: int = 0) -> object:
        """Where that person's link leads the player: to what plays first."""
        allowed = self.may_watch(session, address, generation)
        if not isinstance(allowed, Allowed):
            return allowed
        first = allowed.programme.played[0]
        return open_media(first, allowed, uploads=self.uploads, lasts=timedelta(minutes=10))

    def may_watch(
        self, session: str, address: str, generation: int = 0
    ) -> Allowed | NoAccess | NotFound:
        token = sign("watch", subject_of(session, who(address), generation), KEY)
        return who_may_watch(token, keys=[KEY], records=self.records, now=self.now)

    def post(self) -> None:
        """Let the outbox work: send whatever is owed."""
        for letter in self.records.everything(Letter):
            if letter.status is LetterStatus.PENDING:
                try:
                    send_letter(letter, f"claim-{next(self._ids)}", self.desk, self.now)
                except NotSent:
                    continue

    def sweep(self) -> Swept:
        return sweep(
            records=self.records,
            uploads=self.uploads,
            close_machine=self.close_machine,
            recording_machine=self.recording_machine,
            notice_machine=self.notice_machine,
            appeal_machine=self.appeal_machine,
            printing=self.printing,
            identity_key=KEY,
            live=False,
            now=self.now,
        )

    def state(self, session: str) -> SessionState:
        found = self.records.get(SessionState.key_of(session), SessionState)
        assert found is not None
        return found

    def seats(self, session: str) -> dict[str, str]:
        """Who is in that session, and how."""
        partition, prefix = Registration.key_of(session, "")
        return {
            kept.learner: str(kept.status)
            for kept in self.records.find(partition, Registration, prefix)
        }

    def letters(self, kind: LetterKind) -> list[Letter]:
        return [kept for kept in self.records.everything(Letter) if kept.letter is kind]

    def certificates(self) -> list[Certificate]:
        return self.records.everything(Certificate)

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


def who(address: str) -> str:
    """The id of whoever has that address."""
    return learner_id(address, KEY)


def paid(
    catalogue: Catalogue, offer_id: str, address: str, number: int = 1, **changes: object
) -> PaymentFact:
    """That somebody paid the price of an offer."""
    offer = catalogue.offer(offer_id)
    fields: dict[str, object] = {
        "provider": "stripe",
        "event": f"evt_{number}",
        "order": f"stripe-pi_{number}",
        "says": "paid",
        "at": datetime(2025, 6, 1, 12, 0, tzinfo=UTC) + timedelta(seconds=number),
        "live": False,
        "amount": Money(minor=offer.amount, currency=offer.currency),
        "offer_ids": tuple(offer.provider_ids.values()) or (offer.id,),
        "buyer_name": address.split("@")[0].title(),
        "buyer_address": address,
    }
    return PaymentFact.model_validate(fields | changes)
