package io.github.qwen3retrieval.models.cli;

import io.github.qwen3retrieval.models.evaluate.BeirFiles;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that name a collection in BEIR's layout. */
final class CollectionOptions {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "folder with corpus.jsonl, queries.jsonl, and qrels.tsv or qrels/test.tsv")
    private Path folder;

    @Option(names = "--corpus", paramLabel = "FILE", description = "instead of that in --data")
    private Path corpus;

    @Option(names = "--queries", paramLabel = "FILE", description = "instead of that in --data")
    private Path queries;

    @Option(names = "--qrels", paramLabel = "FILE", description = "instead of that in --data")
    private Path qrels;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "the first N of the judged queries (default: all)")
    private Integer limit;

    /**
     * Where the files are.
     *
     * @throws IllegalArgumentException if one that is always needed is not there
     */
    BeirFiles files() {
        return BeirFiles.of(folder, corpus, queries, qrels);
    }

    /** Queries to ask at most. */
    int limit() {
        return limit == null ? Integer.MAX_VALUE : limit;
    }

    /** What a reader knows the collection by. */
    String name(BeirFiles files) {
        Path named = folder == null ? files.queries().toAbsolutePath().getParent() : folder;
        return named.toAbsolutePath().normalize().getFileName().toString();
    }
}
