"""Block elements and the objects inside them: lengths, counts, places.

Limits: docs.slack.dev/reference/block-kit, @slack/types 3.2.0 and slack_sdk 3.47. An option's
value is held to 150 characters as in slack_sdk (@slack/types says 75).
"""

from typing import Any

from integrations.sandbox.slack.blockkit.rules import (
    Report,
    Rule,
    anything,
    boolean,
    both,
    by_type,
    integer,
    list_of,
    one_of,
    shape,
    string,
    text,
)

ID = string(255, 1)
URL = string(3000, 1)
CONFIRM = shape(
    {
        "title": text(100, mrkdwn=False),
        "text": text(300),
        "confirm": text(30, mrkdwn=False),
        "deny": text(30, mrkdwn=False),
    },
    {"style": one_of("primary", "danger")},
)
DISPATCH = shape(
    {
        "trigger_actions_on": list_of(
            one_of("on_enter_pressed", "on_character_entered"),
            1,
            2,
        )
    }
)
FILTER = shape(
    {},
    {
        "include": list_of(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)


def _option(*, mrkdwn: bool = False) -> Rule:
    return shape(
        {"text": text(75, mrkdwn=mrkdwn), "value": string(150, 1)},
        {"description": text(75, mrkdwn=mrkdwn), "url": URL},
    )


_GROUP = shape({"label": text(75, mrkdwn=False), "options": list_of(_option(), 1, 100)})


def _focus(report: Report, value: object, pointer: str) -> None:
    boolean(report, value, pointer)
    if value is True:
        report.focused.append(pointer)
        if report.surface == "message":
            report.fault(pointer, "focus_on_load is not supported in messages")


def element(
    required: dict[str, Rule] | None = None, optional: dict[str, Rule] | None = None
) -> Rule:
    """An interactive element: a type, an action_id and its own fields."""
    return shape(
        {"type": anything, **(required or {})},
        {"action_id": ID, **(optional or {})},
    )


_PLACEHOLDER: dict[str, Rule] = {"placeholder": text(150, mrkdwn=False)}
_CHOICE: dict[str, Rule] = {"confirm": CONFIRM, "focus_on_load": _focus}
_MULTI: dict[str, Rule] = {"max_selected_items": integer(1, 100)}
_SELECT = {**_PLACEHOLDER, **_CHOICE}
_TYPED: dict[str, Rule] = {
    **_PLACEHOLDER,
    "dispatch_action_config": DISPATCH,
    "focus_on_load": _focus,
}


def _initial_is_an_option(report: Report, value: Any, pointer: str) -> None:  # noqa: ANN401
    options = value.get("options")
    if not isinstance(options, list):
        return
    known = [_key(one) for one in options]
    wanted = value.get("initial_options", [value.get("initial_option")])
    for one in wanted if isinstance(wanted, list) else []:
        if one is not None and _key(one) not in known:
            report.fault(pointer, "initial option was not found in options")


def _key(option: Any) -> tuple[Any, Any]:  # noqa: ANN401
    if not isinstance(option, dict) or not isinstance(option.get("text"), dict):
        return (None, None)
    return (option.get("value"), option["text"].get("text"))


def _options_xor_groups(report: Report, value: Any, pointer: str) -> None:  # noqa: ANN401
    if (value.get("options") is None) == (value.get("option_groups") is None):
        report.fault(pointer, "must provide exactly one of: options, option_groups")


def _static(initial: dict[str, Rule]) -> Rule:
    fields: dict[str, Rule] = {
        **_SELECT,
        "options": list_of(_option(), 1, 100),
        "option_groups": list_of(_GROUP, 1, 100),
        **initial,
    }
    return both(element(optional=fields), _options_xor_groups, _initial_is_an_option)


def _listed(most: int, initial: dict[str, Rule]) -> Rule:
    options = list_of(_option(mrkdwn=True), 1, most)
    return both(element({"options": options}, {**_CHOICE, **initial}), _initial_is_an_option)


def _button_url(report: Report, value: Any, pointer: str) -> None:  # noqa: ANN401
    url = value.get("url")
    if isinstance(url, str) and url and "://" not in url and not url.startswith("mailto:"):
        report.fault(f"{pointer}/url", "must be a valid URL")


def image_source(report: Report, value: Any, pointer: str) -> None:  # noqa: ANN401
    """An image comes from an address or from a file of Slack's, not both."""
    if (value.get("image_url") is None) == (value.get("slack_file") is None):
        report.fault(pointer, "must provide exactly one of: image_url, slack_file")


BUTTON = both(
    element(
        {"text": text(75, mrkdwn=False)},
        {
            "url": URL,
            "value": string(2000),
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "agent_prompt": string(4000),
            "agent_prompt_display": anything,
            "visible_to_user_ids": list_of(string(255, 1), 1, 100),
        },
    ),
    _button_url,
)
IMAGE = both(
    shape(
        {"type": anything, "alt_text": string(2000)},
        {"image_url": URL, "slack_file": anything},
    ),
    image_source,
)
_FEEDBACK = shape(
    {"text": text(75, mrkdwn=False)},
    {"value": string(2000), "accessibility_label": string(75)},
)
_INITIAL_OPTION: dict[str, Rule] = {"initial_option": _option()}
_INITIAL_OPTIONS: dict[str, Rule] = {"initial_options": list_of(_option(), 1, 100)}
_MARKED_OPTION: dict[str, Rule] = {"initial_option": _option(mrkdwn=True)}
_MARKED_OPTIONS: dict[str, Rule] = {"initial_options": list_of(_option(mrkdwn=True), 1, 10)}
_QUERY: dict[str, Rule] = {"min_query_length": integer(0, 3000)}
_RESPONSE: dict[str, Rule] = {"response_url_enabled": boolean}
_CURRENT: dict[str, Rule] = {"default_to_current_conversation": boolean, "filter": FILTER}
_IDS = list_of(string(255, 1), 0, 100)

KINDS: dict[str, Rule] = {
    "button": BUTTON,
    "workflow_button": element({"text": text(75, mrkdwn=False), "workflow": anything}),
    "image": IMAGE,
    "overflow": element({"options": list_of(_option(), 1, 5)}, {"confirm": CONFIRM}),
    "static_select": _static(_INITIAL_OPTION),
    "multi_static_select": _static({**_INITIAL_OPTIONS, **_MULTI}),
    "external_select": element(optional={**_SELECT, **_QUERY, **_INITIAL_OPTION}),
    "multi_external_select": element(optional={**_SELECT, **_QUERY, **_INITIAL_OPTIONS, **_MULTI}),
    "users_select": element(optional={**_SELECT, "initial_user": ID}),
    "multi_users_select": element(optional={**_SELECT, **_MULTI, "initial_users": _IDS}),
    "channels_select": element(optional={**_SELECT, **_RESPONSE, "initial_channel": ID}),
    "multi_channels_select": element(optional={**_SELECT, **_MULTI, "initial_channels": _IDS}),
    "conversations_select": element(
        optional={**_SELECT, **_RESPONSE, **_CURRENT, "initial_conversation": ID}
    ),
    "multi_conversations_select": element(
        optional={**_SELECT, **_MULTI, **_CURRENT, "initial_conversations": _IDS}
    ),
    "checkboxes": _listed(10, _MARKED_OPTIONS),
    "radio_buttons": _listed(10, _MARKED_OPTION),
    "datepicker": element(optional={**_SELECT, "initial_date": string(10, 10)}),
    "timepicker": element(
        optional={**_SELECT, "initial_time": string(5, 5), "timezone": string(255)}
    ),
    "datetimepicker": element(
        optional={**_CHOICE, "initial_date_time": integer(1_000_000_000, 9_999_999_999)}
    ),
    "plain_text_input": element(
        optional={
            **_TYPED,
            "initial_value": string(3000),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        }
    ),
    "email_text_input": element(optional={**_TYPED, "initial_value": string(3000)}),
    "url_text_input": element(optional={**_TYPED, "initial_value": string(3000)}),
    "number_input": element(
        {"is_decimal_allowed": boolean},
        {
            **_TYPED,
            "initial_value": string(255),
            "min_value": string(255),
            "max_value": string(255),
        },
    ),
    "rich_text_input": element(
        optional={
            **_TYPED,
            "initial_value": anything,
            "min_lines": integer(1, 100),
            "max_lines": integer(1, 100),
        }
    ),
    "file_input": element(
        optional={"filetypes": list_of(string(32, 1), 1, 100), "max_files": integer(1, 10)}
    ),
    "feedback_buttons": element({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}),
    "icon_button": element(
        {"icon": one_of("trash"), "text": text(75, mrkdwn=False)},
        {
            "value": string(2000),
            "accessibility_label": string(75),
            "confirm": CONFIRM,
            "visible_to_user_ids": list_of(string(255, 1), 1, 100),
        },
    ),
}

_SELECTS = (
    "static_select",
    "external_select",
    "users_select",
    "channels_select",
    "conversations_select",
)
_MULTIS = tuple(f"multi_{name}" for name in _SELECTS)
_SHARED = (*_SELECTS, "checkboxes", "radio_buttons", "datepicker", "timepicker")
IN_ACTIONS = (
    *_SHARED,
    *_MULTIS,
    "button",
    "overflow",
    "datetimepicker",
    "workflow_button",
    "icon_button",
)
IN_SECTION = (*_SHARED, *_MULTIS, "button", "overflow", "image", "workflow_button")
IN_INPUT = (
    *_SHARED,
    *_MULTIS,
    "datetimepicker",
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
)


def placed(allowed: tuple[str, ...], what: str) -> Rule:
    """An element of a type that is allowed in this place."""
    return by_type(KINDS, allowed, f"element in {what}")
