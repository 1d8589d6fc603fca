package io.github.qwen3retrieval.models.checkpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.github.qwen3retrieval.models.tokenizer.JsonFault;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a safetensors file says of itself: a JSON object of name → type, shape and the range of its
 * bytes behind the header. The ranges must tile those bytes, as the format's description demands
 * (github.com/huggingface/safetensors).
 */
final class SafetensorsHeader {

    /** One tensor; {@code begin} and {@code end} count from the end of the header. */
    record Entry(String name, String type, long[] shape, long begin, long end) {}

    /** Key of what the file says of itself in words. */
    static final String METADATA = "__metadata__";

    private SafetensorsHeader() {}

    /**
     * Reads the tensors' entries and checks that they fill the data, neither overlapping nor apart.
     *
     * @throws IOException with what is wrong, if the text is no such object
     */
    static Map<String, Entry> parse(String json) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        JsonReader reader = new JsonReader(new StringReader(json));
        reader.setStrictness(Strictness.STRICT);
        try {
            reader.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                if (name.equals(METADATA)) {
                    reader.skipValue();
                } else if (entries.put(name, entry(name, reader)) != null) {
                    throw new IOException("tensor [" + name + "] is there twice");
                }
            }
            reader.endObject();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new IOException("its header goes on behind the object");
            }
        } catch (MalformedJsonException
                | EOFException
                | IllegalStateException
                | NumberFormatException e) {
            throw new IOException("its header is malformed: " + JsonFault.of(e), e);
        }
        checkTiling(entries);
        return entries;
    }

    /** The texts under {@link #METADATA} of a header that could be parsed. */
    static Map<String, String> metadata(String json) {
        JsonElement metadata = JsonParser.parseString(json).getAsJsonObject().get(METADATA);
        Map<String, String> texts = new LinkedHashMap<>();
        if (metadata != null && metadata.isJsonObject()) {
            metadata.getAsJsonObject()
                    .entrySet()
                    .forEach(
                            entry ->
                                    texts.put(entry.getKey(), ConfigReader.text(entry.getValue())));
        }
        return texts;
    }

    /** Bytes behind the header that the entries speak of. */
    static long dataBytes(Map<String, Entry> entries) {
        return entries.values().stream().mapToLong(Entry::end).max().orElse(0);
    }

    private static Entry entry(String name, JsonReader reader) throws IOException {
        String type = null;
        long[] shape = null;
        long[] range = null;
        reader.beginObject();
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "dtype" -> type = reader.nextString();
                case "shape" -> shape = longs(reader);
                case "data_offsets" -> range = longs(reader);
                default -> reader.skipValue();
            }
        }
        reader.endObject();
        if (type == null || shape == null || range == null || range.length != 2) {
            throw new IOException("tensor [" + name + "] lacks dtype, shape or data_offsets");
        }
        Entry entry = new Entry(name, type, shape, range[0], range[1]);
        checkSize(entry);
        return entry;
    }

    private static long[] longs(JsonReader reader) throws IOException {
        List<Long> numbers = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            long number = reader.nextLong();
            if (number < 0) {
                throw new IOException("its header holds the negative number [" + number + "]");
            }
            numbers.add(number);
        }
        reader.endArray();
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private static void checkSize(Entry entry) throws IOException {
        if (entry.end < entry.begin) {
            throw new IOException(
                    "tensor ["
                            + entry.name
                            + "] ends at ["
                            + entry.end
                            + "] before it begins at ["
                            + entry.begin
                            + "]");
        }
        Optional<DataType> type = DataType.named(entry.type);
        if (type.isEmpty()) {
            return;
        }
        long expected = bytes(type.get(), entry);
        if (expected != entry.end - entry.begin) {
            throw new IOException(
                    "tensor ["
                            + entry.name
                            + "] should have ["
                            + expected
                            + "] bytes by its shape but has ["
                            + (entry.end - entry.begin)
                            + "]");
        }
    }

    private static long bytes(DataType type, Entry entry) throws IOException {
        try {
            long bytes = type.bytes();
            for (long size : entry.shape) {
                bytes = Math.multiplyExact(bytes, size);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw new IOException("tensor [" + entry.name + "] has an impossible shape", e);
        }
    }

    private static void checkTiling(Map<String, Entry> entries) throws IOException {
        List<Entry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long filled = 0;
        for (Entry entry : sorted) {
            if (entry.begin != filled) {
                throw new IOException(
                        "tensor ["
                                + entry.name
                                + "] begins at ["
                                + entry.begin
                                + "] where ["
                                + filled
                                + "] is due: tensors overlap or leave a gap");
            }
            filled = entry.end;
        }
    }
}
