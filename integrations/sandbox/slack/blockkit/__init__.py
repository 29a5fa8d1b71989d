"""Block Kit, checked as strictly as Slack checks it.

`check_message_blocks` and `check_view` return Slack's own lines, each with the JSON pointer of the
fault; an empty list means that Slack would take it.
"""

from integrations.sandbox.slack.blockkit.surfaces import check_message_blocks, check_view

__all__ = ["check_message_blocks", "check_view"]
