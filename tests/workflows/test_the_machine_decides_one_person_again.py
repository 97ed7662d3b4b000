"""After the close something about one person changes: the table's stream has them decided again."""

from typing import Any

from functions.session_closed import again
from functions.session_closed import handler as close
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.decisions_wanted import DecisionWanted
from shared.domain.letters import LetterKind
from tests.cloud import CONTEXT, Cloud, who
from tests.gateway import stream_event
from tests.machines import Stage
from tests.season import AMARA, CLASS_1, after, pay_later, report_came

CLOSE = "CLOSE_STATE_MACHINE_ARN"
ALARM = {"session": CLASS_1.id, "ends_at": CLASS_1.ends_at.isoformat()}
EVA = who("eva@example.org")


def _wanted(cloud: Cloud) -> list[dict[str, Any]]:
    """Every decision that waits, as the table's stream shows it."""
    rows = (item for item in cloud.items() if item["kind"]["S"] == "decision_wanted")
    return [row for row in rows if "waiting" in row]


def _names(stage: Stage) -> list[str]:
    return [one.name for one in stage.executions(CLOSE) if one.name.startswith("again-")]


def test_a_payment_that_arrives_after_the_close_brings_the_certificate_to_that_person_alone(
    season: Stage,
) -> None:
    pay_later("general-class-1", "Eva", 9, arrives=False)
    after(season.cloud)
    report_came(season.cloud, CLASS_1, "amara", "eva")
    close.start(ALARM, CONTEXT)
    season.ended(CLOSE)
    assert [kept.learner for kept in season.cloud.everything(Certificate)] == [AMARA]

    season.cloud.wait(days=2)
    pay_later("general-class-1", "Eva", 9, arrives=True)
    event = stream_event(*_wanted(season.cloud))
    for _ in range(2):  # the stream may tell twice
        assert again.start(event, CONTEXT) == {"batchItemFailures": []}

    (name,) = _names(season)
    execution = season.ended(CLOSE, name)
    assert execution.states == [
        "Is the close still due?",
        "Due?",
        "Is it about one person?",
        "Decide who earned credit",
        "Issue the certificates",
        "Was it about one person?",
        "The person was decided",
    ]
    assert {kept.learner: kept.status for kept in season.cloud.everything(Certificate)} == {
        AMARA: CertificateStatus.ISSUED,
        EVA: CertificateStatus.ISSUED,
    }
    assert len(season.cloud.letters(LetterKind.STAFF_CLOSE)) == 1
    (wanted,) = season.cloud.everything(DecisionWanted)
    assert wanted.waiting is None
