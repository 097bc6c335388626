"""Answers POST /predict with the names of the flowers."""

import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

import joblib

from lib.iris import MODEL_FILE, class_name


class Predict(BaseHTTPRequestHandler):
    model = None

    def do_POST(self) -> None:
        rows = json.loads(self.rfile.read(int(self.headers["content-length"])))
        answer = [class_name(index) for index in self.model.predict(rows)]
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())


if __name__ == "__main__":
    Predict.model = joblib.load(MODEL_FILE)
    HTTPServer(("", int(os.environ["PORT"])), Predict).serve_forever()
