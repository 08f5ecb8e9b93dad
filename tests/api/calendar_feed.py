"""Subscribes to an officer's deadlines as a calendar program does, and reads the feed with the icalendar package.

usage: python calendar_feed.py DEMO_JSON
       python calendar_feed.py --read FILE        a feed that was saved
"""

import http.cookiejar
import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from datetime import timezone

from icalendar import Calendar


def main(arguments):
    if arguments[:1] == ["--read"]:
        with open(arguments[1], "rb") as saved:
            print(f"calendar feed: {read(saved.read())} deadlines")
        return
    with open(arguments[0], encoding="utf-8") as file:
        demo = json.load(file)
    address = demo["address"]
    of_pine_hill = (a for a in demo["accounts"] if (a["role"], a["unit"]) == ("Local security officer", "PIN"))
    officer = next(of_pine_hill)
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar(Plain())))
    post(browser, f"{address}/sign-in", {"login": officer["login"], "password": officer["password"], "next": "/me"})
    page = post(browser, f"{address}/me/calendar", {})
    link = re.search(r"/duties\.ics/[\w-]{43}", page).group()

    feed = urllib.request.urlopen(address + link)
    assert feed.headers["content-type"].startswith("text/calendar"), feed.headers["content-type"]
    found = read(feed.read())
    assert found > 0, "an officer of the demonstration has deadlines"

    post(browser, f"{address}/me/calendar/end", {})
    try:
        urllib.request.urlopen(address + link)
    except urllib.error.HTTPError as error:
        assert error.code == 404, error.code
    else:
        raise AssertionError("the link was ended, and is still answered")
    print(f"calendar feed: {found} deadlines, read and ended")


class Plain(http.cookiejar.DefaultCookiePolicy):
    """Keeps cookies marked as secure also for a demonstration without TLS, as browsers do for the machine itself."""

    def return_ok_secure(self, cookie, request):
        return True


def post(browser, address, fields):
    origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(address))
    body = urllib.parse.urlencode(fields).encode()
    request = urllib.request.Request(address, data=body, headers={"Origin": origin, "Sec-Fetch-Site": "same-origin"})
    return browser.open(request).read().decode()


def read(text):
    """Parses a feed strictly; gives the number of its to-dos."""
    calendar = Calendar.from_ical(text)
    assert not calendar.errors, calendar.errors
    assert str(calendar["VERSION"]) == "2.0" and calendar["PRODID"], calendar
    todos = calendar.walk("VTODO")
    names = [str(todo["UID"]) for todo in todos]
    assert len(set(names)) == len(names), "every to-do has a name of its own"
    for todo in todos:
        assert not todo.errors, todo.errors
        due = todo.decoded("DUE")
        assert due.tzinfo is not None and due.utcoffset() == timezone.utc.utcoffset(None), due
        assert todo.decoded("DTSTAMP").tzinfo is not None
        if "DTSTART" in todo:
            assert todo.decoded("DTSTART") < due, todo
        assert re.fullmatch(r"[A-Z]+-\d{4}-\d{4,} – .+", str(todo["SUMMARY"])), todo["SUMMARY"]
        assert set(todo.keys()) <= {"UID", "DTSTAMP", "DTSTART", "DUE", "SUMMARY", "URL", "STATUS", "CLASS"}, todo.keys()
    # What was read is written and read again without loss.
    again = Calendar.from_ical(calendar.to_ical())
    assert len(again.walk("VTODO")) == len(todos)
    return len(todos)


if __name__ == "__main__":
    main(sys.argv[1:])
