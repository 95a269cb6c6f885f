"""Debian's Firefox over WebDriver BiDi: opens a page, evaluates in it, keeps what it asked for and complained of."""

import itertools
import json
import re
import subprocess

import websocket


class Firefox:
    """One tab without a network. profile: an empty folder for what the browser keeps."""

    def __init__(self, program, profile):
        # what a proxy that does not exist cannot fetch is not fetched
        (profile / "user.js").write_text(
            'user_pref("network.proxy.type", 1);\nuser_pref("network.proxy.http", "127.0.0.1");\n'
            'user_pref("network.proxy.http_port", 9);\nuser_pref("network.proxy.ssl", "127.0.0.1");\n'
            'user_pref("network.proxy.ssl_port", 9);\n'
        )
        command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        address = next(found[0] for line in self.process.stderr if (found := re.search(r"ws://\S+", line)))
        self.socket = websocket.create_connection(f"{address}/session", suppress_origin=True, timeout=120)
        self.count, self.requests, self.errors = itertools.count(1), [], []
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self.tab = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method, **parameters):
        """The answer to a command; events that come before it are noted."""
        number = next(self.count)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (message := json.loads(self.socket.recv())).get("id") != number:
            happened = message.get("params", {})
            if message.get("method") == "network.beforeRequestSent":
                self.requests.append(happened["request"]["url"])
            elif happened.get("level") in ("error", "warn"):
                self.errors.append(happened["text"])
        assert message["type"] == "success", message
        return message["result"]

    def open(self, address):
        self.ask("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def evaluate(self, code, *given):
        """What an expression gives, or a function of JSON values."""
        call = f"({code})(...{json.dumps(given)})" if given else code
        expression = f"JSON.stringify({call} ?? null)"
        answer = self.ask("script.evaluate", expression=expression, target={"context": self.tab}, awaitPromise=True)
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(30)
        self.process.stderr.close()
