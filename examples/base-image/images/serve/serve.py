"""Answers GET with a page about this service, and POST with the names of the wines."""

import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import joblib

from wine import MODEL_FILE, class_name


class Wines(BaseHTTPRequestHandler):
    model = None
    page = b""

    def do_GET(self) -> None:
        self.answer("text/html; charset=utf-8", self.page)

    def do_POST(self) -> None:
        rows = json.loads(self.rfile.read(int(self.headers["content-length"])))
        names = [class_name(index) for index in self.model.predict(rows)]
        self.answer("application/json", json.dumps(names).encode())

    def answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    Wines.model = joblib.load(MODEL_FILE)
    Wines.page = Path("about.html").read_bytes()
    HTTPServer(("", int(os.environ["PORT"])), Wines).serve_forever()
