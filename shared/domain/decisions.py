"""A decision and why: a rule answers with an outcome, reasons a person can read, its version."""

from shared.domain.value import Value


class Reason(Value):
    """One reason: a stable `code` for machines and one sentence in the second person for people."""

    code: str
    text: str


class Decision(Value):
    """What a rule answered. A refusal carries every reason that led to it."""

    granted: bool
    reasons: tuple[Reason, ...]
    rule_version: str

    @property
    def why(self) -> str:
        """The reasons as one text."""
        return " ".join(reason.text for reason in self.reasons)


def granted(rule_version: str, code: str, text: str) -> Decision:
    """A yes, with the one reason that carries it."""
    return Decision(
        granted=True, reasons=(Reason(code=code, text=text),), rule_version=rule_version
    )


def refused(rule_version: str, *reasons: Reason) -> Decision:
    """A no, with all of its reasons."""
    return Decision(granted=False, reasons=reasons, rule_version=rule_version)
