package io.github.qwen3retrieval.it;

import com.google.gson.JsonObject;
import io.github.qwen3retrieval.demo.Collection;
import io.github.qwen3retrieval.demo.Demo;
import io.github.qwen3retrieval.demo.ElasticsearchNode;
import io.github.qwen3retrieval.demo.Ingest;
import io.github.qwen3retrieval.demo.PageServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The demo's search page on the tests' node, with part of the demo's collections. */
final class DemoPage {

    /** Folder of the demo's files. */
    static final Path FOLDER = Path.of(System.getProperty("it.checkout"), "integTest", "demo");

    /** Documents of each collection. */
    static final int DOCUMENTS = 120;

    private static final Map<String, String> MODELS =
            Map.of("embedding", TestModels.EMBEDDING, "reranker", TestModels.RERANKER);

    private DemoPage() {}

    /** Ingests the collections as {@code ./demo} does, and others. */
    static List<Collection> ingest(RealNode node, Collection... others)
            throws IOException, InterruptedException {
        List<Collection> collections = new ArrayList<>();
        for (String name : List.of("xquad-en", "cosqa")) {
            collections.add(Collection.read(FOLDER.resolve(name), DOCUMENTS));
        }
        collections.addAll(List.of(others));
        ElasticsearchNode target = new ElasticsearchNode(url(node));
        Ingest ingest =
                new Ingest(
                        target,
                        new PrintStream(
                                OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                        false);
        for (Collection collection : collections) {
            ingest.run(collection, TestModels.EMBEDDING);
        }
        return collections;
    }

    /** The node's address. */
    static URI url(RealNode node) throws IOException {
        return URI.create("http://" + node.httpAddress());
    }

    /** Serves the page; the example of Search UI lies in a folder, or is not built. */
    static PageServer serve(URI node, List<Collection> collections, Path searchUi)
            throws IOException {
        return serve(Demo.page(node, MODELS, collections), searchUi);
    }

    /** Serves the page with this configuration. */
    static PageServer serve(JsonObject config, Path searchUi) throws IOException {
        return PageServer.start(FOLDER.resolve("page"), searchUi, config, 0);
    }

    /** The configuration with a reranker that does not exist. */
    static JsonObject withoutReranker(URI node, List<Collection> collections) {
        return Demo.page(
                node,
                Map.of("embedding", TestModels.EMBEDDING, "reranker", "no-such-reranker"),
                collections);
    }
}
