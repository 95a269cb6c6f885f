"""The page at the end of a run, and its way out: real servers, real certificates, and no secret anywhere."""

import asyncio
import base64
import email
import email.policy
import gc
import http.server
import json
import os
import shutil
import ssl
import subprocess
import threading
from contextlib import contextmanager, nullcontext
from urllib.request import OpenerDirector

import pytest
from small_notebooks import Notebooks, deliver, tree

from ninhthuan_reports.runs import notify
from ninhthuan_reports.runs.notify import FROM, SMTP, TO, WEBHOOK

USER, PASSWORD = "báo cáo@x", "p@ss:w/o#r?d%41"
QUOTED = "b%C3%A1o%20c%C3%A1o%40x:p%40ss%3Aw%2Fo%23r%3Fd%2541"
ASCII_USER, ASCII_QUOTED = "reports@x", "reports%40x:p%40ss%3Aw%2Fo%23r%3Fd%2541"
PEOPLE = {FROM: "reports@example.vn", TO: "one@example.vn, two@example.vn"}


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for localhost that nobody trusts unless told to; with its key."""
    if not shutil.which("openssl"):
        message = "openssl is not installed: make system-packages"
        pytest.fail(message) if os.environ.get("NINHTHUAN_NO_SKIP") else pytest.skip(message)
    path = tmp_path_factory.mktemp("certificate") / "localhost.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    subprocess.run([*command.split(), "-keyout", path, "-out", path], check=True, capture_output=True)
    return path


class PostOffice:
    """A small SMTP server. mode: `plain`, `starttls` or `smtps`; refuses: recipients it does not know."""

    def __init__(self, mode="plain", certificate=None, user=ASCII_USER, refuses=()):
        self.mode, self.user, self.refuses, self.letters, self.lines = mode, user, refuses, [], []
        self.secure = None
        if mode != "plain":
            self.secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.secure.load_cert_chain(certificate)

    async def talk(self, reader, writer):
        say = lambda line: writer.write(f"{line}\r\n".encode())  # noqa: E731
        encrypted = self.mode == "smtps"
        say("220 localhost")
        while line := (await reader.readline()).decode().strip():
            self.lines.append(line)
            verb = line.upper()
            if verb.startswith("EHLO"):
                say("250-localhost")
                say("250 STARTTLS" if self.mode == "starttls" and not encrypted else "250 AUTH PLAIN")
            elif verb == "STARTTLS":
                say("220 go on")
                await writer.start_tls(self.secure)
                encrypted = True
            elif verb.startswith("AUTH PLAIN"):
                known = base64.b64encode(f"\0{self.user}\0{PASSWORD}".encode()).decode()
                say("235 welcome" if line.split()[-1] == known else f"535 not known: {line}")
            elif verb.startswith("RCPT") and any(name in line for name in self.refuses):
                say("550 nobody of that name")
            elif verb == "DATA":
                say("354 go on")
                self.letters.append(await reader.readuntil(b"\r\n.\r\n"))
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                break
            else:
                say("250 well")
        writer.close()

    @contextmanager
    def open(self):
        loop = asyncio.new_event_loop()
        start = asyncio.start_server(self.talk, "localhost", 0, ssl=self.secure if self.mode == "smtps" else None)
        server = loop.run_until_complete(start)
        self.port = server.sockets[0].getsockname()[1]
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            server.close()
            if self.secure:
                # a conversation that a refused certificate cut off is cleared away here, and not in another test
                gc.collect()


class Chat(http.server.BaseHTTPRequestHandler):
    """A chat service: keeps what it is told, and answers with the number in its path."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.headers["Content-Type"], body))
        self.send_response(int(self.path.rsplit("/", 1)[1]))
        self.send_header("Location", "/200")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_):
        pass


@pytest.fixture
def chat():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Chat) as server:
        server.told = []
        server.address = f"http://127.0.0.1:{server.server_port}/hook-Geheimnis"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def sent(**settings):
    """Faults in English; neither language may hold a secret."""
    faults = notify.deliver("ninhthuan: xong", "Một dòng.\nHai dòng.\n", settings)
    for text in [words for fault in faults for words in fault]:
        assert not any(secret in text for secret in (PASSWORD, "p@ss", "Geheimnis", QUOTED, ASCII_QUOTED)), text
    return [en for _, en in faults]


# ------------------------------------------------------------------------------------------------------------- by mail


@pytest.mark.parametrize("mode", ["plain", "starttls", "smtps"])
def test_mail_arrives(mode, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with PostOffice(mode, certificate).open() as office:
        scheme = "smtps" if mode == "smtps" else "smtp"
        who = "" if mode == "plain" else f"{ASCII_QUOTED}@"
        assert sent(**PEOPLE, **{SMTP: f"{scheme}://{who}localhost:{office.port}"}) == []
    (letter,) = office.letters
    message = email.message_from_bytes(letter, policy=email.policy.default)
    assert (message["From"], message["To"]) == (PEOPLE[FROM], PEOPLE[TO])
    assert message["Subject"] == "ninhthuan: xong" and message["Date"]
    assert message.get_content().splitlines()[:2] == ["Một dòng.", "Hai dòng."]
    assert sum(line.upper().startswith("RCPT") for line in office.lines) == 2


def test_a_password_is_never_sent_in_the_clear():
    with PostOffice("plain").open() as office:
        faults = sent(**PEOPLE, **{SMTP: f"smtp://{ASCII_QUOTED}@localhost:{office.port}"})
    assert faults == [
        "The mail cannot be sent: the server does not encrypt (STARTTLS), and the password is not sent in the clear"
    ]
    assert not any(line.startswith("AUTH") for line in office.lines) and not office.letters


def test_a_server_that_cannot_prove_who_it_is_gets_nothing(certificate):
    with PostOffice("starttls", certificate).open() as office:
        (fault,) = sent(**PEOPLE, **{SMTP: f"smtp://{ASCII_QUOTED}@localhost:{office.port}"})
    assert "self-signed certificate" in fault
    assert not any(line.startswith("AUTH") for line in office.lines)


def test_a_refused_password_is_told_without_it(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with PostOffice("smtps", certificate, user="somebody else").open() as office:
        faults = sent(**PEOPLE, **{SMTP: f"smtps://{ASCII_QUOTED}@localhost:{office.port}"})
        assert faults == ["The mail cannot be sent: SMTPAuthenticationError 535"]
        # SMTP takes ASCII only here, and Python's own message would repeat the name
        assert sent(**PEOPLE, **{SMTP: f"smtps://{QUOTED}@localhost:{office.port}"}) == [
            "The mail cannot be sent: UnicodeEncodeError"
        ]


def test_recipients_that_are_refused_are_told_of():
    with PostOffice(refuses=["two@"]).open() as office:
        url = f"smtp://localhost:{office.port}"
        assert sent(**PEOPLE, **{SMTP: url}) == ["The mail cannot be sent: recipients refused by the server: 1"]
        assert len(office.letters) == 1
        faults = sent(**PEOPLE | {TO: "two@example.vn"}, **{SMTP: url})
    assert faults == ["The mail cannot be sent: SMTPRecipientsRefused"]


@pytest.mark.parametrize(
    "url", [f"smtps://{USER}:{PASSWORD}@localhost", "smtps://u:p@ss:w@localhost:x", "mail.example.vn", "https://h/p@ss"]
)
def test_an_address_that_is_none_is_explained_without_being_repeated(url):
    (fault,) = sent(**PEOPLE, **{SMTP: url})
    assert "NINHTHUAN_SMTP_URL is written like smtps://user:password@host:465" in fault


def test_what_is_not_set_is_named_and_nobody_there_is_told():
    assert sent() == []
    assert sent(**{TO: "one@example.vn"}) == [
        "The mail cannot be sent: NINHTHUAN_SMTP_URL, NINHTHUAN_MAIL_FROM not set"
    ]
    (fault,) = sent(**PEOPLE, **{SMTP: f"smtps://{ASCII_QUOTED}@localhost:1"})
    assert fault == "The mail cannot be sent: ConnectionRefusedError Connection refused"


# --------------------------------------------------------------------------------------------------------- by webhook


def test_a_webhook_is_told_in_json(chat):
    assert sent(**{WEBHOOK: f"{chat.address}/200"}) == []
    ((kind, body),) = chat.told
    assert kind == "application/json" and json.loads(body) == {"text": "Một dòng.\nHai dòng.\n"}


def test_a_password_of_a_webhook_goes_into_a_header_and_never_in_the_clear(chat, monkeypatch):
    asked = []
    monkeypatch.setattr(OpenerDirector, "open", lambda self, request, timeout: asked.append(request) or nullcontext())
    assert sent(**{WEBHOOK: "https://us%40er:p%3Ass@host:8443/path?x=1"}) == []
    (request,) = asked
    assert request.full_url == "https://host:8443/path?x=1"
    assert request.get_header("Authorization") == "Basic " + base64.b64encode(b"us@er:p:ss").decode()
    (fault,) = sent(**{WEBHOOK: chat.address.replace("//", "//user:hush@") + "/200"})
    assert "NINHTHUAN_WEBHOOK_URL holds a password: its address must begin with https://" in fault
    assert "hush" not in fault and len(asked) == 1 and chat.told == []


@pytest.mark.parametrize("answer", [302, 307, 403, 500])
def test_a_webhook_that_does_not_take_it_is_told_of(chat, answer):
    faults = sent(**{WEBHOOK: f"{chat.address}/{answer}"})
    assert faults == [f"The webhook cannot be sent: HTTPError {answer}"]
    assert len(chat.told) == 1, "a redirect is not followed: the text would be lost on the way"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "https://u:p@ss@host:p/x", "hook-Geheimnis"])
def test_only_web_addresses_are_posted_to(url):
    (fault,) = sent(**{WEBHOOK: url})
    assert "NINHTHUAN_WEBHOOK_URL is written like https://host/path" in fault


def test_one_way_that_fails_does_not_close_the_other(chat):
    faults = sent(**PEOPLE, **{SMTP: "smtp://localhost:1", WEBHOOK: f"{chat.address}/200"})
    assert len(faults) == 1 and len(chat.told) == 1


# ----------------------------------------------------------------------------------------------------------- the page


def record_of(**titles):
    return {"jobs": [{"name": "tiny", "cards": {card: {"title": title} for card, title in titles.items()}}]}


def test_findings_are_compared_by_their_titles():
    before, now = record_of(a="same", b="then", c="gone"), record_of(a="same", b="now", d="new")
    assert notify.differences(before, now) == [("tiny b", "then", "now"), ("tiny d", "", "new"), ("tiny c", "gone", "")]


def test_the_page_stays_one_page_and_names_every_report():
    blocks = [[f"report {n}", *(f"line {n} {m}" for m in range(30))] for n in range(5)]
    lines = notify._fit(blocks, "en")
    assert len(lines) < notify.LINES + 6
    assert [line for line in lines if line.startswith("report")] == [f"report {n}" for n in range(5)]
    assert notify._fit([[f"report {n}"] for n in range(100)], "en")[-1] == "  … and 60 more"


@pytest.mark.slow
def test_a_run_tells_what_is_new_what_failed_and_what_is_as_it_was(tmp_path, recent_data, chat, certificate):
    notebooks = Notebooks(tmp_path)
    page = tmp_path / "page.txt"
    with PostOffice("smtps", certificate, user="somebody else").open() as office:
        secrets = {
            SMTP: f"smtps://{ASCII_QUOTED}@localhost:{office.port}",
            WEBHOOK: f"{chat.address}/200",
            "DATABASE": "postgresql://reports:Geheimnis@host/x",
            "HTTPS_PROXY": "http://reports:Geheimnis@localhost:1",
            "AWS_SECRET_ACCESS_KEY": "Geheimnis",
        }
        notebooks.environment = (
            PEOPLE
            | secrets
            | {
                "NINHTHUAN_DATA": str(recent_data.path),
                "SSL_CERT_FILE": str(certificate),
            }
        )
        shown = "import os, sys\nprint(dict(os.environ))\nprint(dict(os.environ), file=sys.stderr)\n"
        notebooks.add("tiny", shown, deliver())
        first = notebooks.run("--languages", "en", "--summary", page)
        # the report is made, the mail is refused
        assert first.returncode == 1
        assert first.stderr.splitlines() == ["The mail cannot be sent: SMTPAuthenticationError 535"]
        assert "2024Q1/58/en: the first report; cards: 1" in page.read_text("utf-8")
        assert json.loads(chat.told.pop()[1])["text"] == page.read_text("utf-8")

        # another title, in a report that is replaced and in that of the next quarter; the other language fails
        notebooks.add("tiny", shown + "assert language == 'en', f'not {language}'", deliver(title="Another finding"))
        office.user = ASCII_USER
        second = notebooks.run("--languages", "en,vi", "--quarter", "2024Q1,2024Q2", "--summary", page)
    assert second.returncode == 1
    text = page.read_text("utf-8")
    assert text.startswith("ninhthuan: FAILED; 2 new, 2 failed, 0 unchanged (")
    assert "  2024Q1/58/vi/tiny, cell code-01: AssertionError: not vi\n" in text
    changed = "    tiny one\n      was: Một thẻ\n      now: Another finding\n"
    assert f"  2024Q1/58/en: compared with the one before; findings that differ: 1\n{changed}" in text
    assert "  2024Q2/58/en: compared with 2024Q1; findings that differ: 0\n" in text
    (letter,) = office.letters
    message = email.message_from_bytes(letter, policy=email.policy.default)
    assert message.get_content().replace("\r\n", "\n").strip(".\n") == text.strip(".\n")

    del notebooks.environment[SMTP], notebooks.environment[FROM], notebooks.environment[TO]
    third = notebooks.run("--languages", "en", "--summary", page)
    assert third.returncode == 0 and "Unchanged (1):\n  2024Q1/58/en\n" in page.read_text("utf-8")
    # a request that is wrong, unseen by anybody at night
    fourth = notebooks.run("--languages", "en", "--provinces", "xx", "--summary", page)
    assert fourth.returncode == 2 and "no province has the code 'xx'" in page.read_text("utf-8")

    # nothing of what must stay secret is anywhere in what the runs left or said
    said = "".join(run.stdout + run.stderr for run in (first, second, third, fourth)) + text
    written = tree(notebooks.reports)
    assert any(b"PYTHONHASHSEED" in content for content in written.values()), "the cell did print"
    for secret in ("Geheimnis", PASSWORD, ASCII_QUOTED, "p@ss", "p%40ss", "one@example.vn"):
        assert secret not in said
        assert [name for name, content in written.items() if secret.encode() in content] == []
