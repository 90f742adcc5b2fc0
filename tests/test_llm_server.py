"""A real server with a tiny model made on the spot: the wire, streaming and usage. What it says is noise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from servers import refused_port

from assistant.errors import WriterError
from assistant.llm import Limits, open_model
from assistant.types import Prompt, Tokens, Written

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("accelerate", reason="transformers serve needs the dev extra")

PROMPT = Prompt("q?", (), "Answer from the sources.", "<|endoftext|> Lambda has a free tier.", Tokens(), ())
PATIENT = Limits(first=60.0, between=60.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of some 30,000 random weights that reads and writes bytes."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    made = tmp_path_factory.mktemp("tiny-model")
    vocabulary = {
        sign: number for number, sign in enumerate([*sorted(pre_tokenizers.ByteLevel.alphabet()), "<s>", "</s>"])
    }
    bytewise = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    bytewise.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bytewise.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bytewise, bos_token="<s>", eos_token="</s>", pad_token="</s>")
    tokenizer.chat_template = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant:"
    tokenizer.save_pretrained(made)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=4096,
        bos_token_id=vocabulary["<s>"],
        eos_token_id=vocabulary["</s>"],
        pad_token_id=vocabulary["</s>"],
    )
    LlamaForCausalLM(config).save_pretrained(made)
    return made


@pytest.fixture(scope="module")
def base_url(folder: Path) -> Iterator[str]:
    port = refused_port()
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(folder)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with server:
        told = ""
        for line in server.stderr or ():
            told += line
            if "running on" in line:
                break
        else:
            pytest.fail(f"the server did not start: {told}")
        yield f"http://127.0.0.1:{port}/v1"
        server.kill()


def test_a_real_server_streams_ends_and_counts(base_url: str, folder: Path) -> None:
    writer = open_model(f"openai:{folder}", base_url, limits=PATIENT, answer_tokens=24, environment={})
    *pieces, end = writer.write(PROMPT)
    assert len(pieces) > 1
    assert isinstance(end, Written)
    assert end.complete or "limit of tokens" in end.warnings[0]
    assert end.tokens.prompt > len(PROMPT.user)
    assert 0 < end.tokens.completion <= 24


def test_an_answer_can_be_left_and_the_next_one_asked(base_url: str, folder: Path) -> None:
    writer = open_model(f"openai:{folder}", base_url, limits=PATIENT, answer_tokens=200, environment={})
    first = writer.write(PROMPT)
    next(first)
    first.close()
    assert any(isinstance(piece, Written) for piece in writer.write(PROMPT))


def test_a_wrong_address_of_a_real_server_is_one_sentence(base_url: str, folder: Path) -> None:
    writer = open_model(f"openai:{folder}", base_url.removesuffix("/v1"), limits=PATIENT, environment={})
    with pytest.raises(WriterError) as caught:
        list(writer.write(PROMPT))
    assert "404" in caught.value.line()
