"""Flask answering "hello": what the server and the framework cost by themselves."""

from flask import Flask

app = Flask(__name__)


@app.route("/")
def hello() -> str:
    return "hello"
