"""The table of everything the bot listens to, each with the action that a person needs for it."""

from bot.domain.access import Action
from bot.services.duplicates import SIDES
from handlers.actions.accept import accept
from handlers.actions.assign_form import assign_form
from handlers.actions.connect_system import connect_system
from handlers.actions.customer_menu import customer_menu
from handlers.actions.done_form import done_form
from handlers.actions.form_recheck import form_recheck
from handlers.actions.hello import hello
from handlers.actions.home import home_filter, home_page, nudge_at_home
from handlers.actions.lists import export_list, filter_list, open_it, turn_list
from handlers.actions.match import (
    change_mode,
    division_form,
    division_menu,
    division_submitted,
    pick_form,
    pick_submitted,
    suggested_form,
    suggested_submitted,
    target_menu,
    unmatch,
    use_suggestion,
)
from handlers.actions.new_form import new_form
from handlers.actions.nothing import nothing
from handlers.actions.people_menu import people_menu
from handlers.actions.prove import prove
from handlers.actions.review import ask_again, keep_instead, not_a_duplicate
from handlers.actions.send_back_form import send_back_form
from handlers.actions.snooze import snooze_shortly
from handlers.actions.stuck_form import stuck_form
from handlers.actions.turn_page import export_rows, turn_page
from handlers.actions.undelivered import send_again, told_them
from handlers.actions.waive_form import waive_form
from handlers.call import Entry
from handlers.commands.archive import archive
from handlers.commands.assign import assign
from handlers.commands.check import check
from handlers.commands.connect import connect
from handlers.commands.details import details
from handlers.commands.disconnect import disconnect
from handlers.commands.doctor import doctor
from handlers.commands.done import done
from handlers.commands.fix import fix
from handlers.commands.handoff import handoff
from handlers.commands.help import help_here
from handlers.commands.history import changed_since, history, send_picture, what_changed
from handlers.commands.link import link, link_form
from handlers.commands.listing import listing
from handlers.commands.match import export, match, review
from handlers.commands.new import new
from handlers.commands.nudge import nudge
from handlers.commands.pause import pause
from handlers.commands.remind import remind
from handlers.commands.resume import resume
from handlers.commands.risks import risks
from handlers.commands.snooze import snooze
from handlers.commands.status import status
from handlers.commands.stuck import stuck
from handlers.commands.target import target_day
from handlers.commands.undo import undo
from handlers.commands.waive import waive
from handlers.events.channels import NEWS
from handlers.events.home import home_opened
from handlers.ids import ActionId, CallbackId, Menu, Verb
from handlers.registry import Registry
from handlers.views.assign import assign_submitted
from handlers.views.done import done_submitted
from handlers.views.link import link_submitted
from handlers.views.new import new_submitted
from handlers.views.send_back import send_back_submitted
from handlers.views.stuck import stuck_submitted
from handlers.views.waive import waive_submitted

VERBS: dict[Verb, Entry] = {
    Verb.HELP: Entry(Action.HELP, help_here, needs_customer=False),
    Verb.STATUS: Entry(Action.STATUS, status),
    Verb.CHECK: Entry(Action.CHECK, check),
    Verb.DETAILS: Entry(Action.DETAILS, details),
    Verb.FIX: Entry(Action.DETAILS, fix),
    Verb.RISKS: Entry(Action.DETAILS, risks),
    Verb.DONE: Entry(Action.ATTEST, done),
    Verb.UNDO: Entry(Action.ATTEST, undo),
    Verb.STUCK: Entry(Action.STUCK, stuck),
    Verb.SNOOZE: Entry(Action.SNOOZE, snooze),
    Verb.REMIND: Entry(Action.REMIND, remind),
    Verb.ASSIGN: Entry(Action.ASSIGN, assign),
    Verb.HANDOFF: Entry(Action.HAND_OFF, handoff),
    Verb.HISTORY: Entry(Action.HISTORY, history),
    Verb.NEW: Entry(Action.NEW, new, needs_customer=False),
    Verb.LINK: Entry(Action.LINK, link, needs_customer=False),
    Verb.LIST: Entry(Action.LIST, listing, needs_customer=False),
    Verb.WAIVE: Entry(Action.WAIVE, waive),
    Verb.PAUSE: Entry(Action.PAUSE, pause),
    Verb.RESUME: Entry(Action.RESUME, resume),
    Verb.NUDGE: Entry(Action.NUDGE, nudge),
    Verb.TARGET: Entry(Action.ASSIGN, target_day),
    Verb.ARCHIVE: Entry(Action.ARCHIVE, archive),
    Verb.MATCH: Entry(Action.MATCH, match),
    Verb.REVIEW: Entry(Action.MATCH, review),
    Verb.EXPORT: Entry(Action.EXPORT, export),
    Verb.DOCTOR: Entry(Action.DOCTOR, doctor, needs_customer=False),
    Verb.CONNECT: Entry(Action.CONNECT, connect),
    Verb.DISCONNECT: Entry(Action.CONNECT, disconnect),
}

BUTTONS: dict[ActionId, Entry] = {
    ActionId.RECHECK: Entry(Action.CHECK, check, needs_item=True),
    ActionId.HOW_TO_FIX: Entry(Action.DETAILS, fix, needs_item=True),
    ActionId.DETAILS: Entry(Action.DETAILS, details, needs_item=True),
    ActionId.RISKS: Entry(Action.DETAILS, risks),
    ActionId.CHANGES: Entry(Action.HISTORY, what_changed),
    ActionId.CHANGES_SINCE: Entry(Action.HISTORY, changed_since, in_form=True),
    ActionId.BURN_DOWN: Entry(Action.HISTORY, send_picture, in_form=True),
    ActionId.NEXT: Entry(Action.DETAILS, turn_page, needs_item=True, in_form=True),
    ActionId.PREVIOUS: Entry(Action.DETAILS, turn_page, needs_item=True, in_form=True),
    ActionId.EXPORT: Entry(Action.EXPORT, export_rows, needs_item=True, in_form=True),
    ActionId.FORM_RECHECK: Entry(Action.CHECK, form_recheck, needs_item=True, in_form=True),
    ActionId.FORM_DONE: Entry(Action.ATTEST, done_form, needs_item=True, in_form=True),
    ActionId.DONE: Entry(Action.ATTEST, done_form, needs_item=True),
    ActionId.RECHECK_ALL: Entry(Action.CHECK, check),
    ActionId.CONTACT: Entry(Action.HAND_OFF, handoff),
    ActionId.NEED_HELP: Entry(Action.STUCK, stuck_form),
    ActionId.STUCK: Entry(Action.STUCK, stuck_form),
    ActionId.SNOOZE: Entry(Action.SNOOZE, snooze_shortly),
    ActionId.HELLO: Entry(Action.HELLO, hello),
    ActionId.OPEN_LINK: Entry(Action.HELP, nothing, needs_customer=False),
    ActionId.ACCEPT: Entry(Action.ACCEPT, accept),
    ActionId.SEND_BACK: Entry(Action.SEND_BACK, send_back_form),
    ActionId.SEND_AGAIN: Entry(Action.DOCTOR, send_again, needs_customer=False),
    ActionId.TOLD: Entry(Action.DOCTOR, told_them, needs_customer=False),
    ActionId.CONNECT_PROCORE: Entry(Action.CONNECT, connect_system),
    ActionId.CONNECT_QBO: Entry(Action.CONNECT, connect_system),
    ActionId.PROVE_PROCORE: Entry(Action.PROVE, prove),
    ActionId.PROVE_QBO: Entry(Action.PROVE, prove),
    ActionId.MATCH: Entry(Action.MATCH, open_it, needs_item=True),
    ActionId.REVIEW: Entry(Action.MATCH, open_it, needs_item=True),
    ActionId.LIST_NEXT: Entry(Action.MATCH, turn_list, needs_item=True, in_form=True),
    ActionId.LIST_PREVIOUS: Entry(Action.MATCH, turn_list, needs_item=True, in_form=True),
    ActionId.LIST_PAGE: Entry(Action.MATCH, turn_list, needs_item=True, in_form=True),
    ActionId.LIST_DIVISION: Entry(Action.MATCH, filter_list, needs_item=True, in_form=True),
    ActionId.LIST_ONLY: Entry(Action.MATCH, filter_list, needs_item=True, in_form=True),
    ActionId.LIST_EXPORT: Entry(Action.EXPORT, export_list, needs_item=True, in_form=True),
    ActionId.MODE: Entry(Action.MATCH, change_mode, needs_item=True, in_form=True),
    ActionId.USE_FIRST: Entry(Action.MATCH, use_suggestion, needs_item=True, in_form=True),
    ActionId.USE_SECOND: Entry(Action.MATCH, use_suggestion, needs_item=True, in_form=True),
    ActionId.USE_THIRD: Entry(Action.MATCH, use_suggestion, needs_item=True, in_form=True),
    ActionId.PICK: Entry(Action.MATCH, pick_form, needs_item=True, in_form=True),
    ActionId.UNMATCH: Entry(Action.MATCH, unmatch, needs_item=True, in_form=True),
    ActionId.DIVISION: Entry(Action.MATCH, division_form, needs_item=True, in_form=True),
    ActionId.SUGGESTED: Entry(Action.MATCH, suggested_form, needs_item=True, in_form=True),
    ActionId.NOT_DUPLICATE: Entry(
        Action.MATCH, not_a_duplicate, needs_item=True, in_form=True, items=SIDES
    ),
    ActionId.KEEP: Entry(Action.MATCH, keep_instead, needs_item=True, in_form=True, items=SIDES),
    ActionId.ASK_AGAIN: Entry(Action.MATCH, ask_again, needs_item=True, in_form=True, items=SIDES),
    ActionId.HOME_FILTER: Entry(Action.LIST, home_filter, needs_customer=False),
    ActionId.HOME_NEXT: Entry(Action.LIST, home_page, needs_customer=False),
    ActionId.HOME_PREVIOUS: Entry(Action.LIST, home_page, needs_customer=False),
    ActionId.NUDGE: Entry(Action.NUDGE, nudge_at_home),
    ActionId.HOME_NEW: Entry(Action.NEW, new_form, needs_customer=False),
    ActionId.LINK_FORM: Entry(Action.LINK, link_form, needs_customer=False),
}

MENU: dict[str, Entry] = {
    Menu.ASSIGN: Entry(Action.ASSIGN, assign_form, needs_item=True),
    Menu.STUCK: Entry(Action.STUCK, stuck_form),
    Menu.WAIVE: Entry(Action.WAIVE, waive_form, needs_item=True),
    Menu.HISTORY: Entry(Action.HISTORY, history),
}

FORMS: dict[CallbackId, Entry] = {
    CallbackId.DONE: Entry(Action.ATTEST, done_submitted, needs_item=True),
    CallbackId.ASSIGN: Entry(Action.ASSIGN, assign_submitted, needs_item=True),
    CallbackId.WAIVE: Entry(Action.WAIVE, waive_submitted, needs_item=True),
    CallbackId.STUCK: Entry(Action.STUCK, stuck_submitted),
    CallbackId.SEND_BACK: Entry(Action.SEND_BACK, send_back_submitted),
    CallbackId.PICK: Entry(Action.MATCH, pick_submitted, needs_item=True),
    CallbackId.DIVISION: Entry(Action.MATCH, division_submitted, needs_item=True),
    CallbackId.SUGGESTED: Entry(Action.MATCH, suggested_submitted, needs_item=True),
    CallbackId.NEW: Entry(Action.NEW, new_submitted, needs_customer=False),
    CallbackId.LINK: Entry(Action.LINK, link_submitted, needs_customer=False),
}


def register(registry: Registry) -> None:
    """Tell the registry everything that the bot listens to.

    Bolt asks one door after the other whose a delivery is: the door of all buttons comes early.
    """
    registry.otherwise()
    for verb, entry in VERBS.items():
        registry.verb(verb, entry)
    for action_id, entry in BUTTONS.items():
        registry.button(action_id, entry)
    for callback_id, entry in FORMS.items():
        registry.form(callback_id, entry)
    registry.menu(ActionId.MENU, MENU)
    registry.suggestion(ActionId.SUGGESTION)
    person = Entry(Action.ASSIGN, nothing, needs_item=True)
    registry.options(ActionId.PERSON, person, people_menu)
    target = Entry(Action.MATCH, nothing, needs_item=True)
    registry.options(ActionId.TARGET, target, target_menu)
    registry.options(ActionId.LIST_DIVISION, target, division_menu)
    customer = Entry(Action.LINK, nothing, needs_customer=False)
    registry.options(ActionId.CUSTOMER, customer, customer_menu)
    registry.words("app_mention")
    registry.words("message")
    registry.event("app_home_opened", Entry(Action.HOME, home_opened, needs_customer=False))
    for event, listener in NEWS.items():
        registry.news(event, listener)
    registry.let_the_rest_in()
