package dev.auspex.executor.models.text;

/** Turns text into a model's pieces and back. Immutable; safe for any thread. */
interface Tokenizer {

    /** How many pieces there are. */
    int size();

    /** A text's pieces, with the one that begins a text. */
    int[] encode(String text);

    /**
     * What a piece adds to a text: bytes of UTF-8, maybe the middle of a character.
     *
     * @param before the piece before it
     */
    byte[] decode(int before, int piece);

    /** Whether a text ends with this piece. */
    boolean isEnd(int piece);
}
