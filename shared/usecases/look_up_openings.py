"""Look up who opened a recording, how often, and from how many networks."""

from typing import Any

from shared.domain.openings import Opening, Origins
from shared.domain.watch_links import WatchLink
from shared.ports import Records


def look_up_openings(session: str, *, records: Records) -> list[dict[str, Any]]:
    """Everybody who opened a session's recording, as plain data; networks within a month."""
    partition = Opening.key_of(session, "").partition
    origins = {kept.learner: kept for kept in records.find(partition, Origins, "ORIGINS#")}
    links = {kept.learner: kept for kept in records.find(partition, WatchLink, "LINK#")}
    return [
        _opening(kept, origins.get(kept.learner), links.get(kept.learner))
        for kept in records.find(partition, Opening, Opening.prefix_of())
    ]


def _opening(kept: Opening, origins: Origins | None, link: WatchLink | None) -> dict[str, Any]:
    return {
        "learner": kept.learner,
        "count": kept.count,
        "first_at": kept.first_at.isoformat(),
        "last_at": kept.last_at.isoformat(),
        "fetched_at": kept.fetched_at.isoformat() if kept.fetched_at else None,
        "networks": len(origins.seen) if origins else 0,
        "links_replaced": [
            {"by": act.by, "why": act.why, "at": act.at.isoformat()}
            for act in (link.acts if link else ())
        ],
    }
