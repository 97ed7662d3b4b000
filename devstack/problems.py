"""Trouble that a person can do something about: what happened, and the next thing to try."""


class Problem(Exception):
    """Something went wrong. `advice` names the next command or act, as a sentence."""

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice
