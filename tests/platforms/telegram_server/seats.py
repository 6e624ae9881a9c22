"""What somebody is in a chat, and may do there. This file is memberships as the API tells them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from tests.platforms.telegram_server.refusals import Json

if TYPE_CHECKING:
    from tests.platforms.telegram_server.people import User


class Status(StrEnum):
    """The platform's words for a membership."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    RESTRICTED = "restricted"
    LEFT = "left"
    KICKED = "kicked"


GONE = (Status.LEFT, Status.KICKED)
ADMINS = (Status.CREATOR, Status.ADMINISTRATOR)

# Every administrator's answer names all of these.
ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
# These are told where the kind of chat has them.
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics")
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages")

# What an ordinary administrator is given, and what a bot in a channel needs at least.
USUAL_RIGHTS = frozenset({"can_manage_chat", "can_delete_messages", "can_restrict_members"})
POSTING_RIGHTS = frozenset({"can_manage_chat", "can_post_messages", "can_edit_messages"})

PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
# What members may do in a group that changed nothing.
USUAL_PERMISSIONS = frozenset(PERMISSIONS) - {"can_change_info", "can_pin_messages"}


@dataclass
class Seat:
    """One person's, or bot's, place in a chat."""

    user: User
    status: Status = Status.MEMBER
    # Of an administrator: what they may; of a restricted member: what is left to them.
    rights: frozenset[str] = field(default_factory=frozenset)
    is_anonymous: bool = False

    @property
    def is_inside(self) -> bool:
        """Tell whether they are in the chat."""
        return self.status not in GONE

    @property
    def is_admin(self) -> bool:
        """Tell whether they run the chat."""
        return self.status in ADMINS

    def may(self, right: str, permissions: frozenset[str]) -> bool:
        """Tell whether they may, in a chat whose members have these permissions."""
        if self.status is Status.CREATOR:
            return True
        if self.status is Status.ADMINISTRATOR and right.startswith("can_send_"):
            return True  # what members may send does not bind those who run the chat
        if self.status in (Status.ADMINISTRATOR, Status.RESTRICTED):
            is_shared = self.status is Status.ADMINISTRATOR and right in permissions
            return right in self.rights or is_shared
        return self.status is Status.MEMBER and right in permissions

    def as_json(self, *, is_channel: bool = False) -> Json:
        """The seat as `getChatMember` tells it."""
        told: Json = {"user": self.user.as_json(), "status": self.status.value}
        if self.status is Status.CREATOR:
            told["is_anonymous"] = self.is_anonymous
        elif self.status is Status.ADMINISTRATOR:
            names = ADMIN_RIGHTS + (CHANNEL_RIGHTS if is_channel else GROUP_RIGHTS)
            told |= {name: name in self.rights for name in names}
            told |= {"can_be_edited": False, "is_anonymous": self.is_anonymous}
        elif self.status is Status.RESTRICTED:
            told |= {name: name in self.rights for name in PERMISSIONS}
            told |= {"is_member": True, "until_date": 0}
        elif self.status is Status.KICKED:
            told["until_date"] = 0
        return told
