"""What the platform allows. This file is its numbers, each from the documentation of the API."""

# Counted in UTF-16 units, as entities are: the documentation says "characters", and the stricter
# reading is the one a bot is safe with.
TEXT_MAX = 4096
CAPTION_MAX = 1024

CALLBACK_DATA_BYTES_MAX = 64
KEYBOARD_BUTTONS_MAX = 100
CALLBACK_ANSWER_MAX = 200

COMMANDS_MAX = 100
COMMAND_MAX = 32
DESCRIPTION_MAX = 256

UPDATES_PER_POLL_MAX = 100
POLL_TIMEOUT_S_MAX = 50

PHOTO_BYTES_MAX = 10 * 1024 * 1024
PHOTO_SIDES_SUM_MAX = 10_000
PHOTO_RATIO_MAX = 20
DOCUMENT_BYTES_MAX = 50 * 1024 * 1024

SECRET_TOKEN = r"[A-Za-z0-9_-]{1,256}"
START_PAYLOAD = r"[A-Za-z0-9_-]{1,64}"
WEBHOOK_PORTS = (443, 80, 88, 8443)

# A bot may delete what others wrote, or its own in a private chat, for two days.
DELETE_HOURS_MAX = 48
