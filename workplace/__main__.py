"""`python -m workplace`: run the pretend workplace until interrupted."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from workplace.municipality import ALVSUNDA, WITH_CARE
from workplace.seed import Seed
from workplace.server import started
from workplace.settings import Secrets, Settings


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        settings = _settings(_parser().parse_args(arguments))
        asyncio.run(_run(settings))
    except KeyboardInterrupt:
        return 0
    except (OSError, ValidationError) as error:
        sys.stderr.write(f"workplace: {error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m workplace", description="A pretend workplace on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="0 takes any free port (default: 8000)")
    parser.add_argument("--data", type=Path, metavar="FILE", help="a seed in JSON instead of Älvsunda kommun")
    parser.add_argument("--with-care", action="store_true", help="Älvsunda's leaders in care too, 24 more people")
    parser.add_argument("--request-url", default=Settings().request_url, help="where the bot listens")
    parser.add_argument("--teams-url", default=Settings().teams_url, help="where the bot listens for Teams")
    parser.add_argument("--bot-token", help="default: KNUFF_SLACK_BOT_TOKEN, else a fixed one")
    parser.add_argument("--app-token", help="default: KNUFF_SLACK_APP_TOKEN, else a fixed one")
    parser.add_argument("--signing-secret", help="default: KNUFF_SLACK_SIGNING_SECRET, else a fixed one")
    parser.add_argument("--teams-app-id", help="default: KNUFF_TEAMS_APP_ID, else a fixed one")
    parser.add_argument("--teams-app-password", help="default: KNUFF_TEAMS_APP_PASSWORD, else a fixed one")
    parser.add_argument("--teams-tenant-id", help="default: KNUFF_TEAMS_TENANT_ID, else a fixed one")
    parser.add_argument("--clock-start", type=_moment, metavar="MOMENT", help="such as 2026-03-02T08:14:00+01:00")
    parser.add_argument("--no-limits", action="store_true", help="no rate limits")
    parser.add_argument("--seed", type=int, default=1, help="of all chance, so that faults can be repeated")
    return parser


def _settings(given: argparse.Namespace) -> Settings:
    secrets = Secrets.from_environment(os.environ)
    return Settings(
        port=given.port,
        request_url=given.request_url,
        teams_url=given.teams_url,
        secrets=replace(
            secrets,
            bot_token=given.bot_token or secrets.bot_token,
            app_token=given.app_token or secrets.app_token,
            signing_secret=given.signing_secret or secrets.signing_secret,
            teams_app_id=given.teams_app_id or secrets.teams_app_id,
            teams_app_password=given.teams_app_password or secrets.teams_app_password,
            teams_tenant_id=given.teams_tenant_id or secrets.teams_tenant_id,
        ),
        seed=_seed(given),
        clock_start=given.clock_start,
        limits=not given.no_limits,
        chance=given.seed,
    )


def _seed(given: argparse.Namespace) -> Seed:
    if given.data:
        return Seed.model_validate_json(given.data.read_text("utf-8"))
    return WITH_CARE if given.with_care else ALVSUNDA


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("the moment must say its offset, as in 2026-03-02T08:14:00+01:00")
    return moment


async def _run(settings: Settings) -> None:
    async with started(settings) as address:
        sys.stdout.write(f"workplace: {address}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    sys.exit(main())
