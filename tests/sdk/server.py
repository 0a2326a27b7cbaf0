"""The real program, `allo-cmp serve`, on this machine only, and one connection to it."""

import http.client
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

PATIENCE = 30  # seconds: far above what a start takes on a busy machine


class Server:
    """A running server that believes it is reached at `public_url`."""

    def __init__(self, program, public_url, secrets):
        self.public_url = public_url
        self._folder = tempfile.TemporaryDirectory()
        log = Path(self._folder.name, "log")
        settings = {
            "SERVER__LISTEN": "127.0.0.1:0",
            "ADMIN__LISTEN": "127.0.0.1:0",
            "SERVER__PUBLIC_URL": public_url,
            "SERVER__SECRET": "a secret of at least thirty-two characters",
            **secrets,
        }
        # Nothing of the environment of whoever runs this.
        environment = {"ALLO_CMP__" + name: value for name, value in settings.items()} | {"RUST_LOG": "info"}
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [os.path.abspath(program), "serve"],
                cwd=self._folder.name,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        line = self._opened(log)
        address, admin = (re.search(name + r"=\S*?([\d.]+:\d+)", line)[1] for name in ["listen", "admin"])
        self._line, self._admin = http.client.HTTPConnection(address), http.client.HTTPConnection(admin)

    def _opened(self, log):
        for _ in range(PATIENCE * 20):
            text = log.read_text()
            for line in text.splitlines():
                if "the line is open" in line:
                    return re.sub(r"\x1b\[[\d;]*m", "", line)
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        self.close()
        raise SystemExit(f"the server did not open the line:\n{text}")

    def send(self, method, target, headers, body):
        """Sends one webhook; gives the status, the content type and the body of the answer."""
        body = body if method == "POST" else None
        try:
            self._line.request(method, target, body, headers)
            answer = self._line.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # It ends a connection of its own after a while: the next one is as good.
            self._line.close()
            self._line.request(method, target, body, headers)
            answer = self._line.getresponse()
        return answer.status, answer.headers.get("content-type", ""), answer.read()

    def count(self, name):
        """The counter `name` of its metrics."""
        self._admin.close()
        self._admin.request("GET", "/metrics")
        text = self._admin.getresponse().read().decode()
        return int(re.search(rf"^allo_cmp_{name}_total (\d+)$", text, re.MULTILINE)[1])

    def close(self):
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
