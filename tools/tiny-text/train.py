"""Trains the small Llama-style model of tiny-text on stories of our own grammar. Needs numpy only; see README.md."""

import argparse
import json
import math
import pathlib
import time

import numpy as np

from stories import stories
from tokens import BOS, EOS, Tokens

CONFIG = {"hidden_size": 192, "intermediate_size": 512, "num_hidden_layers": 7, "num_attention_heads": 6,
          "num_key_value_heads": 3, "max_position_embeddings": 256, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
          "tie_word_embeddings": True, "bos_token_id": BOS, "eos_token_id": EOS, "model_type": "llama"}
F = np.float32


def parameters(vocabulary, random):
    dim, hidden, layers = CONFIG["hidden_size"], CONFIG["intermediate_size"], CONFIG["num_hidden_layers"]
    shared = dim // CONFIG["num_attention_heads"] * CONFIG["num_key_value_heads"]
    normal = lambda rows, columns, scale=0.02: (random.standard_normal((rows, columns)) * scale).astype(F)
    weights = {"model.embed_tokens.weight": normal(vocabulary, dim), "model.norm.weight": np.ones(dim, F)}
    for layer in range(layers):
        at = f"model.layers.{layer}."
        deep = 0.02 / math.sqrt(2 * layers)
        weights |= {at + "input_layernorm.weight": np.ones(dim, F), at + "post_attention_layernorm.weight": np.ones(dim, F),
                    at + "self_attn.q_proj.weight": normal(dim, dim), at + "self_attn.k_proj.weight": normal(shared, dim),
                    at + "self_attn.v_proj.weight": normal(shared, dim), at + "self_attn.o_proj.weight": normal(dim, dim, deep),
                    at + "mlp.gate_proj.weight": normal(hidden, dim), at + "mlp.up_proj.weight": normal(hidden, dim),
                    at + "mlp.down_proj.weight": normal(dim, hidden, deep)}
    return weights


def norm(x, scale):
    inverse = 1 / np.sqrt((x * x).mean(-1, keepdims=True) + F(CONFIG["rms_norm_eps"]))
    unit = x * inverse
    return unit * scale, (unit, inverse, scale)


def norm_back(grad, kept):
    unit, inverse, scale = kept
    scaled = grad * scale
    return inverse * (scaled - unit * (scaled * unit).mean(-1, keepdims=True)), (grad * unit).reshape(-1, unit.shape[-1]).sum(0)


class Rope:
    """Turns the two halves of each head against each other, as Hugging Face's Llama does."""

    def __init__(self, length, size):
        angle = np.outer(np.arange(length), CONFIG["rope_theta"] ** (-np.arange(0, size, 2) / size))
        self.cos, self.sin = np.cos(angle).astype(F), np.sin(angle).astype(F)

    def turn(self, x, way=1):
        length, half = x.shape[-2], x.shape[-1] // 2
        cos, sin, a, b = self.cos[:length], way * self.sin[:length], x[..., :half], x[..., half:]
        return np.concatenate([a * cos - b * sin, b * cos + a * sin], -1)


def step(weights, tokens, rope):
    """Loss and gradients of a batch; every matrix is stored as (out, in)."""
    heads, shared = CONFIG["num_attention_heads"], CONFIG["num_key_value_heads"]
    dim, layers = CONFIG["hidden_size"], CONFIG["num_hidden_layers"]
    size, group = dim // heads, heads // shared
    batch, length = tokens.shape[0], tokens.shape[1] - 1
    mask = np.triu(np.full((length, length), -1e9, F), 1)
    split = lambda x, count: x.reshape(batch, length, count, size).transpose(0, 2, 1, 3)
    join = lambda x: x.transpose(0, 2, 1, 3).reshape(batch * length, -1)
    embed = weights["model.embed_tokens.weight"]
    x = embed[tokens[:, :-1].reshape(-1)]
    kept = []
    for layer in range(layers):
        w = lambda name: weights[f"model.layers.{layer}.{name}.weight"]
        n1, k1 = norm(x, w("input_layernorm"))
        q = rope.turn(split(n1 @ w("self_attn.q_proj").T, heads)).reshape(batch, shared, group, length, size)
        k = rope.turn(split(n1 @ w("self_attn.k_proj").T, shared))[:, :, None]
        v = split(n1 @ w("self_attn.v_proj").T, shared)[:, :, None]
        scores = q @ k.swapaxes(-1, -2) * F(size ** -0.5) + mask
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        mixed = join((scores @ v).reshape(batch, heads, length, size))
        x = x + mixed @ w("self_attn.o_proj").T
        n2, k2 = norm(x, w("post_attention_layernorm"))
        gate, up = n2 @ w("mlp.gate_proj").T, n2 @ w("mlp.up_proj").T
        sigmoid = 1 / (1 + np.exp(-gate))
        inner = gate * sigmoid * up
        x = x + inner @ w("mlp.down_proj").T
        kept.append((n1, k1, q, k, v, scores, mixed, n2, k2, gate, up, sigmoid, inner))
    final, kf = norm(x, weights["model.norm.weight"])
    logits = final @ embed.T
    logits -= logits.max(-1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(-1, keepdims=True)
    target = tokens[:, 1:].reshape(-1)
    rows = np.arange(target.size)
    loss = -np.log(logits[rows, target] + 1e-20).mean()

    grads = {}
    logits[rows, target] -= 1
    logits /= target.size
    grads["model.embed_tokens.weight"] = logits.T @ final
    dx, grads["model.norm.weight"] = norm_back(logits @ embed, kf)
    for layer in reversed(range(layers)):
        at = f"model.layers.{layer}."
        w = lambda name: weights[at + name + ".weight"]
        n1, k1, q, k, v, scores, mixed, n2, k2, gate, up, sigmoid, inner = kept[layer]
        grads[at + "mlp.down_proj.weight"] = dx.T @ inner
        dinner = dx @ w("mlp.down_proj")
        dup = dinner * gate * sigmoid
        dgate = dinner * up * sigmoid * (1 + gate * (1 - sigmoid))
        grads[at + "mlp.gate_proj.weight"], grads[at + "mlp.up_proj.weight"] = dgate.T @ n2, dup.T @ n2
        back, grads[at + "post_attention_layernorm.weight"] = norm_back(dgate @ w("mlp.gate_proj") + dup @ w("mlp.up_proj"), k2)
        dx = dx + back
        grads[at + "self_attn.o_proj.weight"] = dx.T @ mixed
        dmixed = split(dx @ w("self_attn.o_proj"), heads).reshape(batch, shared, group, length, size)
        dv = (scores.swapaxes(-1, -2) @ dmixed).sum(2)
        dscores = dmixed @ v.swapaxes(-1, -2)
        dscores = scores * (dscores - (dscores * scores).sum(-1, keepdims=True)) * F(size ** -0.5)
        dq = join(rope.turn((dscores @ k).reshape(batch, heads, length, size), -1))
        dk = join(rope.turn((dscores.swapaxes(-1, -2) @ q).sum(2), -1))
        dv = join(dv)
        for name, grad in (("q", dq), ("k", dk), ("v", dv)):
            grads[f"{at}self_attn.{name}_proj.weight"] = grad.T @ n1
        back, grads[at + "input_layernorm.weight"] = norm_back(
            dq @ w("self_attn.q_proj") + dk @ w("self_attn.k_proj") + dv @ w("self_attn.v_proj"), k1)
        dx = dx + back
    np.add.at(grads["model.embed_tokens.weight"], tokens[:, :-1].reshape(-1), dx)
    return loss, grads


class Adam:
    """AdamW with a warm-up, a cosine decay and clipped gradients."""

    def __init__(self, weights):
        self.first = {name: np.zeros_like(weight) for name, weight in weights.items()}
        self.second = {name: np.zeros_like(weight) for name, weight in weights.items()}
        self.count = 0

    def update(self, weights, grads, rate):
        self.count += 1
        length = math.sqrt(sum(float((grad * grad).sum()) for grad in grads.values()))
        clip = min(1, 1 / (length + 1e-6))
        for name, weight in weights.items():
            grad = grads[name] * F(clip)
            m, v = self.first[name], self.second[name]
            m += F(0.1) * (grad - m)
            v += F(0.02) * (grad * grad - v)
            change = m / F(1 - 0.9 ** self.count) / (np.sqrt(v / F(1 - 0.98 ** self.count)) + F(1e-8))
            if weight.ndim == 2:
                change += F(0.05) * weight
            weight -= F(rate) * change


def save(folder, weights):
    """Half precision: the file that the model loads (docs/models.md)."""
    header, blobs, at = {}, [], 0
    for name in sorted(weights):
        blob = weights[name].astype("<f2").tobytes()
        header[name] = {"dtype": "F16", "shape": list(weights[name].shape), "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (folder / "model.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + b"".join(blobs))


def load(folder):
    """The weights of an earlier run, to go on from."""
    blob = (folder / "model.safetensors").read_bytes()
    length = int.from_bytes(blob[:8], "little")
    header, data = json.loads(blob[8:8 + length]), blob[8 + length:]
    return {name: np.frombuffer(data[slice(*entry["data_offsets"])], "<f2").astype(F).reshape(entry["shape"]) for name, entry in header.items()}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=pathlib.Path, help="where the model goes")
    options.add_argument("--resume", action="store_true", help="go on from the weights in the folder")
    options.add_argument("--minutes", type=float, default=30)
    options.add_argument("--steps", type=int, default=1500)
    options.add_argument("--batch", type=int, default=12)
    options.add_argument("--length", type=int, default=192)
    options.add_argument("--vocabulary", type=int, default=1024)
    options.add_argument("--rate", type=float, default=3e-3, help="the highest learning rate")
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(options.seed + (1000 if options.resume else 0))
    text = list(stories(30000, options.seed))
    tokens = Tokens.learn("\n".join(text[:6000]), options.vocabulary)
    tokens.write(options.folder / "tokenizer.bin")
    stream = np.array([number for story in text for number in [BOS, *tokens.encode(story), EOS]], np.int32)
    weights = load(options.folder) if options.resume else parameters(len(tokens.pieces), random)
    CONFIG["vocab_size"] = len(tokens.pieces)
    (options.folder / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")
    print(f"{sum(weight.size for weight in weights.values())} parameters, {len(tokens.pieces)} pieces, {stream.size} tokens", flush=True)
    rope, adam = Rope(options.length, CONFIG["hidden_size"] // CONFIG["num_attention_heads"]), Adam(weights)
    starts = np.flatnonzero(stream == BOS)
    starts = starts[starts < stream.size - options.length - 1]
    begin, smooth = time.monotonic(), None
    for number in range(options.steps):
        spent = (time.monotonic() - begin) / 60 / options.minutes
        done = max(number / options.steps, spent)
        if done >= 1:
            break
        # Every row begins with a story's begin, as every prediction does.
        at = random.choice(starts, options.batch)
        loss, grads = step(weights, np.stack([stream[i:i + options.length + 1] for i in at]), rope)
        rate = options.rate * min(1, (number + 1) / 50) * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * done)))
        adam.update(weights, grads, rate)
        smooth = loss if smooth is None else 0.95 * smooth + 0.05 * loss
        if number % 20 == 0:
            print(f"step {number}: loss {smooth:.3f}, {(time.monotonic() - begin) / 60:.1f} min", flush=True)
        if number % 100 == 99:
            save(options.folder, weights)
    save(options.folder, weights)
    print(f"done: {number + 1} steps, loss {smooth:.3f}", flush=True)


if __name__ == "__main__":
    main()
