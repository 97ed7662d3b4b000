"""Once a night: who is invited to a community, and who has to leave it."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from shared import community_wiring, wiring
from shared.community_ports import KeyRefused
from shared.failures import Unavailable
from shared.messages import CommunityWanted
from shared.observability import count, log_failure, logger, metrics
from shared.usecases.keep_community import keep_community, networks, wanted_changes

_LEFT_AT_LEAST_MS = 30_000


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def keep(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Bring every community, or one series', in line; without `apply` only say what would change.

    By network: the ids of whom it invited and who left. A network that fails holds up no other.
    """
    wanted = CommunityWanted.model_validate(event)
    if not community_wiring.key():
        return {"problem": "There is no key to ask Mighty Networks with."}
    answers = {}
    for network in networks(wiring.records(), wanted.series):
        answers[network] = _kept(network, apply=wanted.apply, context=context)
    return {"networks": answers}


def _kept(network: str, *, apply: bool, context: LambdaContext) -> dict[str, Any]:
    community, records = community_wiring.community(network), wiring.records()
    try:
        if apply:
            changes = keep_community(
                network,
                community,
                records=records,
                now=wiring.now(),
                has_time=lambda: context.get_remaining_time_in_millis() > _LEFT_AT_LEAST_MS,
            )
            count("CommunityInvited", len(changes.grants))
            count("CommunityRemoved", len(changes.removals))
        else:
            changes = wanted_changes(network, community, records)
    except (Unavailable, KeyRefused) as error:
        log_failure("A community was not brought in line", error)
        count("CommunityNotKept")
        return {"problem": "The key was refused." if isinstance(error, KeyRefused) else str(error)}
    return {
        "invited": list(changes.grants),
        "removed": [removal.learner for removal in changes.removals],
    }
