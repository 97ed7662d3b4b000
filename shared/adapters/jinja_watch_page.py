"""The watch page in words: the player, the window, and everything else that helps to follow."""

from shared.adapters.jinja_pages import whole_page
from shared.domain.recordings import Recording
from shared.domain.watching import Role, WatchView, media_type_of

# Languages in their own words, as people look for them in a player's menu.
_LANGUAGES = {
    "ar": "العربية", "bn": "বাংলা", "de": "Deutsch", "en": "English", "es": "Español",
    "fr": "Français", "gu": "ગુજરાતી", "hi": "हिन्दी", "it": "Italiano", "kn": "ಕನ್ನಡ",
    "ml": "മലയാളം", "mr": "मराठी", "ne": "नेपाली", "pa": "ਪੰਜਾਬੀ", "pt": "Português",
    "ta": "தமிழ்", "te": "తెలుగు", "ur": "اردو", "zh": "中文",
}  # fmt: skip
_WAYS = {Role.MAIN: "Video", Role.SIGNED: "Video with sign language", Role.SOUND: "Sound only"}
_RESOURCES = {
    Role.TRANSCRIPT: ("Transcript", "Everything that was said, as text"),
    Role.SLIDES: ("Slides", "What was shown"),
}


def watch_page(view: WatchView, mine: str) -> str:
    """The page; `mine` is where a person's own page is asked for."""
    files = view.programme.files
    return whole_page(
        "watch",
        view.catalogue,
        view=view,
        session=view.session,
        sound=view.role is Role.SOUND,
        heard=f"{_way(view.role, view)}: {view.session.title}",
        media_type=media_type_of(files[view.role]),
        base=view.token,
        again=_address(view.role, view),
        choices=[
            {"name": _way(role, view), "address": _address(role, view), "now": role is view.role}
            for role in view.programme.played
        ],
        captions=[
            {"language": tag, "name": _LANGUAGES.get(tag.split("-")[0], tag)}
            for tag in _in_order(view)
        ],
        resources=[
            {"role": role, "name": name, "about": f"{about} ({_size(files[role])})"}
            for role, (name, about) in _RESOURCES.items()
            if role in files
        ],
        mine=mine,
    )


def absent_page(ask: str) -> str:
    """The link opens nothing; `ask` is where a fresh one is sent from."""
    return whole_page("watch_absent", ask=ask)


def _way(role: Role, view: WatchView) -> str:
    if role is Role.SIGNED and view.session.sign_language:
        return f"Video with {view.session.sign_language}"
    return _WAYS[role]


def _address(role: Role, view: WatchView) -> str:
    return view.token if role is view.programme.wished("") else f"{view.token}?play={role}"


def _in_order(view: WatchView) -> list[str]:
    """Languages of captions, the institute's own first: a player shows the first from the start."""
    own = view.catalogue.institute.languages[0]
    return sorted(view.programme.captions, key=lambda tag: (tag != own, tag))


def _size(recording: Recording) -> str:
    """ "120 KB", "3.4 MB"."""
    kilobytes = max(1, round(recording.size / 1000))
    return f"{kilobytes}\u00a0KB" if kilobytes < 1000 else f"{kilobytes / 1000:.1f}\u00a0MB"
