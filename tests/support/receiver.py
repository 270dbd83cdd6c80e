"""An HTTP server on this machine that stands for Teams, Slack or whatever takes alerts."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

SECRET = "a-secret-that-nobody-may-see"


class Receiver:
    """What it got, as JSON; with `status` it says how it answers."""

    def __init__(self) -> None:
        self.status = 202
        self.got: list[Any] = []
        self.asked = 0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.asked += 1
                if 200 <= receiver.status < 300:
                    receiver.got.append({"path": self.path, "body": json.loads(body)})
                self.send_response(receiver.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/workflows/{SECRET}?sig={SECRET}"

    @property
    def bodies(self) -> list[Any]:
        return [each["body"] for each in self.got]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        receiver.server.server_close()
        thread.join()
