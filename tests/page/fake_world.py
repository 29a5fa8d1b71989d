"""The people, channels, card and side panel that the page's tests look at."""

from typing import Any

Json = dict[str, Any]


def _team(slug: str, name: str) -> Json:
    return {"id": f"T0{slug}", "name": name}


INTERFY = _team("INTERFY", "Interfy")
ACME = _team("ACME", "Acme Constructions")
BONDI = _team("BONDI", "Bondi Build")


def _persona(user: str, real_name: str, team: Json, title: str, color: str, **more: Any) -> Json:
    return {
        "id": user,
        "name": real_name.split(maxsplit=1)[0].lower(),
        "real_name": real_name,
        "title": title,
        "team": team,
        "external": team is not INTERFY,
        "is_restricted": False,
        "color": color,
        "tz": "Australia/Sydney",
        **more,
    }


PERSONAS = [
    _persona("U0SAM", "Sam Whitfield", INTERFY, "OneCore support", "#2c6fb3"),
    _persona("U0PRIYA", "Priya Nair", INTERFY, "OneCore support", "#8a3fa0"),
    _persona("U0LEE", "Lee Grant", INTERFY, "Contractor", "#6b6b6b", is_restricted=True),
    _persona("U0DANA", "Dana Okafor", ACME, "Procore administrator", "#b35c1e"),
    _persona("U0CASEY", "Casey Lin", ACME, "Bookkeeper", "#2a8c62", tz="Australia/Perth"),
    _persona("U0MARLO", "Marlo Reyes", BONDI, "Procore administrator", "#a8324a"),
    _persona("U0STRAY", "Toni Walsh", _team("OTHER", "Elsewhere"), "", "#555555"),
]

BOT = {"user_id": "U0ONECORE", "name": "OneCore", "app_id": "A0ONECORE"}

COMMANDS = [
    {
        "command": "/onboard",
        "description": "Start, check and hand over onboardings",
        "usage_hint": "[status|check|new|help] [customer]",
    }
]


def _channel(channel: str, name: str, members: list[str], shared: list[str]) -> Json:
    return {
        "id": channel,
        "name": name,
        "is_private": False,
        "is_ext_shared": bool(shared),
        "members": [*members, "U0ONECORE"],
        "shared_with": shared,
    }


CHANNELS = [
    _channel(
        "C0ACME", "ext-acme", ["U0SAM", "U0PRIYA", "U0DANA", "U0CASEY"], ["Acme Constructions"]
    ),
    _channel("C0BONDI", "ext-bondi", ["U0SAM", "U0MARLO"], ["Bondi Build"]),
    _channel("C0SUPPORT", "onecore-support", ["U0SAM", "U0PRIYA"], []),
    _channel("C0GENERAL", "general", ["U0SAM", "U0PRIYA", "U0LEE"], []),
]


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Json:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def button(action_id: str, label: str, **more: Any) -> Json:
    """A button element."""
    return {"type": "button", "action_id": action_id, "text": plain(label), "value": "v", **more}


def option(value: str, label: str | None = None) -> Json:
    """A choice of a menu."""
    return {"text": plain(label or value), "value": value}


def section(block_id: str, text: str, **more: Any) -> Json:
    """A section block."""
    return {"type": "section", "block_id": block_id, "text": mrkdwn(text), **more}


def actions(block_id: str, *elements: Json) -> Json:
    """An actions block."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def field(block_id: str, label: str, element: Json, **more: Any) -> Json:
    """An input block whose element's action id is `value`."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "value", **element},
        **more,
    }


def modal(view_id: str, title: str, *blocks: Json, **more: Any) -> Json:
    """A modal view."""
    return {"id": view_id, "type": "modal", "title": plain(title), "blocks": list(blocks), **more}


_MENU = {
    "type": "overflow",
    "action_id": "row_menu",
    "options": [
        option("assign", "Assign…"),
        option("stuck", "I'm stuck"),
        option("waive", "Waive…"),
    ],
}

CARD = [
    {
        "type": "header",
        "block_id": "title",
        "text": plain("Acme Constructions · getting ready for OneCore"),
    },
    {
        "type": "context",
        "block_id": "progress",
        "elements": [mrkdwn("4 of 6 required items done · *not ready yet* · checked 09:02 AEDT")],
    },
    {"type": "divider", "block_id": "d1"},
    section(
        "codes",
        ":x: *Cost codes need a QuickBooks account or item*\n"
        "31 of 44 matched · 9 have no target, 3 inactive, 1 item without an expense account\n"
        "Owner <@U0CASEY> · due Fri 27 Nov · verified 09:02",
        accessory=_MENU,
    ),
    actions(
        "codes_do",
        button("match", "Match them…"),
        button("recheck", "Re-check"),
        button("how", "How to fix"),
    ),
    {"type": "divider", "block_id": "d2"},
    section(
        "qbo",
        ":grey_question: *QuickBooks support user is Company admin*\n"
        "We can't see users through QuickBooks. Dana connected it, so it isn't proof.",
    ),
    actions(
        "qbo_do", button("prove", "Interfy: sign in to prove it"), button("done", "Mark as done…")
    ),
    {"type": "divider", "block_id": "d3"},
    section(
        "vendors",
        ":warning: *Recommended: 6 likely duplicate vendors in Procore*\n"
        'e.g. "ABC Plumbing Pty Ltd" and "A.B.C. Plumbing P/L" · same ABN',
    ),
    actions("vendors_do", button("review", "Review…"), button("recheck_v", "Re-check")),
    {"type": "divider", "block_id": "d4"},
    section("fine", ":white_check_mark: Done: Procore support user · Procore company admin"),
    actions(
        "foot",
        button("all", "Re-check everything", style="primary"),
        button("contact", "Contact Interfy support"),
    ),
    {
        "type": "context",
        "block_id": "live",
        "elements": [mrkdwn("Live card · I remind at 09:00 on working days · `@OneCore help`")],
    },
]


def _act(action_id: str, label: str, hint: str = "", **more: Any) -> Json:
    return {"id": action_id, "label": label, "hint": hint, "done": False, "disabled": False, **more}


_ACME = [
    _act("acme:support-user", "Create the Procore support user", "Dana, in Procore", done=True),
    _act("acme:admin", "Give it the company admin template", "Dana, in Procore"),
    _act("acme:merge-1", 'Merge "ABC Plumbing Pty Ltd" and "A.B.C. Plumbing P/L"', "For good"),
    _act("acme:accounts", "Add an account for every cost code without one", "Casey, in QuickBooks"),
    _act("acme:accept", "Accept the QuickBooks invitation", "Not invited yet", disabled=True),
    _act("acme:down", "Procore is down", "Every call answers 503", danger=True),
]

WORLD: Json = {
    "groups": [
        {"customer": "acme", "name": "Acme Constructions", "actions": _ACME},
        {
            "customer": "bondi",
            "name": "Bondi Build",
            "actions": [_act("bondi:support-user", "Create the Procore support user")],
        },
    ],
    "clock_actions": [
        _act("clock:hour", "One hour later"),
        _act("clock:tomorrow-0900", "Move to tomorrow 09:00 (Sydney)"),
        _act("clock:monday-0900", "Move to next Monday 09:00 (Sydney)"),
    ],
}
