"""Who stands behind a post and who is named in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.instagram.reading import Unreadable, dig, digits, items, text
from connectors.model import AccountRef, Author, AuthorRole


def author_id(item: Mapping[str, object]) -> str | None:
    """The numeric id of the account that published the post, if told.

    *Source:* web answers say it in ``user`` and ``owner``, older ones in one.
    """
    for name in ("user", "owner"):
        found = digits(dig(item, name, "pk")) or digits(dig(item, name, "id"))
        if found:
            return found
    return None


def authors_of(item: Mapping[str, object], found_under: AccountRef) -> tuple[Author, ...]:
    """The post's owner first, then those who published it with him.

    The same for every account it is found under; those who were only invited
    stand on no page and are left out.

    Args:
        item: A media object.
        found_under: The account whose listing or post this is.

    Raises:
        Unreadable: The post belongs to other accounts.
    """
    owner_id = author_id(item)
    handle = text(dig(item, "user", "username")) or text(dig(item, "owner", "username"))
    found = [Author(handle, AuthorRole.OWNER, owner_id)] if handle else []
    for person in items(item.get("coauthor_producers")):
        native_id, name = _id_of(person), text(dig(person, "username"))
        if name and native_id != owner_id:
            found.append(Author(name, AuthorRole.COAUTHOR, native_id))
    known = {owner_id, *(_id_of(person) for person in items(item.get("coauthor_producers")))}
    if owner_id and found_under.native_id and found_under.native_id not in known:
        raise Unreadable("wrong_object", f"the post belongs to account {owner_id}")
    return tuple(found)


def is_pinned(item: Mapping[str, object]) -> bool:
    """Whether the post's own author pinned it.

    A co-author's pin moves it in that account's listing only.
    """
    by = [digits(user) for user in items(item.get("timeline_pinned_user_ids"))]
    author = author_id(item)
    return bool(by) if author is None else author in by


def tagged_in(item: Mapping[str, object]) -> list[str]:
    """Handles of the accounts tagged in the pictures, slide by slide, each once."""
    slides = (item, *items(item.get("carousel_media")))
    handles = (
        text(dig(tag, "user", "username"))
        for slide in slides
        for tag in items(dig(slide, "usertags", "in"))
    )
    return list(dict.fromkeys(handle for handle in handles if handle))


def sponsors_of(item: Mapping[str, object]) -> list[str]:
    """Handles of those who paid for the post, as its page names them."""
    handles = [
        *(
            text(dig(edge, "node", "sponsor", "username"))
            for edge in items(dig(item, "edge_media_to_sponsor_user", "edges"))
        ),
        *(
            text(dig(tag, "sponsor", "username")) or text(dig(tag, "username"))
            for tag in items(item.get("sponsor_tags"))
        ),
    ]
    return list(dict.fromkeys(handle for handle in handles if handle))


def _id_of(person: object) -> str | None:
    return digits(dig(person, "pk")) or digits(dig(person, "id"))
