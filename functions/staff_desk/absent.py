"""Two more answers of the desk: that there is no such thing, and a list as a file."""

import re

from aws_lambda_powertools.event_handler import Response

from functions.staff_desk.desk import show
from functions.staff_desk.who import Routes
from shared.adapters.jinja_pages import PRIVATE
from shared.adapters.safe_csv import csv_of
from shared.domain.desk_lists import Listed
from shared.domain.staff import Staff

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,79}", re.ASCII)


def plain(asked: str) -> str:
    """What was asked for, if it can be an id of ours or a place in a list; else nothing at all.

    A key may be only so long, and whoever types an address is not to be told that we stumbled.
    """
    return asked if _ID.fullmatch(asked) else ""


def absent(routes: Routes, asks: Staff) -> Response[str]:
    """There is no such session, series or person."""
    return show(routes, "desk_absent", asks, 404)


def as_file(listed: Listed) -> Response[str]:
    """The list as a file to keep. Its name holds ids alone."""
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{listed.name}.csv"'}
    return Response(200, "text/csv; charset=utf-8", csv_of(listed.columns, listed.rows), headers)
