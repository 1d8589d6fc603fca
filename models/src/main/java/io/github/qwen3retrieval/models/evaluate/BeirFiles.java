package io.github.qwen3retrieval.models.evaluate;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a collection lies, in BEIR's layout.
 *
 * @param corpus lines {@code {"_id": …, "title": …, "text": …}}
 * @param queries lines {@code {"_id": …, "text": …}}
 * @param qrels query, document and grade, parted by tabs, with or without a header
 */
public record BeirFiles(Path corpus, Path queries, Path qrels) {

    /**
     * Those of a folder, but for what is named itself. Judgements are {@code qrels.tsv} or {@code
     * qrels/test.tsv}.
     *
     * @param folder may be null where all three are named
     * @throws IllegalArgumentException if the folder or the queries or judgements are not there;
     *     the corpus is not always needed
     */
    public static BeirFiles of(Path folder, Path corpus, Path queries, Path qrels) {
        if (folder != null && Files.isDirectory(folder) == false) {
            throw new IllegalArgumentException("[--data] [" + folder + "] is not a folder");
        }
        Path judged = in(folder, qrels, "qrels.tsv");
        if (qrels == null && folder != null && Files.isRegularFile(judged) == false) {
            judged = folder.resolve("qrels").resolve("test.tsv");
        }
        return new BeirFiles(
                in(folder, corpus, "corpus.jsonl"),
                checked("--queries", in(folder, queries, "queries.jsonl")),
                checked("--qrels", judged));
    }

    /**
     * The corpus, where it is needed.
     *
     * @throws IllegalArgumentException if it is not there
     */
    public Path corpusFile() {
        return checked("--corpus", corpus);
    }

    /** Whether there is a corpus. */
    public boolean hasCorpus() {
        return corpus != null && Files.isRegularFile(corpus);
    }

    private static Path in(Path folder, Path named, String name) {
        return named != null || folder == null ? named : folder.resolve(name);
    }

    private static Path checked(String option, Path file) {
        if (file == null) {
            throw new IllegalArgumentException(
                    "[" + option + "] is needed where [--data] is not given");
        }
        if (Files.isRegularFile(file) == false) {
            throw new IllegalArgumentException(
                    "["
                            + option
                            + "] ["
                            + file
                            + "] is not a file: name it, or give [--data] a folder with"
                            + " corpus.jsonl, queries.jsonl, and qrels.tsv or qrels/test.tsv");
        }
        return file;
    }
}
