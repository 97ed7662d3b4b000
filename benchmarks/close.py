"""The close of a large class: against the same number of ReportLab pages, and how memory grows.

A close decides, reserves, prints, posts and records. The table is one in memory, which answers at
once: what is measured is our own work for each person, and whether it piles up. Ten thousand are
really printed. `python -m benchmarks.close 10000` closes a class of that many and says how long a
thousand take, beside as many ReportLab pages.
"""

import hashlib
import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import cast

from benchmarks.certificates import sample_certificate
from benchmarks.measurement import Measurement
from benchmarks.reportlab_certificate import print_with_reportlab
from shared.adapters.catalogue_yaml import read_catalogue
from shared.adapters.memory import MemoryFiles, MemoryRecords
from shared.adapters.typst_certificates import TypstCertificatePrinter
from shared.domain.attendance import Interval, PresenceRow
from shared.domain.certificate_text import CertificateText
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.payments import OrderStatus
from shared.domain.record import Key, Record
from shared.domain.registrations import Grant, Learner, Registration, SeatChange
from shared.domain.sessions import Series, SessionState, open_session
from shared.ports import R
from shared.usecases.decide_credit import decide_credit
from shared.usecases.issue_certificate import post_certificate, reserve_certificate
from shared.usecases.print_certificate import print_certificate

_FILE = Path(__file__).parent.parent / "events" / "catalogue_published" / "idha-2025.yaml"
_CATALOGUE = read_catalogue(_FILE.read_bytes())
_CLASS = _CATALOGUE.sessions[0]
_AFTER = _CLASS.ends_at + timedelta(minutes=15)
_REPORT = "0123456789abcdef"
_WHOLE_CLOSE_BUDGET = 1.0
_MEMORY_BUDGET = 1.5
_PRINTING_BUDGET = 1.15


class Crowd(MemoryRecords):
    """A class of any size: people are made up as they are asked for.

    `keeps` says whether what is saved stays. Without it nothing piles up in
    the table, so that whatever piles up is ours.
    """

    def __init__(self, people: int, *, keeps: bool) -> None:
        super().__init__()
        self._people, self._keeps = people, keeps
        series = Series(
            series=_CATALOGUE.series.id, revision="r1", catalogue=_CATALOGUE,
            published_at=_AFTER, uploaded_at=_AFTER,
        )  # fmt: skip
        state = open_session(_CLASS.id, series.series, _CLASS.ends_at)
        super().commit(series, state.model_copy(update={"report": _REPORT}))
        self._fixed = frozenset(self._kept)

    def forget(self) -> None:
        """Drop whatever is kept of people."""
        for key in self._kept.keys() - self._fixed:
            del self._kept[key]

    def find(self, partition: str, of: type[R], prefix: str = "", after: str = "") -> Iterator[R]:
        made = {"registration": self._seat, "presence": self._row}.get(of.kind)
        if made is None:
            return super().find(partition, of, prefix, after)
        return (cast("R", made(place)) for place in range(self._people))

    def get(self, key: Key, of: type[R]) -> R | None:
        if of is Learner:
            name = f"Ana Ruiz-Gómez {key.partition[-5:]}"
            learner = key.partition.removeprefix("LEARNER#")
            person = Learner(learner=learner, name=name, address="a@b.example",
                             named_by=(_AFTER, "o"))  # fmt: skip
            return cast("R", person)
        return super().get(key, of)

    def commit(self, *records: Record, seats: Sequence[SeatChange] = ()) -> None:
        if self._keeps or any(isinstance(record, SessionState) for record in records):
            super().commit(*records, seats=seats)

    @staticmethod
    def _seat(place: int) -> Registration:
        grant = Grant(tier="general", status=OrderStatus.PAID)
        return Registration(
            session=_CLASS.id, series=_CATALOGUE.series.id, learner=f"L{place:024}",
            grants={f"order-{place}": grant}, registered_at=_AFTER,
        )  # fmt: skip

    @staticmethod
    def _row(place: int) -> PresenceRow:
        stayed = Interval(_CLASS.starts_at, _CLASS.ends_at)
        return PresenceRow(
            session=_CLASS.id, report=_REPORT, learner=f"L{place:024}", rows=(stayed,)
        )


def measure(quick: bool = False) -> list[Measurement]:
    """Three ratios, in some two minutes; `quick` is good for a look only."""
    few, many = (500, 5000) if quick else (1000, 10_000)
    printed = (100, 400) if quick else (few, many)
    return [
        _against_reportlab(100 if quick else 600),
        _memory(few, many),
        _memory_of_printing(*printed),
    ]


def _against_reportlab(people: int) -> Measurement:
    _warm()
    ours, theirs = close(people), reportlab(people)
    return Measurement(
        name="a whole close against as many ReportLab pages alone",
        ratio=ours / theirs,
        budget=_WHOLE_CLOSE_BUDGET,
        better="lower",
        note=f"{ours / people * 1000:.1f} s of processor time for a thousand people against "
        f"{theirs / people * 1000:.1f} s",
    )


def _memory(few: int, many: int) -> Measurement:
    small, large = peak_of_deciding(few), peak_of_deciding(many)
    return Measurement(
        name=f"memory to decide {many:,} people over that to decide {few:,}",
        ratio=large / small,
        budget=_MEMORY_BUDGET,
        better="lower",
        note=f"{large / 1024:,.0f} kB against {small / 1024:,.0f} kB at the peak, "
        "without the roster's file",
    )


def _memory_of_printing(few: int, many: int) -> Measurement:
    small, large = peak_of_printing(few), peak_of_printing(many)
    return Measurement(
        name=f"memory to print and post {many:,} people over that for {few:,}",
        ratio=large / small,
        budget=_PRINTING_BUDGET,
        better="lower",
        note=f"{large // 1024:,} MB against {small // 1024:,} MB for the whole process",
    )


def close(people: int) -> float:
    """Seconds of processor time to decide, reserve, print, post and record them all."""
    records, documents, typeset = Crowd(people, keeps=True), MemoryFiles(), _printer()
    start = time.process_time()
    decided = decide_credit(_CLASS.id, records=records, documents=documents, now=_AFTER)
    assert decided["earned"] == people
    for place in range(people):
        _give(place, records, documents, typeset)
    return time.process_time() - start


def print_and_post(people: int) -> None:
    """Reserve, print and post so many, and keep nothing of them: what piles up is ours."""
    records, documents, typeset = Crowd(1, keeps=True), MemoryFiles(), _printer()
    decide_credit(_CLASS.id, records=records, documents=documents, now=_AFTER)
    (decided,) = records.everything(Verdict)
    for place in range(people):
        records.forget()
        records.commit(decided.model_copy(update={"learner": f"L{place:024}", "version": 0}))
        _give(place, records, documents, typeset)


def _give(
    place: int, records: Crowd, documents: MemoryFiles, typeset: TypstCertificatePrinter
) -> None:
    """One person's certificate, from its reservation to the letter it goes with."""
    learner = f"L{place:024}"
    key = reserve_certificate(
        _CLASS.id, learner, records=records, random_bytes=partial(_bytes_of, place),
        page_of=lambda public_id: f"https://tending.example/certificates/{public_id}",
        now=_AFTER,
    )  # fmt: skip
    certificate = records.get(key, Certificate) if key else None
    assert certificate is not None
    sha256 = print_certificate(
        certificate.public_id,
        certificate.text.model_dump(mode="json"),
        documents=documents,
        typeset=lambda text: typeset.print(CertificateText.model_validate(text)),
    )
    post_certificate(_CLASS.id, learner, sha256, records=records, now=_AFTER)
    documents.objects.clear()


def reportlab(people: int) -> float:
    """Seconds of processor time in which ReportLab prints as many pages, and does nothing else."""
    start = time.process_time()
    for place in range(people):
        print_with_reportlab(sample_certificate(place))
    return time.process_time() - start


def peak_of_deciding(people: int) -> int:
    """Bytes at the peak while so many are decided, beside what stays in the table or a file."""
    records, documents = Crowd(people, keeps=False), _Nowhere()
    tracemalloc.start()
    decide_credit(_CLASS.id, records=records, documents=documents, now=_AFTER)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak - documents.written


def peak_of_printing(people: int) -> int:
    """Kilobytes at the peak of a fresh process in which so many are printed and posted."""
    words = (sys.executable, "-m", "benchmarks.close", "--peak-of-printing", str(people))
    return int(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


class _Nowhere(MemoryFiles):
    """Files that are not kept; only how much the largest of them was."""

    written = 0

    def write(self, key: str, content: bytes, media_type: str) -> None:
        del key, media_type
        self.written = max(self.written, len(content))


def _bytes_of(place: int, count: int) -> bytes:
    return hashlib.sha256(str(place).encode()).digest()[:count]


def _printer() -> TypstCertificatePrinter:
    return TypstCertificatePrinter()


def _warm() -> None:
    close(2)
    reportlab(2)


def main(arguments: Iterable[str]) -> int:
    """Close one class of that many, and say what it took."""
    words = list(arguments)
    if words[:1] == ["--peak-of-printing"]:
        print_and_post(int(words[1]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        # The same number is bytes on macOS and kilobytes elsewhere.
        sys.stdout.write(str(peak // 1024 if sys.platform == "darwin" else peak))
        return 0
    people = int(next(iter(words), "10000"))
    _warm()
    ours, theirs = close(people), reportlab(people)
    sys.stdout.write(
        f"{people:,} people: {ours:.0f} s of processor time, {ours / people * 1000:.1f} s a "
        f"thousand; as many ReportLab pages take {theirs:.0f} s ({ours / theirs:.2f} of it).\n"
        f"{_memory(1000, people).note}\n"
        f"Printing: {_memory_of_printing(1000, people).note}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
