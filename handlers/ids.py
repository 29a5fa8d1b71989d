"""Every name that Slack hands back to us, once."""

from enum import StrEnum

COMMAND = "/onboard"
BOT_SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "usergroups:read",
    "users:read",
)
"""The least that the bot works with; ``app_manifest.yml`` says what each is for."""

BOT_EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_id_changed",
    "channel_left",
    "channel_rename",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "message.im",
    "tokens_revoked",
)
"""The events that the bot subscribes to."""

OUTBOX_EVENT = "onecore_outbox"
"""``event_type`` of the metadata that carries an outbox key."""


class Verb(StrEnum):
    """The words that people say to the bot, by slash command, mention or direct message."""

    HELP = "help"
    STATUS = "status"
    CHECK = "check"
    DETAILS = "details"
    FIX = "fix"
    DONE = "done"
    UNDO = "undo"
    STUCK = "stuck"
    SNOOZE = "snooze"
    REMIND = "remind"
    ASSIGN = "assign"
    HANDOFF = "handoff"
    HISTORY = "history"
    NEW = "new"
    LINK = "link"
    LIST = "list"
    WAIVE = "waive"
    PAUSE = "pause"
    RESUME = "resume"
    ARCHIVE = "archive"
    NUDGE = "nudge"
    TARGET = "target"
    CONNECT = "connect"
    DISCONNECT = "disconnect"
    MATCH = "match"
    REVIEW = "review"
    EXPORT = "export"
    DOCTOR = "doctor"
    RISKS = "risks"


class ActionId(StrEnum):
    """Buttons and menus."""

    RECHECK = "item_recheck"
    HOW_TO_FIX = "item_how_to_fix"
    DETAILS = "item_details"
    RISKS = "risks_show"
    CHANGES = "changes_show"
    CHANGES_SINCE = "changes_since"
    BURN_DOWN = "burn_down_send"
    NEXT = "details_next"
    PREVIOUS = "details_previous"
    EXPORT = "details_export"
    FORM_RECHECK = "form_recheck"
    FORM_DONE = "form_done"
    DONE = "item_done"
    MENU = "item_menu"
    RECHECK_ALL = "recheck_all"
    CONTACT = "contact_support"
    NEED_HELP = "need_help"
    STUCK = "stuck"
    SNOOZE = "snooze"
    HELLO = "hello"
    SUGGESTION = "suggestion"
    OPEN_LINK = "open_link"
    ACCEPT = "handoff_accept"
    SEND_BACK = "handoff_send_back"
    SEND_AGAIN = "message_send_again"
    TOLD = "message_told"
    HOME_FILTER = "home_filter"
    HOME_NEW = "home_new"
    HOME_NEXT = "home_next"
    HOME_PREVIOUS = "home_previous"
    NUDGE = "nudge"
    LINK_FORM = "link_form"
    CUSTOMER = "customer"
    PERSON = "person"
    CONNECT_PROCORE = "connect_procore"
    CONNECT_QBO = "connect_quickbooks"
    PROVE_PROCORE = "prove_procore"
    PROVE_QBO = "prove_quickbooks"
    MATCH = "item_match"
    REVIEW = "item_review"
    LIST_NEXT = "list_next"
    LIST_PREVIOUS = "list_previous"
    LIST_PAGE = "list_page"
    LIST_DIVISION = "list_division"
    LIST_ONLY = "list_only"
    LIST_EXPORT = "list_export"
    MODE = "match_mode"
    USE_FIRST = "match_use_1"
    USE_SECOND = "match_use_2"
    USE_THIRD = "match_use_3"
    PICK = "match_pick"
    UNMATCH = "match_undo"
    DIVISION = "match_division"
    SUGGESTED = "match_suggested"
    TARGET = "match_target"
    NOT_DUPLICATE = "review_not_duplicate"
    KEEP = "review_keep"
    ASK_AGAIN = "review_ask_again"


class Menu(StrEnum):
    """The entries of an item's overflow menu."""

    ASSIGN = "assign"
    STUCK = "stuck"
    WAIVE = "waive"
    HISTORY = "history"


class CallbackId(StrEnum):
    """Modals and the Home tab."""

    DETAILS = "details_view"
    HOW_TO_FIX = "how_to_fix_view"
    DONE = "done_view"
    STUCK = "stuck_view"
    SEND_BACK = "send_back_view"
    ASSIGN = "assign_view"
    WAIVE = "waive_view"
    NEW = "new_view"
    LINK = "link_view"
    HOME = "home_view"
    MATCH = "match_view"
    REVIEW = "review_view"
    WORKING = "working_view"
    CHANGES = "changes_view"
    PICK = "match_pick_view"
    DIVISION = "match_division_view"
    SUGGESTED = "match_suggested_view"


class Field(StrEnum):
    """Block ids of the modals' inputs; the element inside has ``ENTRY`` as its action id."""

    NOTE = "note"
    WHY = "why"
    REASON = "reason"
    OWNER = "owner"
    DUE = "due"
    UNTIL = "until"
    NAME = "name"
    CUSTOMER = "customer"
    TARGET = "target"
    DIVISION = "division"


ENTRY = "entry"
"""Action id of a modal's plain inputs, whose changes nobody listens to."""
