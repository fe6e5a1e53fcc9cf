"""Markdown of the desk."""

import pytest

from app.tickets import markdown


def test_an_answer_shows_its_emphasis_lists_code_and_tables():
    shown = markdown.html(
        "**Done**: ~~two~~ *three* steps\nand `ls`\n\n1. one\n2. two\n\n> said\n\n"
        "```\nx < y\n```\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n"
    )

    for part in (
        "<strong>Done</strong>: <s>two</s> <em>three</em> steps<br>",
        "<code>ls</code>",
        "<li>one</li>",
        "<blockquote>\n<p>said</p>",
        "<pre><code>x &lt; y\n</code></pre>",
        "<td>1</td>",
    ):
        assert part in shown


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[press](javascript:alert(1))",
        "[press](data:text/html,x)",
        "![](https://spy.example/pixel.png)",
        "<style>@import 'x'</style>",
        '[x](https://a.example "\\" onmouseover=alert(1)")',
        "<a href='vbscript:x'>y</a>",
        "```html\n<script>alert(1)</script>\n```",
    ],
)
def test_nothing_that_is_written_becomes_a_script_an_image_or_a_style(written):
    shown = markdown.html(written)

    for danger in ("<script", "<img", "<style", 'href="javascript', 'href="data', "<svg"):
        assert danger not in shown
    assert '" onmouseover' not in shown


def test_links_lead_out_without_a_way_back():
    shown = markdown.html("see https://status.example/x and [this](https://b.example)")

    assert shown.count('rel="noopener nofollow"') == 2


def test_file_names_are_no_links():
    assert "<a" not in markdown.html("run setup.py, then read manual.md")


def test_a_heading_stays_beneath_those_of_the_page():
    assert markdown.html("# Big") == "<h3>Big</h3>\n"


def test_a_snippet_has_the_words_without_the_marks():
    assert markdown.plain("**Done**, see [the page](https://a.example)\n\n- one `two`") == (
        "Done, see the page\none two"
    )


@pytest.mark.parametrize(
    "name",
    ["[Bank](https://evil.example)", "https://evil.example", "*Anna*", "# Anna", "me@evil.example"],
)
def test_what_somebody_calls_themselves_is_neither_emphasis_nor_link(name):
    shown = markdown.html(f"Dear {markdown.literal(name)},")

    assert "<a" not in shown
    assert "<em" not in shown
    assert "<h" not in markdown.html(markdown.literal(name))
    assert markdown.plain(markdown.literal(name)) == name
