"""A prompt -> the pieces of a model's text, then one Written: over any chat model that LangChain knows."""

from __future__ import annotations

import contextvars
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelSettingsError, NotesAssistantError
from assistant.llm import faults
from assistant.llm.choice import choose
from assistant.llm.guard import Broken, Limits, Watch, client, hooks, timeout, trusted
from assistant.types import Tokens, Written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from assistant.llm.choice import Choice
    from assistant.stopping import Stop
    from assistant.types import Prompt

COMPLETE = frozenset({"stop", "end_turn", "stop_sequence", "eos", "eos_token", "complete", "completed"})
TOO_LONG = frozenset({"length", "max_tokens", "max_output_tokens"})
FINISHED = ("finish_reason", "stop_reason", "done_reason")
FIXED_TEMPERATURE = re.compile(r"(?:o\d|gpt-5)")  # models of OpenAI's own host that take no temperature
THOUGHT = re.compile(r"\s*<think>.*?</think>\s*", re.DOTALL)
THINKING = "<think>"


@dataclass(frozen=True)
class Model:
    """A writer. Each `write` opens its own connection and closes it, whole or not; `stop` cuts those that are open."""

    choice: Choice
    limits: Limits = field(default_factory=Limits)
    answer_tokens: int = 600
    temperature: float = 0.0
    pause: Callable[[float], None] = time.sleep
    stop: Stop | None = None

    @property
    def name(self) -> str:
        return self.choice.name

    @property
    def notices(self) -> tuple[str, ...]:
        """What the person should know before anything is sent."""
        return self.choice.notices

    def write(self, prompt: Prompt) -> Iterator[str | Written]:
        """The pieces of the text as they come, then how it ended. Closing the iterator hangs up.

        Raises WriterError for whatever sending shows: nothing that was yielded before is an answer then.
        """
        yield from self.say([("system", prompt.system), ("user", prompt.user)])

    def say(self, messages: list[tuple[str, str]]) -> Iterator[str | Written]:
        """The same for any (role, text) messages."""
        watch = Watch(self.limits, stop=self.stop)
        try:
            yield from _thoughtless(self._attempts(messages, watch))
        except NotesAssistantError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a client raises is told as one sentence
            raise faults.fault(error, self.choice) from None

    def _attempts(self, messages: list[tuple[str, str]], watch: Watch) -> Iterator[str | Written]:
        for attempt in range(self.limits.retries + 1):
            pieces = self._attempt(messages, watch)
            try:
                first = next(pieces)
            except Exception as error:
                pause = faults.wait(error, attempt)
                spent = watch.clock() - watch.began
                if attempt == self.limits.retries or not faults.may_pass(error) or spent + pause > self.limits.patience:
                    raise
                self.pause(pause)
            else:
                yield first
                yield from pieces
                return

    def _attempt(self, messages: list[tuple[str, str]], watch: Watch) -> Iterator[str | Written]:
        ending = _Ending()
        watch.check()
        with _open(self, watch) as chat:
            stream = _untraced(chat.stream(messages))
            try:
                for chunk in stream:
                    watch.token()
                    watch.check()
                    ending.note(chunk)
                    text = _text(chunk)
                    ending.length += len(text)
                    if ending.length > self.limits.answer:
                        raise Broken(f"the answer did not end after {self.limits.answer} characters")
                    if text:
                        yield text
            finally:
                stream.close()
        yield ending.written()


@dataclass
class _Ending:
    """What the server said beside the text."""

    length: int = 0
    reason: str = ""
    prompt: int = 0
    completion: int = 0

    def note(self, chunk: Any) -> None:
        said = getattr(chunk, "response_metadata", None) or {}
        self.reason = next((str(said[key]).lower() for key in FINISHED if said.get(key)), self.reason)
        usage = getattr(chunk, "usage_metadata", None) or {}
        self.prompt = max(self.prompt, int(usage.get("input_tokens") or 0))
        self.completion = max(self.completion, int(usage.get("output_tokens") or 0))

    def written(self) -> Written:
        if not self.reason:
            raise Broken("the connection ended before the answer was whole")
        if not self.length:
            raise Broken("it sent an empty answer")
        return Written(self.reason in COMPLETE, Tokens(self.prompt, self.completion), self._warnings())

    def _warnings(self) -> tuple[str, ...]:
        if self.reason in COMPLETE:
            return ()
        if self.reason in TOO_LONG:
            return ("the answer was cut at the limit of tokens; llm.max_answer_tokens sets it",)
        return (f"the server ended the answer early ({self.reason[:40]})",)


@dataclass(frozen=True)
class _Open:
    """A chat model and its connection, for one attempt."""

    chat: Any
    connection: Any

    def __enter__(self) -> Any:
        return self.chat

    def __exit__(self, *_: object) -> None:
        if self.connection is not None:
            with suppress(Exception):
                self.connection.close()


def open_model(
    named: str,
    base_url: str | None = None,
    *,
    limits: Limits | None = None,
    answer_tokens: int = 600,
    temperature: float = 0.0,
    environment: Mapping[str, str] | None = None,
) -> Model:
    """The model that `provider:model` names, ready to be asked; nothing is sent.

    Raises ModelSettingsError for what shows before sending: an unknown provider, a missing extra, a bad
    address, a missing key.
    """
    choice = choose(named, base_url, environment)
    model = Model(choice, limits or Limits(), answer_tokens, temperature)
    with _open(model, Watch(model.limits)):
        return model


def _open(model: Model, watch: Watch) -> _Open:
    from langchain.chat_models import init_chat_model

    choice = model.choice
    arguments, connection = _arguments(model, watch)
    try:
        return _Open(init_chat_model(choice.model, model_provider=choice.provider, **arguments), connection)
    except ImportError as error:
        raise _missing(choice, error) from None
    except ValueError as error:
        raise _refused(choice, error) from None
    except Exception as error:  # noqa: BLE001 - some forty packages check their arguments in their own ways
        raise ModelSettingsError(
            f"the model {choice.name} cannot be set up ({type(error).__name__})",
            safe="Nothing was sent",
            run="assistant doctor",
        ) from None


def _arguments(model: Model, watch: Watch) -> tuple[dict[str, Any], Any]:
    """What the provider's class is made with, and the connection to close afterwards."""
    choice, limits = model.choice, model.limits
    address = {"base_url": choice.base_url} if choice.base_url else {}
    if choice.provider == "openai":
        library = _openai_library()
        connection = client(library, watch, direct=choice.stays_here)
        unused = library.AsyncClient(verify=trusted(library))  # its class would make one, and read all certificates
        clients = {"http_client": connection, "http_async_client": unused, "timeout": timeout(library, limits)}
        return {**address, **_openai(model), **clients}, connection
    if choice.provider == "ollama":
        import httpx

        return {
            **address,
            "client_kwargs": {"event_hooks": hooks(httpx, watch), "timeout": limits.first},
            "num_predict": model.answer_tokens,
            "temperature": model.temperature,
        }, None
    common = {
        "timeout": limits.first,
        "max_retries": 0,
        "max_tokens": model.answer_tokens,
        "temperature": model.temperature,
    }
    return {**address, **common}, None


def _openai(model: Model) -> dict[str, Any]:
    """OpenAI's own host has its name for the limit; every other server of its protocol knows the older one."""
    own = not model.choice.base_url
    length = (
        {"max_completion_tokens": model.answer_tokens} if own else {"extra_body": {"max_tokens": model.answer_tokens}}
    )
    fixed = own and FIXED_TEMPERATURE.match(model.choice.model)
    return {
        "api_key": model.choice.key,
        "max_retries": 0,
        "stream_usage": True,
        "use_responses_api": False,
        **length,
        **({} if fixed else {"temperature": model.temperature}),
    }


def _openai_library() -> Any:
    """The HTTP library that the installed client is built on."""
    from langchain_openai._compat import httpx

    return httpx


def _untraced(stream: Iterator[Any]) -> Any:
    """The stream, run where no tracer listens: what is asked goes to the model and nowhere else."""
    from langsmith import tracing_context

    context = contextvars.copy_context()
    context.run(tracing_context(enabled=False).__enter__)

    def steps() -> Iterator[Any]:
        try:
            while True:
                try:
                    chunk = context.run(next, stream)
                except StopIteration:
                    return
                yield chunk
        finally:
            context.run(stream.close)  # type: ignore[attr-defined]

    return steps()


def _text(chunk: Any) -> str:
    text = getattr(chunk, "text", "")
    return str(text() if callable(text) and not isinstance(text, str) else text)


def _thoughtless(pieces: Iterator[str | Written]) -> Iterator[str | Written]:
    """The text without the thoughts that some models write before it."""
    begun = ""
    answering = False
    for piece in pieces:
        if answering or isinstance(piece, Written):
            if not answering and begun and not begun.lstrip().startswith(THINKING):
                yield begun
            yield piece
            continue
        begun += piece
        if _may_think(begun):
            continue
        answering = True
        yield THOUGHT.sub("", begun, count=1) if begun.lstrip().startswith(THINKING) else begun


def _may_think(begun: str) -> bool:
    """Whether a text may still turn out to begin with a thought, or is inside one."""
    head = begun.lstrip()
    return THINKING.startswith(head) or (head.startswith(THINKING) and not THOUGHT.match(begun))


def _missing(choice: Choice, error: ImportError) -> ModelSettingsError:
    package = re.search(r"pip install (?:-U )?([\w.-]+)", str(error))
    return ModelSettingsError(
        f"the provider {choice.provider} needs a package that is not installed",
        safe="Nothing was sent",
        run=f"pip install {package[1] if package else 'langchain-' + choice.provider.replace('_', '-')}",
    )


def _refused(choice: Choice, error: ValueError) -> ModelSettingsError:
    if "nsupported" in str(error) or "nable to infer" in str(error):
        return ModelSettingsError(
            f"{choice.provider!r} is no provider of chat models; openai, anthropic, ollama and LangChain's others are",
            safe="Nothing was sent",
            run='assistant ask --llm openai:gpt-4o-mini "…"',
        )
    return ModelSettingsError(
        f"the model {choice.name} cannot be set up", safe="Nothing was sent", run="assistant doctor"
    )
