"""The kinds of message a seeker can send, by the field that carries them."""

from collections.abc import Mapping
from re import fullmatch
from typing import Any, Final

# A message of a richer kind carries plainer ones beside it (an animation is also a document,
# a venue also a location), so the order is from rich to plain.
KINDS: Final = (
    "animation", "audio", "checklist", "dice", "game", "paid_media", "photo", "poll", "sticker",
    "story", "venue", "video_note", "video", "voice", "document", "location",
    "chat_shared", "web_app_data", "gift", "unique_gift", "giveaway",
)  # fmt: skip

# Fields that describe a message, and notices of the service about the chat: nobody said them.
_FIELDS: Final = """
    message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count
    sender_business_bot date business_connection_id chat forward_origin is_topic_message
    is_automatic_forward reply_to_message external_reply quote reply_to_story
    reply_to_checklist_task_id via_bot edit_date has_protected_content is_from_offline
    is_paid_post media_group_id author_signature paid_star_count text entities caption
    caption_entities show_caption_above_media has_media_spoiler link_preview_options
    suggested_post_info effect_id reply_markup sender_tag
    new_chat_members left_chat_member new_chat_title new_chat_photo delete_chat_photo
    group_chat_created supergroup_chat_created channel_chat_created
    message_auto_delete_timer_changed migrate_to_chat_id migrate_from_chat_id pinned_message
    invoice successful_payment refunded_payment connected_website write_access_allowed
    passport_data proximity_alert_triggered boost_added chat_background_set checklist_tasks_done
    checklist_tasks_added direct_message_price_changed forum_topic_created forum_topic_edited
    forum_topic_closed forum_topic_reopened general_forum_topic_hidden
    general_forum_topic_unhidden giveaway_created giveaway_winners giveaway_completed
    gift_upgrade_sent paid_message_price_changed suggested_post_approved
    suggested_post_approval_failed suggested_post_declined suggested_post_paid
    suggested_post_refunded video_chat_scheduled video_chat_started video_chat_ended
    video_chat_participants_invited chat_owner_left chat_owner_changed contact users_shared
"""
_SILENT: Final = frozenset(_FIELDS.split())


def kind_of(message: Mapping[str, Any]) -> str:
    """The kind of a message without words: its field's name, also of a field not known yet.

    Empty for a notice of the service, and for a message that carries nothing.
    """
    for kind in KINDS:
        if message.get(kind):
            return kind
    for name in sorted(str(key) for key in message):
        news = name not in _SILENT and isinstance(message.get(name), Mapping | list)
        if news and fullmatch(r"[a-z][a-z_]{0,31}", name):
            return name
    return ""
