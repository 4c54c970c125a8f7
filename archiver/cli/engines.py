"""``jejak engines``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.call import Call, the_call, utc_now
from archiver.cli.figures import number
from archiver.cli.main_language import spoken_language
from archiver.cli.output import complain, print_json, print_table, say, working
from archiver.cli.spoken import SpokenCommand, SpokenGroup
from archiver.cli.table import Column
from archiver.engines.kinds import ENGINES, Engine, engine_named
from archiver.engines.overview import EngineRow, overview
from archiver.engines.update import Change, Wish, Workshop, roll_back, update
from archiver.engines.wheels import EngineRefused
from archiver.errors import OK
from archiver.i18n import N_, _
