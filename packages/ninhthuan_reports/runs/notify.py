"""A page about a run, and its delivery: a file, mail, a webhook.

Settings come from the environment (`SETTINGS`). They hold passwords, so no message here repeats the
text of an error, which may contain addresses and passwords.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import smtplib
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ninhthuan.language import day, pick
from ninhthuan.periods import Quarter
from ninhthuan.words import bilingual, phrase
from notebook_batch import record
from notebook_batch.batch import Outcome
from notebook_batch.plan import Planned

SMTP, FROM, TO, WEBHOOK = SETTINGS = (
    "NINHTHUAN_SMTP_URL",
    "NINHTHUAN_MAIL_FROM",
    "NINHTHUAN_MAIL_TO",
    "NINHTHUAN_WEBHOOK_URL",
)
SECONDS = 30  # timeout of a server
LINES = 40  # of each part of the page


# ---------------------------------------------------------------------------------------------------------- the page


def differences(before: dict, now: dict) -> list[tuple[str, str, str]]:
    """Cards whose titles are not the same in two records of reports: (card, title then, title now)."""
    then, since = _titles(before), _titles(now)
    names = [*since, *(name for name in then if name not in since)]
    found = [(name, then.get(name, ""), since.get(name, "")) for name in names]
    return [row for row in found if row[1] != row[2]]


def _titles(report: dict) -> dict[str, str]:
    return {
        f"{job['name']} {card}": known["title"]
        for job in report["jobs"]
        for card, known in job.get("cards", {}).items()
    }


@dataclass
class Summary:
    """One page about a run. messages: faults of the request, notes, why nothing ran."""

    reports: Path
    language: str
    messages: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    _replaced: dict[str, dict | None] = field(default_factory=dict)

    def say(self, line: str, shown: bool = True) -> None:
        """Add a message to the page. shown: print it to standard error too."""
        self.messages.append(line)
        if shown:
            print(line, file=sys.stderr)

    def look(self, planned: list[Planned]) -> None:
        """Keep the records of the reports that are about to be replaced."""
        self._replaced = {each.report: record.read_record(self.reports / each.report) for each in planned if each.stale}

    def subject(self, code: int) -> str:
        """The page in one line."""
        counts = {name: len(self._of(name)) for name in ("made", "failed", "unchanged")}
        well = phrase("notify.done" if code == 0 else "notify.failed", self.language)
        return phrase("notify.ninhthuan_new_failed_unchanged", self.language, well=well, **counts)

    def text(self, code: int) -> str:
        """The page."""
        lines = [
            f"{self.subject(code)} ({day(date.today(), self.language)})",
            *_fit([[line] for line in self.messages], self.language),
        ]
        heads = {
            "failed": "notify.failed_old_report_untouched",
            "made": "notify.new",
            "waiting": "notify.not_all_notebooks_there",
            "unchanged": "notify.unchanged",
        }
        for status, head in heads.items():
            if outcomes := self._of(status):
                blocks = [self._lines(outcome) for outcome in outcomes]
                heading = f"{phrase(head, self.language)} ({len(outcomes)}):"
                lines += ["", heading, *_fit(blocks, self.language)]
        return "\n".join(lines) + "\n"

    def _of(self, status: str) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.status == status]

    def _lines(self, outcome: Outcome) -> list[str]:
        if outcome.status == "failed":
            return [f"  {outcome.planned.report}", *(self._failure(job) for job in outcome.failed)]
        if outcome.status != "made":
            return [f"  {outcome.planned.report}"]
        now = record.read_record(outcome.folder)
        against, before = self._before(outcome)
        total = len(_titles(now))
        if before is None:
            cards = phrase("notify.first_report_cards", self.language, total=total)
            return [f"  {outcome.planned.report}: {cards}"]
        found = differences(before, now)
        head = phrase("notify.compared_findings_differ", self.language, against=against, n_found=len(found))
        lines = [f"  {outcome.planned.report}: {head}"]
        was, is_ = phrase("notify.was", self.language), phrase("notify.now", self.language)
        for card, then, since in found:
            lines += [f"    {card}", f"      {was}: {then or '–'}", f"      {is_}: {since or '–'}"]
        return lines

    def _failure(self, job: dict) -> str:
        error = job["error"]
        where = f", {phrase('notify.cell', self.language)} {error['cell']}" if error["cell"] else ""
        first = next(iter(str(error["message"]).splitlines()), "")
        return f"    {job['identity']}{where}: {error['name']}: {first[:300]}"

    def _before(self, outcome: Outcome) -> tuple[str, dict | None]:
        """The report to compare a new one with: the one it replaced, or that of the quarter before."""
        request = outcome.planned.request
        if old := self._replaced.get(outcome.planned.report):
            return phrase("notify.one_before", self.language), old
        place = Path(str(request.quarter.previous), *outcome.planned.report.split("/")[1:])
        old = record.read_record(self.reports / place)
        if old and old["request"]["boundary"] != request.boundary:
            old = None  # one code, two provinces: nothing is compared across the merger
        return str(Quarter.parse(place.parts[0])), old


def _fit(blocks: list[list[str]], language: str) -> list[str]:
    """Lines of a part of the page: the first line of every block, so that all reports are named, then the rest."""
    lines, space = [], LINES - len(blocks)
    for first, *rest in blocks[:LINES]:
        shown = rest if len(rest) <= space else rest[: max(space // 3 * 3, 0)]
        space -= len(shown)
        lines += [first, *shown] + (["    …"] if len(shown) < len(rest) else [])
    if len(blocks) > LINES:
        more = len(blocks) - LINES
        lines.append(phrase("notify.more", language, more=more))
    return lines


# ---------------------------------------------------------------------------------------------------------- delivery


class NotSent(Exception):
    """Why something could not be sent, in both languages, without secrets."""


def deliver(subject: str, text: str, settings: Mapping[str, str] = os.environ) -> list[tuple[str, str]]:
    """Send the page by every way that is set; returns the failures in both languages."""
    ways = [(post, ("webhook", "webhook"), (WEBHOOK,)), (mail, bilingual("notify.mail"), (SMTP, FROM, TO))]
    faults = []
    for send, (vi, en), names in ways:
        if not any(settings.get(name) for name in names):
            continue
        try:
            missing = [name for name in names if not settings.get(name)]
            if missing:
                raise NotSent(*bilingual("notify.not_set", missing=", ".join(missing)))
            send(subject, text, *(settings[name] for name in names))
        except NotSent as why:
            faults.append(bilingual("notify.cannot_sent", text=(vi, en), args=(why.args[0], why.args[1])))
        except (OSError, ValueError, http.client.HTTPException) as error:
            faults.append(bilingual("notify.cannot_sent_2", why=_why(error), text=(vi, en)))
    return faults


def _why(error: Exception) -> str:
    """The name and number of an error, without its text, which may contain an address or a password."""
    if isinstance(error, urllib.error.URLError) and isinstance(error.reason, Exception):
        return _why(error.reason)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{type(error).__name__}: {error.verify_message}"
    number = getattr(error, "smtp_code", None) or getattr(error, "code", None) or ""
    # messages of the operating system contain no address
    words = "" if isinstance(error, smtplib.SMTPException) else getattr(error, "strerror", "") or ""
    return " ".join(str(part) for part in (type(error).__name__, number, words) if part)


def _address(url: str, schemes: Mapping[str, int], name: str, example: str):
    """A setting that is an address, in parts; `hostname` and `port` are known to be sound."""
    try:
        parts = urlsplit(url)
        if parts.scheme in schemes and parts.hostname and (parts.port is None or parts.port > 0):
            return parts, parts.port or schemes[parts.scheme]
    except ValueError:
        pass
    raise NotSent(*bilingual("notify.written_like_user_password_signs", name=name, example=example))


def mail(subject: str, text: str, url: str, sender: str, recipients: str) -> None:
    """Send by SMTP: `smtps://` is encrypted from the start, `smtp://` as soon as the server can.

    A password is never sent in the clear.
    """
    parts, port = _address(url, {"smtps": 465, "smtp": 587}, SMTP, "smtps://user:password@host:465")
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, sender, recipients
    message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid(domain="ninhthuan.invalid")
    message.set_content(text, cte="base64")
    secure = ssl.create_default_context()
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(parts.hostname, port, timeout=SECONDS, context=secure)
    else:
        server = smtplib.SMTP(parts.hostname, port, timeout=SECONDS)
    with server:
        server.ehlo()
        if parts.scheme == "smtp":
            if server.has_extn("starttls"):
                server.starttls(context=secure)
            elif parts.username:
                raise NotSent(*bilingual("notify.server_does_not_encrypt_starttls"))
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        refused = server.send_message(message)
    if refused:
        raise NotSent(*bilingual("notify.recipients_refused_server", n_refused=len(refused)))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        """A redirected POST would arrive as a GET without its text: it counts as not sent."""


def post(subject: str, text: str, url: str) -> None:
    """POST the page as JSON with a `text`, as chat services take it; a user and password go into a header."""
    parts, _ = _address(url, {"https": 443, "http": 80}, WEBHOOK, "https://host/path")
    headers = {"Content-Type": "application/json", "User-Agent": "ninhthuan"}
    account, at, host = parts.netloc.rpartition("@")
    if at and parts.scheme == "http":
        raise NotSent(*bilingual("notify.password_needs_https", name=WEBHOOK))
    if at:
        name, _, password = account.partition(":")
        word = base64.b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode()
        headers["Authorization"] = f"Basic {word}"
    request = urllib.request.Request(parts._replace(netloc=host).geturl(), json.dumps({"text": text}).encode(), headers)
    with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS):
        pass


def finish(summary: Summary, file: Path | None, code: int) -> int:
    """Write and send the page as requested; returns the exit code, 1 where only this failed."""
    wanted = any(os.environ.get(name) for name in SETTINGS)
    if not (file or wanted):
        return code
    text, faults = summary.text(code), []
    if file:
        try:
            file.write_text(text, encoding="utf-8")
        except OSError as error:
            faults.append(bilingual("notify.cannot_written", file=file, why=error.strerror))
    if wanted:
        faults += deliver(summary.subject(code), text)
    for fault in faults:
        print(pick(*fault, summary.language), file=sys.stderr)
    return code or (1 if faults else 0)
