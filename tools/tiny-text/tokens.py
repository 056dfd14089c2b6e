"""A byte-pair vocabulary learnt from text, and its file in the form of llama2.c's tokenizer.bin."""

import collections
import re
import struct

SPECIAL = ["<unk>", "\n<s>\n", "\n</s>\n"]
BOS, EOS = 1, 2


class Tokens:
    """Pieces with ranks: pairs are joined, best rank first, inside of words; a word carries the space before it."""

    def __init__(self, pieces, merged):
        self.pieces, self.merged = pieces, merged
        self.ids = {piece: number for number, piece in enumerate(pieces) if number >= 259}
        self.known = {}

    @staticmethod
    def learn(text, size):
        counts = collections.Counter(re.findall(r" ?[^\s]+|\s", text))
        words = {word: list(word) for word in counts}
        letters = sorted({letter for word in counts for letter in word})
        pieces = SPECIAL + [f"<0x{byte:02X}>" for byte in range(256)] + letters
        merged = []
        while len(pieces) < size:
            pairs = collections.Counter()
            for word, parts in words.items():
                for pair in zip(parts, parts[1:]):
                    pairs[pair] += counts[word]
            if not pairs:
                break
            best = min(pairs, key=lambda pair: (-pairs[pair], pair))
            joined = best[0] + best[1]
            if joined not in pieces:
                pieces.append(joined)
                merged.append(joined)
            for word, parts in words.items():
                at = 0
                while at < len(parts) - 1:
                    if (parts[at], parts[at + 1]) == best:
                        parts[at:at + 2] = [joined]
                    at += 1
        return Tokens(pieces, merged)

    def word(self, word):
        if word not in self.known:
            rank = {piece: number for number, piece in enumerate(self.merged)}
            parts = list(word)
            while True:
                joins = [(rank[a + b], at) for at, (a, b) in enumerate(zip(parts, parts[1:])) if a + b in rank]
                if not joins:
                    break
                at = min(joins)[1]
                parts[at:at + 2] = [parts[at] + parts[at + 1]]
            self.known[word] = [self.ids[part] for part in parts]
        return self.known[word]

    def encode(self, text):
        """Like llama2.c: a space is put in front."""
        return [number for word in re.findall(r" ?[^\s]+|\s", " " + text) for number in self.word(word)]

    def write(self, path):
        with open(path, "wb") as file:
            encoded = [piece.encode() for piece in self.pieces]
            file.write(struct.pack("<i", max(map(len, encoded))))
            first = len(self.pieces) - len(self.merged)
            for number, piece in enumerate(encoded):
                score = -float(number - first) if number >= first else (-1e6 if number >= 259 else 0.0)
                file.write(struct.pack("<fi", score, len(piece)) + piece)
