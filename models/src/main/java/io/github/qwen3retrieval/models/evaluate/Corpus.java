package io.github.qwen3retrieval.models.evaluate;

import com.google.gson.JsonObject;
import io.github.qwen3retrieval.models.checkpoint.FileDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The documents to be found, in a file. It is read through once to be checked; after that only ids
 * are in memory, and documents are read again some at a time.
 */
public final class Corpus {

    /** Characters of texts that are handed on at once, or one text that is longer. */
    private static final int MOST_CHARS = 200_000;

    private final Path file;
    private final Map<String, Integer> lineOf = new HashMap<>();
    private final String sha256;

    private Corpus(Path file) throws IOException {
        this.file = file;
        this.sha256 = FileDigest.of(file);
    }

    /** Told of some documents; may fail as input, output and waiting do. */
    public interface Batch {
        /** Takes the next ones, in the order of the file. */
        void take(List<Document> documents) throws IOException, InterruptedException;
    }

    /**
     * Checks every line.
     *
     * @throws IllegalArgumentException naming the line that is no document or repeats an id, or if
     *     there is none at all
     */
    public static Corpus open(Path file) throws IOException {
        Corpus corpus = new Corpus(file);
        try (FileLines lines = new FileLines(file)) {
            for (Document next = read(lines); next != null; next = read(lines)) {
                Integer before = corpus.lineOf.putIfAbsent(next.id(), lines.number());
                if (before != null) {
                    throw lines.wrong(
                            "its _id [" + next.id() + "] is that of line [" + before + "], too");
                }
            }
        }
        if (corpus.lineOf.isEmpty()) {
            throw new IllegalArgumentException("[" + file + "] holds no documents");
        }
        return corpus;
    }

    /** Ids of all documents. */
    public Set<String> ids() {
        return lineOf.keySet();
    }

    /** SHA-256 of the file, in hexadecimal. */
    public String sha256() {
        return sha256;
    }

    /** Hands all documents on, so many at a time, fewer where they are long. */
    public void read(int size, Batch batch) throws IOException, InterruptedException {
        try (FileLines lines = new FileLines(file)) {
            List<Document> documents = new ArrayList<>();
            int chars = 0;
            for (Document next = read(lines); next != null; next = read(lines)) {
                documents.add(next);
                chars += next.text().length();
                if (documents.size() == size || chars >= MOST_CHARS) {
                    batch.take(List.copyOf(documents));
                    documents.clear();
                    chars = 0;
                }
            }
            if (documents.isEmpty() == false) {
                batch.take(List.copyOf(documents));
            }
        }
    }

    private static Document read(FileLines lines) throws IOException {
        JsonObject line = lines.nextObject();
        if (line == null) {
            return null;
        }
        String id = lines.text(line, "_id", null);
        if (id.isBlank()) {
            throw lines.wrong("its _id is blank");
        }
        String title = lines.text(line, "title", "").strip();
        String text = lines.text(line, "text", null).strip();
        return new Document(id, (title + " " + text).strip());
    }
}
