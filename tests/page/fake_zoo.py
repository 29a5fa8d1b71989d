"""One of every block and element that the page draws."""

from typing import Any

from tests.page.fake_world import actions, button, field, modal, mrkdwn, option, plain, section

Json = dict[str, Any]

FRUIT = [option("apple", "Apple"), option("pear", "Pear"), option("plum", "Plum")]

RICH = {
    "type": "rich_text",
    "block_id": "rich",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Rich ", "style": {"bold": True}},
                {"type": "text", "text": "text with "},
                {"type": "user", "user_id": "U0CASEY"},
                {"type": "text", "text": ", "},
                {"type": "channel", "channel_id": "C0GENERAL"},
                {"type": "text", "text": " and "},
                {"type": "link", "url": "https://example.com/guide", "text": "a guide"},
                {"type": "text", "text": " "},
                {"type": "emoji", "name": "rocket"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "first"}]},
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "second"}]},
            ],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quoted"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a = 1"}]},
    ],
}

TABLE = {
    "type": "table",
    "block_id": "table",
    "column_settings": [{"is_wrapped": True}, {"align": "right"}],
    "rows": [
        [{"type": "raw_text", "text": "Cost code"}, {"type": "raw_text", "text": "Matches"}],
        [{"type": "raw_text", "text": "03-300 Footings"}, {"type": "raw_text", "text": "1"}],
        [{"type": "raw_text", "text": "09-900 Paint"}, {"type": "raw_text", "text": "12"}],
    ],
}

MARKDOWN = {
    "type": "markdown",
    "block_id": "md",
    "text": (
        "## Plan\n1. **Bold** and *italic* and `code`\n2. [a link](https://example.com)\n"
        "   - nested\n\n> a quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nraw <b>\n```"
    ),
}

MRKDWN = (
    "*bold* _italic_ ~strike~ `code` snake_case_name 2*3*4\n"
    "> quoted &amp; escaped &lt;b&gt;\n"
    "• one\n• two\n"
    "<https://example.com/a?b=1&amp;c=2|the guide> <mailto:a@b.example|write> <@U0DANA> <@U0SAM> "
    "<#C0GENERAL|general> <!here> <!subteam^S0SUPPORT|@onecore-support> "
    "<!date^1763766000^{date_short} at {time}|22 Nov> :tada: :no_such_emoji:\n"
    "```if a < b:\n  *not bold*```"
    "and <b>no html</b> https://example.com/bare."
)

BLOCKS = [
    {"type": "header", "block_id": "h", "text": plain("A header :rocket:")},
    section("text", MRKDWN),
    {
        "type": "section",
        "block_id": "fields",
        "fields": [mrkdwn("*Stage*\nPreparing"), mrkdwn("*Waiting on*\nCustomer")],
    },
    section(
        "pick",
        "Pick a fruit",
        accessory={
            "type": "static_select",
            "action_id": "fruit",
            "placeholder": plain("Fruit"),
            "options": FRUIT,
        },
    ),
    section(
        "when",
        "Pick a day",
        accessory={"type": "datepicker", "action_id": "day", "initial_date": "2025-11-24"},
    ),
    section(
        "tick",
        "Tick some",
        accessory={"type": "checkboxes", "action_id": "ticks", "options": FRUIT[:2]},
    ),
    {"type": "divider", "block_id": "line"},
    actions(
        "acts",
        button("plain", "Plain"),
        button("go", "Primary", style="primary"),
        button(
            "drop",
            "Danger",
            style="danger",
            confirm={
                "title": plain("Drop it?"),
                "text": mrkdwn("This *cannot* be undone."),
                "confirm": plain("Drop"),
                "deny": plain("Keep"),
                "style": "danger",
            },
        ),
        button("open", "Open the guide", url="https://example.com/guide"),
        {
            "type": "overflow",
            "action_id": "more",
            "options": [option("one", "One"), option("two", "Two")],
        },
    ),
    {
        "type": "image",
        "block_id": "pic",
        "image_url": "/static/favicon.svg",
        "alt_text": "A tick",
        "title": plain("A picture"),
    },
    {
        "type": "image",
        "block_id": "away",
        "image_url": "https://example.com/x.png",
        "alt_text": "A chart",
    },
    RICH,
    TABLE,
    MARKDOWN,
    {"type": "context", "block_id": "ctx", "elements": [mrkdwn("small _print_"), plain("more")]},
    {"type": "hologram", "block_id": "future"},
]

INPUTS = [
    field("name", "Customer's name", {"type": "plain_text_input", "placeholder": plain("Acme")}),
    field(
        "notes",
        "Notes",
        {"type": "plain_text_input", "multiline": True},
        optional=True,
        hint=plain("What should the customer know?"),
    ),
    field("single", "Fruit", {"type": "static_select", "options": FRUIT}),
    field(
        "grouped",
        "Grouped",
        {
            "type": "static_select",
            "option_groups": [
                {"label": plain("Pome"), "options": FRUIT[:2]},
                {"label": plain("Stone"), "options": FRUIT[2:]},
            ],
        },
        optional=True,
    ),
    field("many", "Several", {"type": "multi_static_select", "options": FRUIT}, optional=True),
    field("remote", "Account", {"type": "external_select", "min_query_length": 0}, optional=True),
    field("who", "Owner", {"type": "users_select"}, optional=True),
    field("where", "Channel", {"type": "conversations_select"}, optional=True),
    field("day", "Due", {"type": "datepicker"}, optional=True),
    field("hour", "Remind at", {"type": "timepicker", "initial_time": "09:00"}, optional=True),
    field("ticks", "Ticks", {"type": "checkboxes", "options": FRUIT}, optional=True),
    field("radio", "Grade", {"type": "radio_buttons", "options": FRUIT[:2]}, optional=True),
    field("count", "Days", {"type": "number_input", "max_value": "30"}, optional=True),
    field("mail", "E-mail", {"type": "email_text_input"}, optional=True),
    field("site", "Link", {"type": "url_text_input"}, optional=True),
]


def form(view_id: str = "V1", title: str = "New customer") -> Json:
    """A modal with every input."""
    return modal(
        view_id, title, *INPUTS, submit=plain("Create"), close=plain("Cancel"), callback_id="form"
    )


HOME = {
    "id": "VHOME",
    "type": "home",
    "blocks": [
        {"type": "header", "block_id": "title", "text": plain("Onboardings · 14 open · 3 stuck")},
        actions(
            "bar",
            {
                "type": "static_select",
                "action_id": "filter",
                "placeholder": plain("Filter"),
                "initial_option": option("all", "All"),
                "options": [option("all", "All"), option("mine", "Mine"), option("stuck", "Stuck")],
            },
            button("new", "New customer…", style="primary"),
        ),
        section(
            "cairns",
            ":large_red_circle: *Cairns Civil*\n3 of 6 · waiting on customer · 12 working days",
            accessory=button("open", "Open"),
        ),
        section(
            "acme",
            ":large_yellow_circle: *Acme Constructions*\n4 of 6 · moved yesterday",
            accessory=button("open", "Open"),
        ),
        section(
            "bondi",
            ":large_green_circle: *Bondi Build*\nready since 09:02 · not handed over",
            accessory=button("open", "Open"),
        ),
    ],
}
