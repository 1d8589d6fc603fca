package io.github.qwen3retrieval.models.cli;

import io.github.qwen3retrieval.models.evaluate.Node;
import io.github.qwen3retrieval.models.evaluate.NodeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that name a node, an index, and its fields. */
final class NodeTargetOptions {

    @Option(
            names = "--node",
            paramLabel = "URL",
            description = "a node with the plugin; without it, the checkpoints run in this process")
    private String url;

    @Option(names = "--index", paramLabel = "NAME", description = "the index to search")
    private String index;

    @Option(names = "--create", description = "make the index of the corpus, or go on with that")
    private boolean create;

    @Option(
            names = "--analyzer",
            paramLabel = "NAME",
            defaultValue = "standard",
            description = "of the texts of an index that is made (default: ${DEFAULT-VALUE})")
    private String analyzer;

    @Option(
            names = "--text-field",
            split = ",",
            paramLabel = "F,…",
            defaultValue = "text",
            description = "what BM25 searches and the reranker reads (default: ${DEFAULT-VALUE})")
    private List<String> textFields;

    @Option(
            names = "--vector-field",
            split = ",",
            paramLabel = "F,…",
            description = "where kNN searches (default: all fields of vectors)")
    private List<String> vectorFields = List.of();

    @Option(
            names = "--knn",
            split = ",",
            paramLabel = "T,…",
            description = {
                "exact, hnsw, int8_hnsw…: how vectors are indexed (default: all there are; exact,hnsw"
                        + " where the index is made)"
            })
    private List<String> types = List.of();

    @Option(
            names = "--num-candidates",
            paramLabel = "N",
            defaultValue = "200",
            description = "of kNN on each shard, at least k (default: ${DEFAULT-VALUE})")
    private int numCandidates;

    @Option(
            names = "--no-reload",
            description = {
                "leave the models as they are; by default they are opened anew before each row, so"
                        + " that the node's caches cannot make searches look fast"
            })
    private boolean noReload;

    @Option(
            names = "--authorization",
            paramLabel = "FILE",
            description = "holds the header of that name: ApiKey … or Basic …")
    private Path authorization;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            defaultValue = "300",
            description = "seconds for a request to the node (default: ${DEFAULT-VALUE})")
    private int timeout;

    /** Whether a node is named. */
    boolean given() {
        return url != null;
    }

    /** Whether the index is to be made. */
    boolean create() {
        return create;
    }

    /** How vectors are to be indexed. */
    List<String> types() {
        return types;
    }

    /**
     * Where it is to search.
     *
     * @throws IllegalArgumentException if an option is wrong whatever the node
     */
    NodeOptions options(List<Integer> dimensions) {
        return new NodeOptions(
                index,
                create,
                analyzer,
                textFields,
                vectorFields,
                dimensions,
                types,
                numCandidates,
                noReload == false);
    }

    /** The node; to be closed. */
    Node node() throws IOException {
        if (timeout < 1) {
            throw new IllegalArgumentException(
                    "[--timeout] must be at least [1], got [" + timeout + "]");
        }
        return new Node(url, header(), Duration.ofSeconds(timeout));
    }

    private String header() throws IOException {
        if (authorization == null) {
            return null;
        }
        if (Files.isRegularFile(authorization) == false) {
            throw new IllegalArgumentException(
                    "[--authorization] [" + authorization + "] is not a file");
        }
        String header = Files.readString(authorization).strip();
        if (header.matches("(ApiKey|Basic|Bearer) \\S+") == false) {
            throw new IllegalArgumentException(
                    "[--authorization] ["
                            + authorization
                            + "] must hold one line like [ApiKey …] or [Basic …]");
        }
        return header;
    }
}
