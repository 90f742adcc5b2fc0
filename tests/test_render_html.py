"""What the one renderer promises: nothing but our own elements, and every character of the text to be read."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payloads import payloads

from assistant.render.characters import visible
from assistant.render.html import Html, Marks, formatted, tag, text

OURS = {"p", "ul", "ol", "li", "strong", "code", "pre", "a", "span"}
HOSTILE = payloads("http://canary.example")
ANY = st.text(st.characters(), max_size=200) | st.text(st.sampled_from("*`[]1-. \n#<>&\"'~$@{}"), max_size=80)


class Reader(HTMLParser):
    """The elements, attributes and text that a browser would see."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements, self.attributes, self.words, self.open = [], [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.open.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return "".join(self.words)


def squeezed(words):
    return "".join(sign for sign in words if sign.isalnum())


@pytest.mark.parametrize("payload", HOSTILE)
def test_a_hostile_text_becomes_text(payload):
    read = Reader(formatted(payload, Marks("t", {1}, [(0, 5)])))

    assert set(read.elements) <= OURS
    assert all(value.startswith("#") for name, value in read.attributes if name == "href")
    assert not [name for name, _ in read.attributes if name in {"src", "style"} or name.startswith("on")]


@given(ANY, st.sets(st.integers(0, 20)), st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=3))
def test_any_text_keeps_its_words_and_gains_no_element(words, numbers, spans):
    read = Reader(formatted(words, Marks("t", numbers, sorted(spans))))

    assert set(read.elements) <= OURS
    assert read.open == []
    assert set(squeezed(read.text)) <= set(squeezed(visible(words)))


@given(ANY)
def test_escaped_text_reads_as_it_is_shown_elsewhere(words):
    assert Reader(text(words)).text.replace("\r", "") == visible(words).replace("\r", "")


def test_lists_bold_and_code_are_formatted():
    html = formatted("Benefits:\n- **fast**\n- `cheap`\n\n3. third\n\n```\na < b\n```")

    assert "<ul><li><strong>fast</strong></li><li><code>cheap</code></li></ul>" in html
    assert '<ol><li value="3">third</li></ol>' in html
    assert "<pre><code>a &lt; b</code></pre>" in html


def test_only_citations_that_are_there_become_links():
    html = formatted("One [1], two [2].", Marks("turn", {1}))

    assert 'href="#source-turn-1"' in html
    assert "two [2]." in html


def test_the_sentence_in_doubt_is_marked_where_it_stands():
    words = "True. **False** indeed. [1]"

    html = formatted(words, Marks("t", {1}, [(6, 23)]))

    assert Reader(html).text == "True. False indeed. 1"
    assert html.count('class="doubtful"') == 2
    assert ">False</span>" in html


@pytest.mark.parametrize(
    "build",
    [
        lambda: tag("script", "x"),
        lambda: tag("img", src="x"),
        lambda: tag("p", onclick="x"),
        lambda: tag("p", style="x"),
        lambda: tag("a", href="https://example.org"),
        lambda: tag("a", href="javascript:x"),
    ],
)
def test_what_is_not_on_the_list_cannot_be_built(build):
    with pytest.raises(ValueError, match=r"list|stay"):
        build()


def test_attributes_are_escaped_and_our_own_markup_is_not_escaped_twice():
    assert tag("p", tag("b", "<&>"), title='"<') == '<p title="&quot;&lt;"><b>&lt;&amp;&gt;</b></p>'
    assert isinstance(tag("p"), Html)


def test_joining_strings_loses_the_right_not_to_be_escaped():
    assert not isinstance(tag("p") + "<script>", Html)


def test_a_line_that_only_announces_stands_out():
    html = formatted("Key benefits:\nCost: it is low.\nNobody waits. [1]", Marks("t", {1}))

    assert html.startswith("<p><strong>Key benefits:</strong>\nCost: it is low.\nNobody")
    assert html.count("<strong>") == 1


@pytest.mark.parametrize("line", ["Cost: it is low", "When all of the threads have to wait:", "http://x", "<b>: x"])
def test_a_sentence_is_no_announcement(line):
    assert "<strong>" not in formatted(f"{line}\nmore")


def test_an_announcement_with_markup_in_it_stays_text():
    assert formatted("<img src=x>:\nmore").startswith("<p><strong>&lt;img src=x&gt;:</strong>")
