package io.github.qwen3retrieval.models.evaluate;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.Reranker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Searches with two checkpoints in this process and no node: every document's vector is compared
 * with the query's, and the nearest are reranked. It knows {@link Stage#KNN} alone.
 */
public final class CheckpointSearcher implements Searcher {

    private static final int BATCH = 64;

    private final LocalModels models;
    private final Plan plan;
    private final Map<String, String> common = new TreeMap<>();
    private final List<Document> documents = new ArrayList<>();
    private float[][] vectors;

    /**
     * Over no documents yet.
     *
     * @param corpus to be embedded
     * @param queriesSha256 of the file of queries
     */
    public CheckpointSearcher(LocalModels models, Plan plan, Corpus corpus, String queriesSha256) {
        this.models = models;
        this.plan = plan;
        common.put("corpus sha256", corpus.sha256());
        common.put("queries sha256", queriesSha256);
    }

    /**
     * Two checkpoints that are open.
     *
     * @param embedder runs the first
     * @param embedding what it is asked for; its hidden size is known
     * @param reranker runs the second, null where no row reranks
     * @param reranking what it is asked for, null where no row reranks
     */
    public record LocalModels(
            Embedder embedder, ModelAsked embedding, Reranker reranker, ModelAsked reranking) {}

    /** Embeds the corpus, or goes on with that. */
    public void embed(Corpus corpus, Path out, Meter meter)
            throws IOException, InterruptedException {
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("corpus sha256", corpus.sha256());
        models.embedding().describe("embedding", parameters);
        // documents carry no instruction
        parameters.remove("embedding instruction");
        Files.createDirectories(out);
        int dimensions = models.embedding().hiddenSize();
        try (VectorFile file = new VectorFile(out.resolve("vectors.f32"), dimensions, parameters)) {
            long total = corpus.ids().size();
            if (file.count() < total) {
                meter.begin("embed the corpus", "documents", file.count(), total);
            }
            corpus.read(
                    BATCH,
                    some -> {
                        documents.addAll(some);
                        int behind = (int) Math.min(some.size(), documents.size() - file.count());
                        if (behind > 0) {
                            file.add(vectors(some.subList(some.size() - behind, some.size())));
                            meter.done(file.count());
                        }
                    });
            vectors = file.read();
        }
    }

    @Override
    public Map<String, String> parameters(Row row) {
        Map<String, String> parameters = new TreeMap<>(common);
        parameters.put("row", row.label());
        parameters.put("size", "" + plan.size(row));
        models.embedding().describe("embedding", parameters);
        if (row.reranks()) {
            models.reranking().describe("reranker", parameters);
        }
        return parameters;
    }

    @Override
    public void prepare(Row row) throws IOException, InterruptedException {
        search(row, new Query("", "a query to warm up with"));
    }

    @Override
    public Answer search(Row row, Query query) throws IOException, InterruptedException {
        long started = System.nanoTime();
        try {
            int first = row.reranks() ? row.window() : plan.size(row);
            List<Near> nearest = nearest(row.field().dimensions(), query, first);
            List<Hit> hits =
                    row.reranks()
                            ? rerank(query, nearest, plan.size(row))
                            : nearest.stream()
                                    .map(n -> new Hit(documents.get(n.number()).id(), n.score()))
                                    .toList();
            return new Answer(hits, (System.nanoTime() - started) / 1e6);
        } catch (RuntimeException e) {
            throw new SearchFailedException(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public long cached() {
        return 0;
    }

    @Override
    public void close() {
        // models and files are the caller's
    }

    /** A document by its place in the corpus, with Elasticsearch's score, (1 + cosine) / 2. */
    private record Near(int number, float score) {}

    private List<Near> nearest(int dimensions, Query query, int size) throws InterruptedException {
        ModelAsked model = models.embedding();
        EmbeddingRequest request =
                new EmbeddingRequest(
                        model.id(),
                        InputType.QUERY,
                        List.of(query.text()),
                        model.instruction(),
                        dimensions,
                        model.maxLength());
        float[] vector = await(models.embedder().embed(request)).get(0).vector();
        Comparator<Near> worseFirst =
                Comparator.comparing(Near::score)
                        .thenComparing(Near::number, Comparator.reverseOrder());
        PriorityQueue<Near> best = new PriorityQueue<>(size + 1, worseFirst);
        for (int i = 0; i < vectors.length; i++) {
            if (documents.get(i).text().isBlank()) {
                continue;
            }
            best.add(new Near(i, (float) ((1 + cosine(vector, vectors[i])) / 2)));
            if (best.size() > size) {
                best.poll();
            }
        }
        return best.stream().sorted(worseFirst.reversed()).toList();
    }

    /** Of a normalised vector and the beginning of another. */
    private static double cosine(float[] query, float[] document) {
        double dot = 0;
        double squares = 0;
        for (int i = 0; i < query.length; i++) {
            dot += (double) query[i] * document[i];
            squares += (double) document[i] * document[i];
        }
        return dot / Math.sqrt(squares);
    }

    private List<Hit> rerank(Query query, List<Near> nearest, int size)
            throws InterruptedException {
        ModelAsked model = models.reranking();
        RerankRequest request =
                new RerankRequest(
                        model.id(),
                        query.text(),
                        nearest.stream().map(n -> documents.get(n.number()).text()).toList(),
                        model.instruction(),
                        model.maxLength(),
                        null);
        List<RerankScore> scores = await(models.reranker().rerank(request)).scores();
        List<Hit> hits = new ArrayList<>();
        for (int i = 0; i < nearest.size(); i++) {
            hits.add(
                    new Hit(
                            documents.get(nearest.get(i).number()).id(),
                            scores.get(i).probability()));
        }
        hits.sort(Comparator.comparing(Hit::score).reversed());
        return List.copyOf(hits.subList(0, Math.min(size, hits.size())));
    }

    /** Vectors of the model's full length; of a document without text one of zeros, never found. */
    private List<float[]> vectors(List<Document> some) throws InterruptedException {
        ModelAsked model = models.embedding();
        List<String> texts = some.stream().map(Document::text).filter(t -> !t.isBlank()).toList();
        List<Embedding> embeddings =
                texts.isEmpty()
                        ? List.of()
                        : await(
                                models.embedder()
                                        .embed(
                                                new EmbeddingRequest(
                                                        model.id(),
                                                        InputType.DOCUMENT,
                                                        texts,
                                                        null,
                                                        null,
                                                        model.maxLength())));
        List<float[]> all = new ArrayList<>();
        int next = 0;
        for (Document document : some) {
            boolean blank = document.text().isBlank();
            all.add(blank ? new float[model.hiddenSize()] : embeddings.get(next++).vector());
        }
        return all;
    }

    private static <T> T await(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
