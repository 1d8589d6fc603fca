package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.cohere.CohereScoringModel;
import dev.langchain4j.model.jina.JinaScoringModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.scoring.ScoringModel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The node as an endpoint, for clients that were written for others and know nothing of it. */
@ExtendWith(SharedNode.class)
class OpenAiClientIT {

    private static final float TOLERANCE = 1e-5f;

    private final String url;
    private final CommandLine qwen3;
    private final OpenAIClient openAi;

    OpenAiClientIT(RealNode node) throws Exception {
        url = "http://" + node.httpAddress() + "/_qwen3/v1";
        qwen3 = new CommandLine(node.installation());
        openAi =
                OpenAIOkHttpClient.builder()
                        .baseUrl(url)
                        .apiKey("not-needed")
                        .maxRetries(0)
                        .build();
    }

    @AfterEach
    void close() {
        openAi.close();
    }

    @Test
    void openAiEmbedsTexts() throws Exception {
        CreateEmbeddingResponse answer =
                openAi.embeddings().create(texts().inputOfArrayOfStrings(Articles.TEXTS).build());
        List<float[]> expected = qwen3.embed(Articles.TEXTS);
        assertEquals(TestModels.EMBEDDING, answer.model());
        assertEquals(Articles.TEXTS.size(), answer.data().size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(i, answer.data().get(i).index());
            assertArrayEquals(expected.get(i), floats(answer.data().get(i).embedding()), TOLERANCE);
        }
        assertTrue(answer.usage().promptTokens() > 2L * Articles.TEXTS.size());
        assertEquals(answer.usage().promptTokens(), answer.usage().totalTokens());
    }

    @Test
    void openAiReadsBothEncodings() {
        EmbeddingCreateParams.Builder text = texts().input(Articles.QUERY);
        List<Float> plain =
                openAi.embeddings()
                        .create(
                                text.encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
                                        .build())
                        .data()
                        .getFirst()
                        .embedding();
        List<Float> base64 =
                openAi.embeddings()
                        .create(
                                text.encodingFormat(EmbeddingCreateParams.EncodingFormat.BASE64)
                                        .build())
                        .data()
                        .getFirst()
                        .embedding();
        assertEquals(plain, base64);
    }

    @Test
    void openAiAsksForDimensionsAndForOurOwnMembers() throws Exception {
        EmbeddingCreateParams params =
                texts().input(Articles.QUERY)
                        .dimensions(32)
                        .user("somebody")
                        .putAdditionalBodyProperty("input_type", JsonValue.from("query"))
                        .build();
        float[] vector = floats(openAi.embeddings().create(params).data().getFirst().embedding());
        List<float[]> expected =
                qwen3.embed(List.of(Articles.QUERY), "--query", "--dimensions", "32");
        assertArrayEquals(expected.getFirst(), vector, TOLERANCE);
    }

    @Test
    void openAiListsModels() {
        List<String> ids = openAi.models().list().data().stream().map(model -> model.id()).toList();
        assertEquals(List.of(TestModels.EMBEDDING, TestModels.RERANKER), ids);
        assertEquals(TestModels.RERANKER, openAi.models().retrieve(TestModels.RERANKER).id());
        assertThrows(NotFoundException.class, () -> openAi.models().retrieve("gpt"));
    }

    @Test
    void openAiUnderstandsOurErrors() {
        NotFoundException unknown =
                assertThrows(
                        NotFoundException.class,
                        () ->
                                openAi.embeddings()
                                        .create(texts().model("gpt").input("text").build()));
        assertEquals("model_not_found", unknown.code().orElseThrow());
        assertEquals("model", unknown.param().orElseThrow());
        BadRequestException ids =
                assertThrows(
                        BadRequestException.class,
                        () ->
                                openAi.embeddings()
                                        .create(
                                                texts().inputOfArrayOfTokens(List.of(1L, 2L))
                                                        .build()));
        assertEquals("input", ids.param().orElseThrow());
        assertEquals("invalid_request_error", ids.type().orElseThrow());
        assertTrue(ids.getMessage().contains("send the text"), ids.getMessage());
        BadRequestException dimensions =
                assertThrows(
                        BadRequestException.class,
                        () ->
                                openAi.embeddings()
                                        .create(texts().input("text").dimensions(65).build()));
        assertTrue(dimensions.getMessage().contains("[64]"), dimensions.getMessage());
    }

    @Test
    void langChainEmbedsAndKnowsErrors() throws Exception {
        OpenAiEmbeddingModel model =
                OpenAiEmbeddingModel.builder()
                        .baseUrl(url)
                        .apiKey("not-needed")
                        .modelName(TestModels.EMBEDDING)
                        .dimensions(48)
                        .maxRetries(0)
                        .build();
        List<TextSegment> segments = segments();
        List<float[]> expected = qwen3.embed(Articles.TEXTS, "--dimensions", "48");
        var answer = model.embedAll(segments);
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), answer.content().get(i).vector(), TOLERANCE);
        }
        assertTrue(answer.tokenUsage().inputTokenCount() > 0);
        OpenAiEmbeddingModel unknown =
                OpenAiEmbeddingModel.builder()
                        .baseUrl(url)
                        .apiKey("not-needed")
                        .modelName("gpt")
                        .maxRetries(0)
                        .build();
        assertThrows(ModelNotFoundException.class, () -> unknown.embedAll(segments));
    }

    @Test
    void langChainReranksAsWithJinaAndCohere() throws Exception {
        List<Double> expected = qwen3.rerank(Articles.TEXTS, "--query", Articles.QUERY);
        ScoringModel jina =
                JinaScoringModel.builder()
                        .baseUrl(url + "/")
                        .apiKey("not-needed")
                        .modelName(TestModels.RERANKER)
                        .maxRetries(0)
                        .build();
        ScoringModel cohere =
                CohereScoringModel.builder()
                        .baseUrl(url + "/")
                        .apiKey("not-needed")
                        .modelName(TestModels.RERANKER)
                        .maxRetries(0)
                        .build();
        for (ScoringModel model : List.of(jina, cohere)) {
            var answer = model.scoreAll(segments(), Articles.QUERY);
            for (int i = 0; i < expected.size(); i++) {
                assertEquals(expected.get(i), answer.content().get(i), TOLERANCE);
            }
        }
    }

    private static List<TextSegment> segments() {
        return Articles.TEXTS.stream().map(TextSegment::from).toList();
    }

    private static EmbeddingCreateParams.Builder texts() {
        return EmbeddingCreateParams.builder().model(TestModels.EMBEDDING);
    }

    private static float[] floats(List<Float> numbers) {
        float[] vector = new float[numbers.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = numbers.get(i);
        }
        return vector;
    }
}
