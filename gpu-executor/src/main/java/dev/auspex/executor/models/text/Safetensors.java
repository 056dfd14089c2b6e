package dev.auspex.executor.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads tensors of a safetensors file as floats; stored as F32, F16 or BF16. Every number of its header is checked before memory is taken. */
final class Safetensors implements AutoCloseable {

    private static final long MOST_HEADER = 16 << 20;

    private final FileChannel file;
    private final JsonNode header;
    private final long data;

    private Safetensors(FileChannel file, JsonNode header, long data) {
        this.file = file;
        this.header = header;
        this.data = data;
    }

    /** @throws IOException if it cannot be read or its header is broken */
    static Safetensors open(Path path) throws IOException {
        FileChannel file = FileChannel.open(path);
        try {
            if (file.size() < Long.BYTES) {
                throw new IOException(path.getFileName() + " is not a safetensors file: it is too short");
            }
            long length = file.map(FileChannel.MapMode.READ_ONLY, 0, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (length < 2 || length > Math.min(MOST_HEADER, file.size() - Long.BYTES)) {
                throw new IOException("%s is not a safetensors file: a header of %d bytes".formatted(path.getFileName(), length));
            }
            byte[] text = new byte[(int) length];
            file.map(FileChannel.MapMode.READ_ONLY, Long.BYTES, length).get(text);
            JsonNode header = Json.mapper().readTree(new String(text, StandardCharsets.UTF_8));
            return new Safetensors(file, header, Long.BYTES + length);
        } catch (IOException | RuntimeException wrong) {
            file.close();
            throw wrong;
        }
    }

    boolean has(String name) {
        return header.has(name);
    }

    /**
     * A tensor.
     *
     * @param shape what it must have
     * @throws IOException if it is missing, of another shape or type, or lies outside of the file
     */
    float[] floats(String name, int... shape) throws IOException {
        JsonNode entry = header.path(name);
        if (!entry.isObject()) {
            throw new IOException("the tensor " + name + " is missing");
        }
        String type = entry.path("dtype").asText();
        int size = switch (type) {
            case "F32" -> Float.BYTES;
            case "F16", "BF16" -> Short.BYTES;
            default -> throw new IOException("the tensor %s is stored as %s; expected F32, F16 or BF16".formatted(name, type));
        };
        long count = 1;
        boolean same = entry.path("shape").size() == shape.length;
        for (int i = 0; i < shape.length; i++) {
            count *= shape[i];
            same &= entry.path("shape").path(i).asLong(-1) == shape[i];
        }
        if (!same) {
            throw new IOException("the tensor %s is %s; expected %s".formatted(name, entry.path("shape"), java.util.Arrays.toString(shape)));
        }
        long from = entry.path("data_offsets").path(0).asLong(-1);
        long to = entry.path("data_offsets").path(1).asLong(-1);
        if (from < 0 || to - from != count * size || to > file.size() - data) {
            throw new IOException("the tensor %s lies at %d to %d, which cannot be".formatted(name, from, to));
        }
        return convert(type, data + from, Math.toIntExact(count), size);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private float[] convert(String type, long from, int count, int size) throws IOException {
        float[] values = new float[count];
        int piece = 1 << 28;
        for (int at = 0; at < count; at += piece) {
            int some = Math.min(piece, count - at);
            ByteBuffer bytes = file.map(FileChannel.MapMode.READ_ONLY, from + (long) size * at, (long) size * some).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < some; i++) {
                values[at + i] = switch (type) {
                    case "F32" -> bytes.getFloat();
                    case "F16" -> Float.float16ToFloat(bytes.getShort());
                    default -> Float.intBitsToFloat(bytes.getShort() << 16);
                };
            }
        }
        return values;
    }
}
