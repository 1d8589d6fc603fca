package io.github.qwen3retrieval.inference;

import io.github.qwen3retrieval.spi.TextsToEmbed;
import io.github.qwen3retrieval.spi.TextsToScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.ElasticsearchStatusException;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.action.support.PlainActionFuture;
import org.elasticsearch.common.util.concurrent.EsRejectedExecutionException;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.inference.ChunkInferenceInput;
import org.elasticsearch.inference.ChunkedInference;
import org.elasticsearch.inference.InferenceServiceResults;
import org.elasticsearch.inference.InferenceString;
import org.elasticsearch.inference.InputType;
import org.elasticsearch.inference.Model;
import org.elasticsearch.inference.ModelConfigurations;
import org.elasticsearch.inference.RerankRequest;
import org.elasticsearch.inference.ServiceSettings;
import org.elasticsearch.inference.TaskType;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.test.ESTestCase;
import org.elasticsearch.threadpool.TestThreadPool;
import org.elasticsearch.threadpool.ThreadPool;
import org.elasticsearch.xpack.core.inference.chunking.WordBoundaryChunkingSettings;
import org.elasticsearch.xpack.core.inference.results.ChunkedInferenceEmbedding;
import org.elasticsearch.xpack.core.inference.results.ChunkedInferenceError;
import org.elasticsearch.xpack.core.inference.results.DenseEmbeddingFloatResults;
import org.elasticsearch.xpack.core.inference.results.EmbeddingFloatResults;
import org.elasticsearch.xpack.core.inference.results.EmbeddingResults;
import org.elasticsearch.xpack.core.inference.results.RankedDocsResults;
import org.elasticsearch.xpack.core.inference.results.RankedDocsResults.RankedDoc;

/** What the service asks of the models, and what it makes of their answers. */
public class Qwen3InferenceServiceTests extends ESTestCase {

    private static final TimeValue LONG = TimeValue.timeValueSeconds(60);

    private final HeldModels models = new HeldModels();
    private ThreadPool threadPool;
    private Qwen3InferenceService service;

    @Override
    public void setUp() throws Exception {
        super.setUp();
        threadPool = new TestThreadPool(getTestName());
        service = new Qwen3InferenceService(() -> models, new TimedCalls(threadPool));
    }

    @Override
    public void tearDown() throws Exception {
        ThreadPool.terminate(threadPool, 10, TimeUnit.SECONDS);
        super.tearDown();
    }

    public void testSearchesCarryAnInstructionAndDocumentsNone() {
        Model model = embedding(new PromptSettings("find", 100));
        for (InputType type : List.of(InputType.SEARCH, InputType.INTERNAL_SEARCH)) {
            infer(model, Map.of(), type);
            assertEquals(
                    new TextsToEmbed("m", true, List.of("a", "bc"), "find", 64, 100),
                    models.embedded.getLast());
        }
        for (InputType type :
                List.of(InputType.INGEST, InputType.INTERNAL_INGEST, InputType.UNSPECIFIED)) {
            infer(model, Map.of(), type);
            assertEquals(
                    new TextsToEmbed("m", false, List.of("a", "bc"), null, 64, 100),
                    models.embedded.getLast());
        }
        infer(model, Map.of("instruction", "judge"), InputType.SEARCH);
        assertEquals("judge", models.embedded.getLast().instruction());
        PlainActionFuture<InferenceServiceResults> clustering =
                infer(model, Map.of(), InputType.CLUSTERING);
        assertEquals(
                "[input_type] must be one of [ingest, search], got [clustering]",
                expectThrows(ElasticsearchStatusException.class, clustering::actionGet)
                        .getMessage());
    }

    public void testGivesTheVectorsInTheOrderOfTheTexts() {
        PlainActionFuture<InferenceServiceResults> answer =
                infer(embedding(new PromptSettings(null, null)), null, InputType.INGEST);
        models.answer(0);
        assertEquals(
                new DenseEmbeddingFloatResults(List.of(embedding("a"), embedding("bc"))),
                answer.actionGet());
    }

    public void testRanksTheBestFirst() {
        RerankRequest request = reranking(null, null);
        PlainActionFuture<InferenceServiceResults> answer = rerank(request, LONG);
        assertEquals(
                new TextsToScore("r", "q", List.of("x", "y", "z"), "judge", null),
                models.scored.getLast());
        models.scores.getLast().complete(new float[] {0.5f, 0.25f, 0.75f});
        assertEquals(
                List.of(
                        new RankedDoc(2, 0.75f, null),
                        new RankedDoc(0, 0.5f, null),
                        new RankedDoc(1, 0.25f, null)),
                ((RankedDocsResults) answer.actionGet()).getRankedDocs());
    }

    public void testKeepsToTopNAndSendsTextsBack() {
        PlainActionFuture<InferenceServiceResults> answer = rerank(reranking(2, true), LONG);
        models.scores.getLast().complete(new float[] {0.5f, 0.5f, 0.75f});
        assertEquals(
                List.of(new RankedDoc(2, 0.75f, "z"), new RankedDoc(0, 0.5f, "x")),
                ((RankedDocsResults) answer.actionGet()).getRankedDocs());
    }

    public void testATimeoutAbandonsTheWork() {
        PlainActionFuture<InferenceServiceResults> answer =
                rerank(reranking(null, null), TimeValue.timeValueMillis(1));
        ElasticsearchStatusException timeout =
                expectThrows(ElasticsearchStatusException.class, answer::actionGet);
        assertEquals(RestStatus.REQUEST_TIMEOUT, timeout.status());
        assertTrue(timeout.getMessage(), timeout.getMessage().contains("[1ms]"));
        assertTrue(models.scores.getLast().isCancelled());
    }

    public void testFailuresKeepTheirStatus() {
        PlainActionFuture<InferenceServiceResults> answer =
                infer(embedding(new PromptSettings(null, null)), Map.of(), InputType.INGEST);
        models.vectors.getLast().completeExceptionally(new EsRejectedExecutionException("full"));
        Exception failure = expectThrows(EsRejectedExecutionException.class, answer::actionGet);
        assertEquals(RestStatus.TOO_MANY_REQUESTS, ExceptionsHelper.status(failure));
    }

    public void testEveryChunkHasTheVectorOfItsText() {
        String text = "one two three four five six seven eight nine ten. ".repeat(30);
        Model model = embedding(new PromptSettings("find", null));
        PlainActionFuture<List<ChunkedInference>> answer = new PlainActionFuture<>();
        service.chunkedInfer(
                model,
                List.of(new ChunkInferenceInput(text), new ChunkInferenceInput("short")),
                Map.of(),
                InputType.INTERNAL_INGEST,
                // as semantic_text calls it
                TimeValue.MAX_VALUE,
                answer);
        for (int call = 0; call < models.vectors.size(); call++) {
            assertFalse(models.embedded.get(call).query());
            models.answer(call);
        }
        List<ChunkedInference> texts = answer.actionGet();
        List<String> inputs = List.of(text, "short");
        List<Integer> chunks = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            List<EmbeddingResults.Chunk> found =
                    ((ChunkedInferenceEmbedding) texts.get(i)).chunks();
            chunks.add(found.size());
            assertEquals(0, found.getFirst().offset().start());
            assertEquals(inputs.get(i).length(), found.getLast().offset().end());
            for (EmbeddingResults.Chunk chunk : found) {
                String part = inputs.get(i).substring(chunk.offset().start(), chunk.offset().end());
                assertEquals(embedding(part), chunk.embedding());
            }
        }
        assertTrue(chunks.toString(), chunks.get(0) >= 15);
        assertEquals(Integer.valueOf(1), chunks.get(1));
    }

    public void testATextWhoseChunksFailFailsAlone() {
        Model model = embedding(new PromptSettings(null, null));
        List<ChunkInferenceInput> inputs = new ArrayList<>();
        for (int i = 0; i < 33; i++) {
            inputs.add(new ChunkInferenceInput("text " + i));
        }
        PlainActionFuture<List<ChunkedInference>> answer = new PlainActionFuture<>();
        service.chunkedInfer(model, inputs, Map.of(), InputType.INGEST, LONG, answer);
        assertEquals("calls", 2, models.vectors.size());
        models.answer(0);
        models.vectors.get(1).completeExceptionally(new EsRejectedExecutionException("full"));
        List<ChunkedInference> texts = answer.actionGet();
        assertEquals(
                32, texts.stream().filter(ChunkedInferenceEmbedding.class::isInstance).count());
        ChunkedInferenceError error = (ChunkedInferenceError) texts.get(32);
        assertEquals("full", error.exception().getMessage());
    }

    public void testNoTextsNoChunks() {
        PlainActionFuture<List<ChunkedInference>> answer = new PlainActionFuture<>();
        Model model = embedding(new PromptSettings(null, null));
        service.chunkedInfer(model, List.of(), Map.of(), InputType.INGEST, LONG, answer);
        assertEquals(List.of(), answer.actionGet());
    }

    public void testAnEndpointDoesItsOwnTaskAlone() {
        Model embeds = embedding(new PromptSettings(null, null));
        PlainActionFuture<InferenceServiceResults> ranked = new PlainActionFuture<>();
        service.rerankInfer(embeds, reranking(null, null), LONG, ranked);
        assertEquals(
                "the endpoint [e] is of task type [text_embedding], asked for was [rerank]",
                expectThrows(ElasticsearchStatusException.class, ranked::actionGet).getMessage());
        Model ranks = model(TaskType.RERANK, new RerankSettings("r"), new PromptSettings(null, 9));
        expectThrows(
                ElasticsearchStatusException.class,
                infer(ranks, Map.of(), InputType.INGEST)::actionGet);
        assertTrue(models.embedded.isEmpty() && models.scored.isEmpty());
    }

    public void testDescribesBothTasks() {
        assertEquals(service.supportedTaskTypes(), service.getConfiguration().getTaskTypes());
        assertEquals(service.name(), service.getConfiguration().getService());
    }

    private PlainActionFuture<InferenceServiceResults> infer(
            Model model, Map<String, Object> taskSettings, InputType type) {
        PlainActionFuture<InferenceServiceResults> answer = new PlainActionFuture<>();
        service.infer(model, List.of("a", "bc"), false, taskSettings, type, LONG, answer);
        return answer;
    }

    private PlainActionFuture<InferenceServiceResults> rerank(
            RerankRequest request, TimeValue timeout) {
        PlainActionFuture<InferenceServiceResults> answer = new PlainActionFuture<>();
        service.rerankInfer(
                model(TaskType.RERANK, new RerankSettings("r"), new PromptSettings("judge", null)),
                request,
                timeout,
                answer);
        return answer;
    }

    private static RerankRequest reranking(Integer topN, Boolean returnDocuments) {
        return new RerankRequest(
                InferenceString.fromStringList(List.of("x", "y", "z")),
                InferenceString.ofText("q"),
                topN,
                returnDocuments,
                null);
    }

    private static EmbeddingFloatResults.Embedding embedding(String text) {
        return new EmbeddingFloatResults.Embedding(HeldModels.vector(text));
    }

    private static Model embedding(PromptSettings prompt) {
        return model(TaskType.TEXT_EMBEDDING, new EmbeddingSettings("m", 64), prompt);
    }

    private static Model model(TaskType type, ServiceSettings settings, PromptSettings prompt) {
        return new Model(
                new ModelConfigurations(
                        "e",
                        type,
                        Qwen3InferenceService.NAME,
                        settings,
                        prompt,
                        new WordBoundaryChunkingSettings(20, 5)));
    }
}
