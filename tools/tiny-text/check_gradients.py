"""Compares the gradients of train.py with differences of the loss, in double precision."""

import numpy as np

import train

train.F = np.float64
train.CONFIG.update(hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2)
random = np.random.default_rng(1)
weights = {name: weight.astype(np.float64) + 0.3 * random.standard_normal(weight.shape) for name, weight in train.parameters(40, random).items()}
rope = train.Rope(12, 4)
rope.cos, rope.sin = rope.cos.astype(np.float64), rope.sin.astype(np.float64)
tokens = random.integers(0, 40, (3, 13))
_, grads = train.step(weights, tokens, rope)
worst = 0
for name, weight in weights.items():
    for _ in range(4):
        at = tuple(random.integers(0, side) for side in weight.shape)
        kept, delta = weight[at], 1e-6
        weight[at] = kept + delta
        up, _ = train.step(weights, tokens, rope)
        weight[at] = kept - delta
        down, _ = train.step(weights, tokens, rope)
        weight[at] = kept
        worst = max(worst, abs((up - down) / (2 * delta) - grads[name][at]) / (1e-4 + abs(grads[name][at])))
print(f"largest relative difference: {worst:.2e}")
assert worst < 1e-3
