"""The last act: everything is verified, and the sum of the claims is told."""

from __future__ import annotations

from demo.examination import check_secrets
from demo.program import near
from demo.stage import Stage


def end(stage: Stage) -> int:
    """Verify the archive and say how many claims hold.

    Returns:
        The exit code of the demo: 0 when everything claimed is so, 1 when not.
    """
    stage.title("verifying")
    verified = stage.program.run("verify", "--full", accept=(0, 3))
    stage.claims.check(verified == 0, "claim-verified")
    check_secrets(stage)
    claims, words = stage.claims, stage.words
    print()
    if claims.broken:
        print(words("not-done", count=len(claims.broken)))
    else:
        print(words("done", count=claims.held))
    print(words("look-here", folder=near(stage.folder)))
    for command in ("posts --state deleted", "posts --search banjir", "runs", "verify"):
        print(f"  {stage.program.spoken(command)}")
    return 1 if claims.broken else 0
