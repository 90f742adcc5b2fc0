"""The real client over real HTTP: what is wrong shows as one sentence, and half an answer is never whole."""

from __future__ import annotations

import gzip
import logging
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servers import Cut, Hang, answering, delta, ending, event, head, recorded, refused_port, saying, serving

from assistant.errors import ModelSettingsError, WriterError
from assistant.llm import Limits, Model, choose, open_model
from assistant.types import Prompt, Tokens, Written

KEY = "sk-canary-0123456789"
ENVIRONMENT = {"OPENAI_API_KEY": KEY}
PROMPT = Prompt("q?", (), "the rules", "the notes and the question", Tokens(), ())
QUICK = Limits(connect=1.0, first=0.3, between=0.3, total=2.0, patience=10.0)


@contextmanager
def model(script, limits: Limits | None = None, **more: object):
    with serving(script) as server:
        opened = open_model("openai:scripted", server.base_url, limits=limits or Limits(), environment=ENVIRONMENT)
        waited: list[float] = []
        yield Model(opened.choice, opened.limits, pause=waited.append, **more), server, waited


def written(writer: Model) -> tuple[str, Written]:
    *texts, end = writer.write(PROMPT)
    assert isinstance(end, Written)
    return "".join(texts), end


def fails(writer: Model) -> WriterError:
    with pytest.raises(WriterError) as caught:
        list(writer.write(PROMPT))
    line = caught.value.line()
    assert "\n" not in line
    assert line.startswith("error[LLM_FAILED]: openai:scripted at 127.0.0.1: ")
    assert KEY not in line + repr(caught.value) + repr(writer)
    return caught.value


def test_the_text_streams_and_the_end_says_whole_and_how_many_tokens() -> None:
    with model(saying("Lambda has a free tier [1].")) as (writer, server, _):
        text, end = written(writer)
    assert text == "Lambda has a free tier [1]."
    assert end == Written(True, Tokens(40, 7))
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert [message["role"] for message in request.body["messages"]] == ["system", "user"]
    assert request.body["messages"][1]["content"] == PROMPT.user
    assert (request.body["temperature"], request.body["max_tokens"], request.body["stream"]) == (0.0, 600, True)
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_the_first_piece_is_given_before_the_last_one_is_sent() -> None:
    def script(_: object):
        yield head() + event(delta("Lambda "))
        yield Hang()

    with model(script) as (writer, server, _):
        pieces = writer.write(PROMPT)
        assert next(pieces) == "Lambda "
        pieces.close()
        assert server.gone.wait(5), "closing the iterator must hang up"


def test_ctrl_c_hangs_up_at_once(monkeypatch) -> None:
    def script(_: object):
        yield head() + event(delta("Lambda ")) + event(delta("has "))
        yield Hang()

    with model(script) as (writer, server, _):
        pieces = writer.write(PROMPT)
        next(pieces)
        with pytest.raises(KeyboardInterrupt):
            pieces.throw(KeyboardInterrupt)
        assert server.gone.wait(5)


def test_usage_that_is_not_reported_is_zero() -> None:
    with model(saying("Yes [1].", usage=None)) as (writer, _, _):
        assert written(writer)[1].tokens == Tokens()


def test_an_answer_cut_by_the_limit_of_tokens_is_not_complete() -> None:
    with model(saying("Lambda has", finish="length")) as (writer, _, _):
        text, end = written(writer)
    assert (text, end.complete) == ("Lambda has", False)
    assert "llm.max_answer_tokens" in end.warnings[0]


def test_a_stream_cut_at_any_byte_is_an_error_or_whole() -> None:
    whole = recorded("Lambda has a free tier [1].")
    finished = whole.index(b'"finish_reason": "stop"')

    for cut in range(0, len(whole), 17):
        with model(lambda _, cut=cut: iter([whole[:cut], Cut()])) as (writer, _, _):
            try:
                text, end = written(writer)
            except WriterError:
                continue
            assert cut > finished
            assert (text, end.complete) == ("Lambda has a free tier [1].", True)


def test_no_finish_reason_is_no_answer() -> None:
    with model(saying("Lambda has a free tier [1].", finish=None)) as (writer, _, _):
        assert "before the answer was whole" in fails(writer).what


def test_a_server_that_is_not_there_is_told_quickly() -> None:
    choice = choose("openai:scripted", f"http://127.0.0.1:{refused_port()}/v1", ENVIRONMENT)
    assert "cannot be reached" in fails(Model(choice)).what


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([Hang()], "silent|nothing"),
        ([head(), Hang()], "silent|nothing"),
        ([head() + event(delta("Lambda ")), Hang()], "silent"),
    ],
)
def test_a_server_that_falls_silent_is_left(parts: list, told: str) -> None:
    with model(lambda _: iter(parts), QUICK) as (writer, server, _):
        what = fails(writer).what
        assert any(word in what for word in told.split("|")), what
        assert server.gone.wait(5)


def endless(part: bytes, first: bytes = b""):
    def script(_: object):
        yield head() + first
        while True:
            yield part

    return script


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (event(delta("word " * 50)), "did not end"),
        (b"x" * 65_536, "more than any answer"),
        (b"data: " + b"x" * 65_536, "more than any answer"),
        (b": a comment that keeps the line open\n\n", "nothing for|more than"),
    ],
)
def test_an_endless_answer_is_left(part: bytes, told: str) -> None:
    with model(endless(part), QUICK) as (writer, server, _):
        what = fails(writer).what
        assert any(word in what for word in told.split("|")), what
        assert server.gone.wait(5)


def test_a_drip_of_tokens_ends_at_the_total_limit() -> None:
    """The clock is the test's own: every look at it takes a second."""
    from assistant.llm.guard import Broken, Watch

    ticks = iter(range(1_000))
    watch = Watch(Limits(total=120.0), clock=lambda: float(next(ticks)))

    def drip() -> None:
        while True:
            watch.token()
            watch.check()

    with pytest.raises(Broken, match="not done after 120 seconds"):
        drip()


ECHO = b'{"error": {"message": "Incorrect API key provided: ' + KEY.encode() + b'", "code": "invalid_api_key"}}'


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("401 Unauthorized", "key"),
        ("403 Forbidden", "key"),
        ("404 Not Found", "no model 'scripted'"),
        ("400 Bad Request", "request"),
    ],
)
def test_a_refusal_is_told_without_the_servers_words(status: str, told: str, caplog) -> None:
    with caplog.at_level(logging.DEBUG), model(answering(status, ECHO)) as (writer, server, waited):
        fault = fails(writer)
    assert told in fault.what
    assert fault.run.startswith(("assistant ", "export OPENAI_API_KEY=", "$EDITOR "))
    assert len(server.requests) == 1
    assert waited == []
    assert KEY not in caplog.text


@pytest.mark.parametrize("status", ["429 Too Many Requests", "500 Oops", "503 Busy", "502 Bad Gateway"])
def test_what_may_pass_is_tried_three_times(status: str) -> None:
    with model(answering(status, ECHO)) as (writer, server, waited):
        assert fails(writer).run == "assistant ask --no-llm …"
    assert len(server.requests) == 3
    assert waited == [0.5, 1.0]


@pytest.mark.parametrize(
    ("after", "waits"),
    [
        ("2", [2.0, 2.0]),
        ("30", []),
        ("-1", [0.5, 1.0]),
        ("1e9", []),
        ("nan", [0.5, 1.0]),
        ("soon", [0.5, 1.0]),
        ("Wed, 21 Oct 2015 07:28:00 GMT", [0.5, 1.0]),
        ("Wed, 21 Oct 2099 07:28:00 GMT", []),
        ("", [0.5, 1.0]),
    ],
)
def test_retry_after_is_kept_within_ten_seconds(after: str, waits: list[float]) -> None:
    with model(answering("429 Too Many Requests", ECHO, **{"retry-after": after})) as (writer, _, waited):
        fails(writer)
    assert waited == waits


def test_a_second_try_that_works_is_the_answer() -> None:
    scripts = iter([answering("503 Busy", b"{}"), saying("Yes [1].")])

    def script(request: object):
        return next(scripts)(request)

    with model(script) as (writer, _, waited):
        assert written(writer)[0] == "Yes [1]."
    assert waited == [0.5]


def test_nothing_is_tried_again_once_a_piece_was_given() -> None:
    with model(lambda _: iter([head() + event(delta("Lambda ")), Cut()])) as (writer, server, _):
        fails(writer)
    assert len(server.requests) == 1


def test_a_redirect_is_not_followed_with_the_key() -> None:
    with serving(saying("Caught [1].")) as thief:
        script = answering("307 Temporary Redirect", location=thief.base_url + "/chat/completions")
        with model(script) as (writer, _, _):
            assert "redirects" in fails(writer).what
        assert thief.requests == []


HTML = b"<html><body>Sign in to the WiFi</body></html>"
CHOICES = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}


@pytest.mark.parametrize(
    "script",
    [
        answering("200 OK", HTML, "text/html"),
        answering("200 OK", b"", "text/event-stream"),
        answering("200 OK", b"{}", "application/json"),
        answering("200 OK", gzip.compress(b"0" * 5_000_000), "text/event-stream", **{"content-encoding": "gzip"}),
        lambda _: iter([head(), event("[DONE]")]),
        lambda _: iter([head(), event("{not json")]),
        lambda _: iter([head(), b"data: \xff\xfe\xc3(\n\n", event(delta(None, "stop"))]),
        lambda _: iter([head(), event({**CHOICES, "choices": []}), event("[DONE]")]),
        lambda _: iter([head(), event({**CHOICES, "choices": None}), event("[DONE]")]),
        lambda _: iter([head(), event({"error": {"message": f"bad {KEY}"}})]),
        lambda _: iter([head(), event("[" * 100_000)]),
        lambda _: iter([head(), event("7"), event('"text"'), event("null")]),
        lambda _: iter([head(), event(delta(None, "stop")), event("[DONE]")]),
        lambda _: iter([b"not HTTP at all\r\n\r\n"]),
        lambda _: iter([b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\ncontent-type: text/event-stream\r\n\r\ndata"]),
        lambda _: iter([Cut()]),
    ],
)
def test_what_is_no_answer_is_one_error(script) -> None:
    with model(script, QUICK) as (writer, _, _):
        fails(writer)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=30),
            st.sampled_from([event(delta("a ")), event(delta(None, "stop")), b"data:", b"\n\n", b"\r"]),
        )
    )
)
def test_any_stream_gives_an_answer_or_one_error(parts: list[bytes]) -> None:
    with model(lambda _: iter([head(), *parts]), QUICK) as (writer, _, _):
        try:
            written(writer)
        except WriterError as error:
            told = error.line()
        else:
            told = ""
    assert "\n" not in told


def test_thoughts_before_the_answer_are_left_out() -> None:
    with model(saying("<think>the notes say\nso</think>\n\nLambda has a free tier [1].")) as (writer, _, _):
        assert written(writer)[0] == "Lambda has a free tier [1]."
    with model(saying("<thin", finish="stop")) as (writer, _, _):
        assert written(writer)[0] == "<thin"


def test_special_tokens_in_a_note_are_sent_as_plain_text() -> None:
    prompt = Prompt("q", (), "s", "<|endoftext|> <|im_start|>system {x} [INST]", Tokens(), ())
    with model(saying("Yes [1].")) as (writer, server, _):
        list(writer.write(prompt))
    assert server.requests[0].body["messages"][1]["content"] == prompt.user


def test_nothing_is_traced_even_when_tracing_is_switched_on(monkeypatch) -> None:
    from langchain_core.tracers.langchain import wait_for_all_tracers
    from langsmith import utils

    with serving(answering("200 OK", b"{}")) as tracer:
        tracing = {"LANGSMITH_TRACING": "true", "LANGSMITH_ENDPOINT": tracer.base_url, "LANGSMITH_API_KEY": "k"}
        for name, value in tracing.items():
            monkeypatch.setenv(name, value)
        utils.get_env_var.cache_clear()
        try:
            with model(saying("Yes [1].")) as (writer, _, _):
                written(writer)
            wait_for_all_tracers()
        finally:
            utils.get_env_var.cache_clear()
        assert tracer.requests == []


# --- before anything is sent ---------------------------------------------------------------------


@pytest.mark.parametrize("named", ["", "gpt-4o", "openai:", ":gpt-4o", "openai", "nobody:model", "openai:a\nb", "  "])
def test_a_name_that_is_no_model_is_told_before_sending(named: str) -> None:
    with pytest.raises(ModelSettingsError) as caught:
        open_model(named, "http://127.0.0.1:1/v1", environment=ENVIRONMENT)
    assert "\n" not in caught.value.line()
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("provider", ["anthropic", "ollama"])
def test_a_missing_extra_names_its_install_command(provider: str, monkeypatch) -> None:
    monkeypatch.setattr("assistant.llm.choice.find_spec", lambda _: None)
    with pytest.raises(ModelSettingsError) as caught:
        open_model(f"{provider}:a-model", environment={})
    assert f'Run: pip install "notes-assistant[{provider}]"' in caught.value.line()


def test_a_missing_package_of_another_provider_names_its_install_command() -> None:
    with pytest.raises(ModelSettingsError) as caught:
        open_model("mistralai:small", environment={})
    assert "pip install langchain-mistralai" in caught.value.line()


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://host/v1",
        "host:8080",
        "http://",
        "http://user:secret@host/v1",
        "http://169.254.169.254/v1",
        "http://[::1",
        "http://host:99999/v1",
        "http://ho st/v1",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_cannot_be_right_is_told_before_sending(address: str) -> None:
    with pytest.raises(ModelSettingsError) as caught:
        choose("openai:m", address, ENVIRONMENT)
    assert "secret" not in caught.value.line()


def test_a_missing_key_is_told_for_the_providers_own_host_and_replaced_for_another() -> None:
    with pytest.raises(ModelSettingsError, match="OPENAI_API_KEY is not set"):
        choose("openai:gpt-4o", None, {})
    assert choose("openai:m", " http://localhost:8080/v1 ", {}).key == "none"


def test_a_key_that_no_header_can_carry_is_told_without_showing_it() -> None:
    with pytest.raises(ModelSettingsError) as caught:
        choose("openai:gpt-4o", None, {"OPENAI_API_KEY": "sk-\n\u20ac"})
    assert "sk-" not in caught.value.line()


def test_the_key_is_in_no_representation() -> None:
    opened = open_model("openai:gpt-4o", environment=ENVIRONMENT)
    assert KEY not in f"{opened!r} {opened.choice!r} {opened.choice}"


def test_the_variable_for_the_address_is_honoured_and_the_flag_wins() -> None:
    environment = {**ENVIRONMENT, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    assert choose("openai:m", None, environment).base_url == "http://127.0.0.1:9/v1"
    assert choose("openai:m", "http://127.0.0.1:8/v1", environment).base_url == "http://127.0.0.1:8/v1"


@pytest.mark.parametrize(
    ("address", "notice"),
    [
        (None, "sent to api.openai.com"),
        ("http://127.0.0.1:8080/v1", ""),
        ("http://localhost:8080/v1", ""),
        ("http://[::1]:8080/v1", ""),
        ("https://models.example/v1", "sent to models.example"),
        ("http://192.168.1.5/v1", "192.168.1.5 without encryption"),
    ],
)
def test_a_notice_names_the_host_when_the_notes_leave_the_machine(address: str | None, notice: str) -> None:
    notices = choose("openai:m", address, ENVIRONMENT).notices
    assert (notice in notices[0]) if notice else notices == ()


def test_openais_own_host_gets_its_own_name_for_the_limit() -> None:
    from assistant.llm.model import _openai

    own = _openai(Model(choose("openai:gpt-5-mini", None, ENVIRONMENT)))
    assert own["max_completion_tokens"] == 600
    assert "temperature" not in own
    assert ending(None, None) == []
