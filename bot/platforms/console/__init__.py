"""The local room: a platform in the terminal, with no token and no network."""

NAME = "room"
SPACE = "local"
CHANNEL = "room"
# Buttons are pressed by number here: none carries its code.
BUTTON_BYTES = 0
ADMINS = "whoever speaks with a star after the name, as ana* does"
