"""Where a team's channel was told something of its relay, for whoever says it again in its place."""

from storage import relay_news
from storage.relay_news import News
from tests.relays.builders import RelayWorld

ROUND_OVER, DAY_AFTER = "2026-03-03 16:30", "2026-03-04 10:00"


async def test_it_is_known_once_it_has_been_said_and_of_nothing_else(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(ROUND_OVER)
    leg = world.leg(relay, 1)

    def where(news: News) -> tuple[str, str] | None:
        return world.run(lambda session: relay_news.sent_message(session, leg.id, news))

    assert world.told(leg) == [News.STALLED]
    assert where(News.STALLED) is None, "it is still to be said"
    await world.tick(DAY_AFTER)
    said = world.message(leg, News.STALLED)
    assert said.message_id is not None
    assert where(News.STALLED) == (said.conversation_id, said.message_id)
    assert where(News.PASSED_ON) is None
