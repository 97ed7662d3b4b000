"""Twins in memory of what fetching large files needs; the same contracts hold for both."""

from dataclasses import dataclass, field

from shared.domain.hand_uploads import UploadForm
from shared.file_ports import Part, Standing


@dataclass
class MemoryLargeUploads:
    """Objects and unfinished uploads in dictionaries."""

    objects: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    uploads: dict[str, tuple[str, str, dict[int, bytes]]] = field(default_factory=dict)
    begun: int = 0

    def standing(self, key: str) -> Standing | None:
        found = self.objects.get(key)
        return Standing(len(found[0]), found[1]) if found else None

    def begin(self, key: str, media_type: str, mark: str) -> str:
        self.begun += 1
        upload = f"upload-{self.begun}"
        self.uploads[upload] = (key, mark, {})
        return upload

    def parts(self, key: str, upload: str) -> list[Part]:
        return [_part(number, kept) for number, kept in sorted(self.uploads[upload][2].items())]

    def put(self, key: str, upload: str, number: int, content: bytearray) -> Part:
        self.uploads[upload][2][number] = bytes(content)
        return _part(number, bytes(content))

    def finish(self, key: str, upload: str, parts: list[Part]) -> None:
        _, mark, kept = self.uploads[upload]
        if key in self.objects:
            raise FileExistsError(key)
        self.objects[key] = (b"".join(kept[part.number] for part in parts), mark)
        del self.uploads[upload]

    def abandon(self, key: str, upload: str) -> None:
        self.uploads.pop(upload, None)


def _part(number: int, content: bytes) -> Part:
    return Part(number, len(content), f'"{number}-{len(content)}"')


@dataclass
class MemoryUploadForms:
    """Forms that were made, and what may be sent by each: (media type, most bytes, seconds)."""

    made: dict[str, tuple[str, int, int]] = field(default_factory=dict)

    def form(self, key: str, media_type: str, most: int, seconds: int, then: str) -> UploadForm:
        self.made[key] = (media_type, most, seconds)
        after = {"success_action_redirect": then} if then else {"success_action_status": "204"}
        fields = {"key": key, "Content-Type": media_type, **after}
        return UploadForm(url="https://uploads.example/", fields=fields)


@dataclass
class MemoryQueue:
    """Messages in a list."""

    messages: list[str] = field(default_factory=list)

    def put(self, message: str) -> None:
        self.messages.append(message)
