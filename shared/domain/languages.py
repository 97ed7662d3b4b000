"""The languages that letters can be written in. Documents and pages are in English."""

from typing import Final, Literal

# A language is added as files; see CONTRIBUTING.
Language = Literal["en", "es"]
ENGLISH: Final = "en"
