"""What the stable reason codes of captures mean, and what to do about each."""

from __future__ import annotations

from collections.abc import Iterable

from archiver.i18n import N_, translate

LATER = N_("Nothing is lost. The next run tries again; if it stays so, look at the log.")
BROWSER = N_("Open the platform in a browser as this identity, clear what it asks, log in again.")
IDENTITY = N_("Use an identity that follows it.")
NOTHING = N_("Nothing to do: what was kept stays.")
REPORT = N_("Report it with the log: the platform or its library has changed.")

REASONS: dict[str, tuple[str, str]] = {
    "rate_limited": (
        N_("the platform asks to slow down."),
        N_("Wait some hours; raise [network] pause_s if it happens again."),
    ),
    "login_wall": (
        N_("the platform showed its login page."),
        N_("Give the account an identity, or renew its session with `jejak login`."),
    ),
    "challenge": (N_("the platform wants to see a person."), BROWSER),
    "forbidden": (N_("the platform refused this visitor."), BROWSER),
    "blocked": (N_("the platform refused this visitor."), BROWSER),
    "session_expired": (
        N_("the identity's session is no longer accepted."),
        N_("Export the cookies again and run `jejak login PLATFORM IDENTITY --cookies FILE`."),
    ),
    "no_session": (
        N_("its identity has no usable session."),
        N_("Run `jejak login PLATFORM IDENTITY --cookies FILE`; see `jejak identities`."),
    ),
    "identity_refused": (
        N_("not asked, because the same visitor was refused earlier in this run."),
        N_("See the account above it; the next run tries again."),
    ),
    "wait_required": (
        N_("the library wanted to wait longer than a run may."),
        N_("Run it again in some hours."),
    ),
    "account_unavailable": (N_("its profile could not be read."), LATER),
    "account_not_found": (
        N_("the platform says that there is no such account."),
        N_("Was it renamed? Correct the handle in config.toml, then `jejak accounts check`."),
    ),
    "account_private": (
        N_("the account is private."),
        IDENTITY,
    ),
    "handle_taken": (
        N_("the handle now belongs to another account; nothing of it was captured."),
        N_("Find the body's new handle, correct config.toml, then `jejak accounts check`."),
    ),
    "answer_unusable": (N_("an answer could not be used; it is recorded."), REPORT),
    "malformed_answer": (N_("an answer had a form nobody knows; it is recorded."), REPORT),
    "wrong_object": (N_("the platform answered with something else."), REPORT),
    "cursor_refused": (
        N_("a place in the listing is no longer known; the next run begins it anew."),
        LATER,
    ),
    "limit_exceeded": (
        N_("an answer went beyond a limit and was cut."),
        N_("See [network.limits] in config.toml."),
    ),
    "address_refused": (
        N_("an address outside the platform was not followed."),
        N_("Look at the log; nothing was asked there."),
    ),
    "network_failure": (
        N_("the network did not work."),
        N_("Check the connection and [network] proxy and ca_file; see `jejak doctor`."),
    ),
    "library_changed": (N_("the client library behaved in an unknown way."), REPORT),
    "bug": (N_("a bug in jejak ended this capture."), N_("The log has the traceback; report it.")),
    "interrupted": (N_("the run was asked to end."), N_("Run the same command again.")),
    "space_low": (
        N_("the reserve of free space is reached."),
        N_("Make room or move the archive, then run the same command again."),
    ),
    "storage_failed": (
        N_("the archive could not be written; what was acknowledged is kept."),
        N_("Check disk space and rights with `jejak doctor`, then run the same command again."),
    ),
    "posts_failed": (N_("some listed posts could not be kept."), LATER),
    "items_unreadable": (N_("some items of the listing could not be read."), REPORT),
    "highlight_unread": (N_("a highlight could not be read."), LATER),
    "replies_missing": (N_("replies to a comment were announced and did not come."), LATER),
    "comments_unreadable": (
        N_("comments are asked for, and this visitor is not shown any; posts are kept."),
        N_("Give the account an identity, or take `comments = true` out of config.toml."),
    ),
    "page_limit": (
        N_("there are more comments than one post may cost."),
        N_("The first pages are kept; further ones are not asked for."),
    ),
    "story_expired": (
        N_("the story is past its day, so its absence says nothing."),
        N_("Nothing is to be done: stories end by themselves."),
    ),
    "login_needed": (
        N_("only a visitor with a session is shown this."),
        N_("Give the account an identity, or renew its session with `jejak login`."),
    ),
    "media_incomplete": (N_("some media could not be fetched whole."), LATER),
    "harvest_under_way": (
        N_("the news is kept; the past is being read, some of it every night."),
        N_("Nothing to do. [harvest] requests_per_night in config.toml sets the pace."),
    ),
    "fewer_than_declared": (
        N_("the listing shows fewer posts than the profile declares."),
        N_("A gap that stays the same is usual (hidden posts); the next run accepts it."),
    ),
    # why a post is unavailable
    "awaiting_confirmation": (
        N_("once found gone; a second check, a cycle later, must say the same."),
        N_("Nothing to do: the coming nights look again."),
    ),
    "disputed": (
        N_("a person disputes that it was withdrawn."),
        N_("See `jejak show`. `jejak verdict confirm` takes the dispute back."),
    ),
    "not_visited": (
        N_("no listing showed it, and the night's requests were used up."),
        N_("Nothing to do; [schedule] sweep_requests_per_night in config.toml sets the pace."),
    ),
    "private": (N_("the platform shows it to chosen people only."), IDENTITY),
    "account_renamed": (
        N_("its account was met under another handle that night."),
        N_("Run `jejak accounts check`; the next nights judge again."),
    ),
    "account_gone": (
        N_("the platform says that its account is not there."),
        N_("Was it renamed or closed? Run `jejak accounts check`."),
    ),
    "region_or_age": (
        N_("the platform does not show it in this region, or to this age."),
        N_("Open its address in a browser as another visitor."),
    ),
    "platform_changed": (N_("the platform answered in a form that nobody knows."), REPORT),
    "listing_incomplete": (
        N_("the listing has gaps, so what it does not show may still be there."),
        LATER,
    ),
    "control_failed": (
        N_("another post of the account could not be seen in the same minute either."),
        LATER,
    ),
    "canary_failed": (
        N_("the platform did not show its canary, so that night proves nothing."),
        N_("Open the canary of [[canaries]] in a browser; name another if its post is gone."),
    ),
    "clock_doubtful": (
        N_("the platform's clock and ours differ, or the answer was an old one."),
        N_("Check this machine's clock with `jejak doctor`."),
    ),
    "unknown": (N_("the answer does not say why."), LATER),
    # why a story ended
    "expired": (N_("the story was past its day."), NOTHING),
    "ended_early": (N_("the story was taken down before its day was over."), NOTHING),
    "left_highlight": (N_("no highlight shows the story any more."), NOTHING),
}
"""Code to what it means and what to do; both are keys of the message catalogues."""

SILENT = (N_("the listing ended without saying that it is finished."), LATER)


def sentence_for(code: str) -> str:
    """What a reason means, in the language spoken now."""
    return translate(REASONS.get(code, SILENT)[0])


def hint_for(code: str) -> str:
    """What to do about it, in the language spoken now."""
    return translate(REASONS.get(code, SILENT)[1])


def grouped(
    misses: Iterable[tuple[str, str, str]],
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Accounts by what happened to them, so that one cause is said once.

    Args:
        misses: Outcome, reason code and the account's name.

    Returns:
        Outcome and reason to names, in the order they came.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for outcome, reason, name in misses:
        found.setdefault((outcome, reason), []).append(name)
    return {cause: tuple(names) for cause, names in found.items()}
