package io.github.qwen3retrieval.models.evaluate;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/**
 * The answers of a row, in a file: a first line with what they depend on, then one line for each
 * query, {@code {"query": id, "millis": m, "hits": [[id, score], …]}}, and after each run {@code
 * {"cached": n, "of": m}}: of m vectors and scores n took no time. Each line is written at once and
 * whole; a last one that was cut is dropped when the file is opened again.
 */
final class RunFile implements AutoCloseable {

    private static final String FORMAT = "qwen3-evaluate-run-1";

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Searcher.Answer> answers = new LinkedHashMap<>();
    private long cached;
    private long computed;

    /**
     * Opens or begins the file.
     *
     * @param parameters what its answers depend on
     * @throws IllegalArgumentException if the file was made with other parameters, holds something
     *     else, or is being written by another process
     */
    RunFile(Path file, Map<String, String> parameters) throws IOException {
        this.file = file;
        this.channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        boolean opened = false;
        try {
            lock();
            read(parameters);
            opened = true;
        } finally {
            if (opened == false) {
                channel.close();
            }
        }
    }

    /**
     * Looks at a file's first line alone, so that a wrong one is known before hours of asking.
     *
     * @throws IllegalArgumentException if the file was made with other parameters, or holds
     *     something else
     */
    static void check(Path file, Map<String, String> parameters) throws IOException {
        if (Files.exists(file) == false) {
            return;
        }
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String head = reader.readLine();
            if (head != null) {
                parse(file, 1, head, line -> compare(file, line, parameters));
            }
        }
    }

    /** Answers by query that are there, those of earlier runs included. */
    Map<String, Searcher.Answer> answers() {
        return answers;
    }

    /** Vectors and scores that came out of a cache, in all runs. */
    long cached() {
        return cached;
    }

    /** The share of these in all that the answers took. */
    double cachedShare() {
        return computed == 0 ? 0 : (double) cached / computed;
    }

    /** Adds what caches gave in a run. */
    void addCached(long hits, long of) throws IOException {
        JsonObject line = new JsonObject();
        line.addProperty("cached", hits);
        line.addProperty("of", of);
        append(line);
        read(line);
    }

    /** Adds the answer of a query. */
    void add(String query, Searcher.Answer answer) throws IOException {
        JsonObject line = new JsonObject();
        line.addProperty("query", query);
        line.addProperty("millis", answer.millis());
        JsonArray hits = new JsonArray();
        for (Hit hit : answer.hits()) {
            JsonArray pair = new JsonArray();
            pair.add(hit.id());
            pair.add(hit.score());
            hits.add(pair);
        }
        line.add("hits", hits);
        append(line);
        answers.put(query, answer);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void lock() throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            // this process has it open already
        }
        throw new IllegalArgumentException(
                "[--out] another [qwen3 evaluate] writes to [" + file + "]: let it end");
    }

    private void read(Map<String, String> parameters) throws IOException {
        String content = Files.readString(file);
        String whole = content.substring(0, content.lastIndexOf('\n') + 1);
        int end = whole.getBytes(StandardCharsets.UTF_8).length;
        channel.truncate(end);
        channel.position(end);
        List<String> lines = whole.lines().toList();
        if (lines.isEmpty()) {
            JsonObject head = new JsonObject();
            head.addProperty("format", FORMAT);
            head.add("parameters", RunParameters.json(parameters));
            append(head);
            return;
        }
        parse(file, 1, lines.get(0), line -> compare(file, line, parameters));
        for (int i = 1; i < lines.size(); i++) {
            parse(file, i + 1, lines.get(i), this::read);
        }
    }

    private static void parse(Path file, int number, String line, Consumer<JsonObject> reader) {
        try {
            reader.accept(JsonParser.parseString(line).getAsJsonObject());
        } catch (JsonParseException
                | IllegalStateException
                | NullPointerException
                | UnsupportedOperationException e) {
            throw new IllegalArgumentException(
                    "["
                            + file
                            + "] line ["
                            + number
                            + "] is none that [qwen3 evaluate] wrote: delete the file, or name"
                            + " another folder with [--out]",
                    e);
        }
    }

    private static void compare(Path file, JsonObject head, Map<String, String> parameters) {
        if (FORMAT.equals(head.get("format").getAsString()) == false) {
            throw new IllegalStateException("another format");
        }
        RunParameters.compare(file, head.getAsJsonObject("parameters"), parameters);
    }

    private void read(JsonObject line) {
        if (line.has("cached")) {
            cached += line.get("cached").getAsLong();
            computed += line.get("of").getAsLong();
            return;
        }
        List<Hit> hits =
                StreamSupport.stream(line.getAsJsonArray("hits").spliterator(), false)
                        .map(JsonElement::getAsJsonArray)
                        .map(pair -> new Hit(pair.get(0).getAsString(), pair.get(1).getAsDouble()))
                        .toList();
        answers.put(
                line.get("query").getAsString(),
                new Searcher.Answer(hits, line.get("millis").getAsDouble()));
    }

    private void append(JsonObject line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
