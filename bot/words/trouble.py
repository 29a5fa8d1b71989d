"""What went wrong, what was kept, what to do."""

BROKEN = "Something broke on our side (ref {ref}). Nothing changed for you. Interfy has been told."
BROKEN_FOR_STAFF = "Something broke (ref {ref}) during {what}: {kind}. The log has the details."
STALE = "That button is from an older card. Here is the current one."
STALE_FORM = "That form is from an older version of me, so nothing was saved. Please open it again."
TOO_LATE = "Slack gave me three seconds to open that, and I was late. Please press it again."
BUSY = (
    "Too many people ask me at once, so I did nothing with this. Nothing is lost or changed: "
    "please try again in a few seconds."
)
NOT_WRITTEN = (
    "I can't write anything down at the moment, so I did nothing with this. Nothing is lost or "
    "changed: please try again in a few minutes. Interfy can see in my log what is wrong."
)
BUSY_SLACK = "Slack asks me to slow down for a moment. Please try again in {seconds} seconds."
SLACK_UNWELL = (
    "Slack didn't answer me when you asked, so I couldn't show you what you wanted. Nothing is "
    "lost; please ask again."
)
UNREACHABLE = (
    "I can't write in this channel. Invite me with `/invite {bot}`, then try again. "
    "Nothing changed."
)
NOT_UTF8 = "This is not UTF-8."
NOT_SIGNED = "This is not signed by Slack."
NOT_SLACK = "Slack sends nothing like this."
UNREADABLE = "{why} Nothing changed; please try again in a few minutes."
