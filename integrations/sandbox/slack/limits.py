"""Slack's rate limits: token buckets per method, and per channel for posting.

Slack documents tiers (docs.slack.dev/apis/web-api/rate-limits: tier 1 1+, tier 2 20+, tier 3 50+,
tier 4 100+ calls a minute per method, workspace and app, with some burst) and about one post a
second per channel with short bursts. The bursts below are ours.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime

from integrations.sandbox.slack.errors import SlackError

TIER_2, TIER_3, TIER_4 = 20, 50, 100
SPECIAL = 600
POSTS_PER_MINUTE = 60
POST_BURST = 3
LEAST_BURST = 30


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


@dataclass(slots=True)
class RateLimits:
    """All buckets of the app in its workspace.

    Args:
        enabled: False lets everything through.
        post_burst: Posts that one channel takes at once before the rate applies.
    """

    enabled: bool = True
    post_burst: int = POST_BURST
    _buckets: dict[str, _Bucket] = field(default_factory=dict, init=False)

    def take_call(self, method: str, per_minute: int, now: datetime) -> None:
        """Count one call of a method.

        Raises:
            SlackError: `ratelimited`, with `Retry-After`.
        """
        self._take(method, per_minute, max(per_minute, LEAST_BURST), now)

    def take_post(self, channel_id: str, now: datetime) -> None:
        """Count one post to a channel.

        Raises:
            SlackError: `ratelimited`, with `Retry-After`.
        """
        self._take(f"post:{channel_id}", POSTS_PER_MINUTE, self.post_burst, now)

    def reset(self) -> None:
        """Forget every call so far."""
        self._buckets.clear()

    def _take(self, key: str, per_minute: int, burst: int, now: datetime) -> None:
        if not self.enabled:
            return
        bucket = self._buckets.setdefault(key, _Bucket(float(burst), now))
        passed = max((now - bucket.at).total_seconds(), 0.0)
        bucket.left = min(bucket.left + passed * per_minute / 60, float(burst))
        bucket.at = now
        if bucket.left < 1:
            wait = math.ceil((1 - bucket.left) * 60 / per_minute)
            raise SlackError("ratelimited", status=429, headers={"Retry-After": str(max(wait, 1))})
        bucket.left -= 1
