"""Installing the app in a workspace, and what it may do there."""

FOR_MENTIONS = "to hear you when you mention @OneCore"
TO_ANSWER = "to answer you"
FOR_COMMANDS = "for /onboard"
FOR_FILES = "to send you the export that you ask for"
FOR_MESSAGES = "to hear you when you write to OneCore directly"
