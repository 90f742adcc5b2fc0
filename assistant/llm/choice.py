"""What a person set -> which model is asked and where: all that can be known before anything is sent."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.errors import ModelSettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.parse import SplitResult

EXAMPLE = 'assistant ask --llm openai:gpt-4o-mini "…"'
LOCAL_EXAMPLE = 'assistant ask --llm openai:llama3.2 --base-url http://127.0.0.1:11434/v1 "…"'
PLACEHOLDER_KEY = "none"  # local servers ask for no key, their clients do

HOMES = {"openai": "api.openai.com", "anthropic": "api.anthropic.com", "ollama": "127.0.0.1"}
KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
BASES = {
    "openai": ("OPENAI_BASE_URL", "OPENAI_API_BASE"),
    "anthropic": ("ANTHROPIC_BASE_URL",),
    "ollama": ("OLLAMA_HOST",),
}
EXTRAS = {"anthropic": "langchain_anthropic", "ollama": "langchain_ollama"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A model that can be asked. `key` is never shown; `base_url` is empty for the provider's own host."""

    provider: str
    model: str
    base_url: str
    key: str = field(repr=False)

    @property
    def name(self) -> str:
        return f"{self.provider}:{self.model}"

    @property
    def host(self) -> str:
        """The host that the notes found are sent to, as far as it is known."""
        return (urlsplit(self.base_url).hostname or "") if self.base_url else HOMES.get(self.provider, self.provider)

    @property
    def stays_here(self) -> bool:
        """Whether the model runs on this machine."""
        return _is_loopback(self.host)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the person should know before the notes leave the machine."""
        if self.stays_here:
            return ()
        plain = self.base_url.lower().startswith("http://")
        how = " without encryption (http)" if plain else ""
        return (f"the question and the notes found are sent to {self.host}{how}",)


def choose(named: str, base_url: str | None = None, environment: Mapping[str, str] | None = None) -> Choice:
    """The model that `provider:model` names, with its address and the key from the environment.

    Raises ModelSettingsError for whatever is wrong and shows before anything is sent.
    """
    environment = os.environ if environment is None else environment
    provider, model = _split(named)
    _require_extra(provider)
    address = _address(base_url or _from_environment(BASES.get(provider, ()), environment))
    return Choice(provider, model, address, _key(provider, address, environment))


def _split(named: str) -> tuple[str, str]:
    provider, colon, model = (part.strip() for part in named.strip().partition(":"))
    if not (provider and colon and model) or not all(sign.isprintable() for sign in model):
        raise ModelSettingsError(
            f"{_shown(named)} does not name a model: write PROVIDER:MODEL", safe="Nothing was sent", run=EXAMPLE
        )
    return provider.replace("-", "_").lower(), model


def _require_extra(provider: str) -> None:
    module = EXTRAS.get(provider)
    if module is not None and find_spec(module) is None:
        raise ModelSettingsError(
            f"the provider {provider} needs an extra that is not installed",
            safe="Nothing was sent",
            run=f'pip install "notes-assistant[{provider}]"',
        )


def _from_environment(names: tuple[str, ...], environment: Mapping[str, str]) -> str:
    return next((environment[name] for name in names if environment.get(name, "").strip()), "")


def _address(base_url: str) -> str:
    address = base_url.strip()
    if not address:
        return ""
    parts = _parsed(address)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise _bad_address("the base URL is not an http:// or https:// address")
    if parts.username is not None or parts.password is not None:
        raise _bad_address("the base URL holds a user name or password; keys come from the environment only")
    if not address.isprintable() or " " in address:
        raise _bad_address("the base URL holds blanks or control characters")
    if _is_link_local(parts.hostname):
        raise _bad_address(f"{parts.hostname} is a link-local address, where no model answers")
    return address


def _parsed(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _bad_address(what: str) -> ModelSettingsError:
    return ModelSettingsError(what, safe="Nothing was sent", run=LOCAL_EXAMPLE)


def _key(provider: str, address: str, environment: Mapping[str, str]) -> str:
    variable = KEYS.get(provider)
    key = environment.get(variable, "").strip() if variable else ""
    if variable and not key and not address:
        raise ModelSettingsError(
            f"{variable} is not set, and {HOMES[provider]} asks for a key; one named by --base-url does not",
            safe="Nothing was sent",
            run=f"export {variable}=…",
        )
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise ModelSettingsError(
            f"{variable} holds characters that no key has", safe="Nothing was sent", run=f"export {variable}=…"
        )
    return key or PLACEHOLDER_KEY


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_link_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_link_local
    except ValueError:
        return False


def _shown(text: str) -> str:
    return repr(text[:80])
