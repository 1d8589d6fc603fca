package io.github.qwen3retrieval.models.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.TinyCheckpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerifyTest {

    @TempDir Path temp;

    @ParameterizedTest
    @EnumSource(ModelKind.class)
    void verifySaysThatNothingIsPublishedForAnotherShape(ModelKind kind) throws IOException {
        Path model = TinyCheckpoint.write(temp, kind);
        CommandRun run = CommandRun.of("", "verify", model.toString());
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().startsWith("nothing is published for a model"), run.out());
        assertTrue(run.out().contains("[2] layers and hidden size [64]"), run.out());
    }

    @Test
    void verifyRunsOnTheDeviceThatIsNamed() throws IOException {
        Path model = TinyCheckpoint.write(temp, ModelKind.EMBEDDING);
        CommandRun cpu = CommandRun.of("", "verify", model.toString(), "--device", "cpu");
        assertEquals(0, cpu.code(), cpu.err());
        CommandRun unknown = CommandRun.of("", "verify", model.toString(), "--device", "tpu");
        assertEquals(2, unknown.code());
        assertTrue(unknown.err().contains("got [tpu]"), unknown.err());
        assertEquals(1, unknown.err().lines().count(), unknown.err());
    }

    @Test
    void verifyOfABrokenCheckpointFailsInOneLine() throws IOException {
        Path model = TinyCheckpoint.write(temp, ModelKind.EMBEDDING);
        Files.delete(model.resolve("model.safetensors"));
        CommandRun run = CommandRun.of("", "verify", model.toString());
        assertEquals(1, run.code());
        assertTrue(run.err().contains("model.safetensors"), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertEquals("", run.out());
    }

    @Test
    void publishedValuesAreWellFormed() throws IOException {
        PublishedValues[] all;
        try (InputStream in = PublishedValues.class.getResourceAsStream("published-values.json")) {
            all =
                    new Gson()
                            .fromJson(
                                    new InputStreamReader(in, StandardCharsets.UTF_8),
                                    PublishedValues[].class);
        }
        assertEquals(
                List.of("Qwen3-Embedding-0.6B", "Qwen3-Embedding-8B", "Qwen3-Reranker-0.6B"),
                Arrays.stream(all).map(PublishedValues::name).toList());
        for (PublishedValues model : all) {
            assertTrue(List.of("embedding", "reranker").contains(model.kind()));
            assertTrue(model.layers() > 0 && model.hiddenSize() > 0);
            model.cosines().forEach(VerifyTest::check);
            model.vectors().forEach(vector -> check(vector, model.hiddenSize()));
            model.scores().forEach(VerifyTest::check);
            assertTrue(model.cosines().size() + model.scores().size() > 0, model.name());
        }
    }

    private static void check(PublishedValues.Cosines cosines) {
        checkSource(cosines.source(), cosines.tolerance());
        assertEquals(
                List.of("What is the capital of China?", "Explain gravity"), cosines.queries());
        assertEquals("The capital of China is Beijing.", cosines.documents().get(0));
        assertTrue(cosines.documents().get(1).startsWith("Gravity is a force that attracts two"));
        assertTrue(cosines.documents().get(1).endsWith("planets around the sun."));
        assertEquals(cosines.queries().size(), cosines.cosines().length);
        for (int i = 0; i < cosines.cosines().length; i++) {
            double[] row = cosines.cosines()[i];
            assertEquals(cosines.documents().size(), row.length);
            for (double cosine : row) {
                assertTrue(cosine > -1 && cosine < 1, "cosine " + cosine);
            }
            // each query has its own document
            assertEquals(row[i], Arrays.stream(row).max().orElseThrow());
        }
    }

    private static void check(PublishedValues.Vector vector, int hiddenSize) {
        checkSource(vector.source(), vector.tolerance());
        assertTrue(vector.text().isBlank() == false);
        assertEquals(hiddenSize, vector.vector().length);
        double square = 0;
        for (float value : vector.vector()) {
            assertTrue(Float.isFinite(value));
            square += (double) value * value;
        }
        assertEquals(1, square, 1e-4);
    }

    private static void check(PublishedValues.Scores scores) {
        checkSource(scores.source(), scores.tolerance());
        boolean logits = scores.logits() != null;
        double[] values = logits ? scores.logits() : scores.probabilities();
        assertEquals(scores.documents().size(), values.length);
        for (double value : values) {
            assertTrue(Double.isFinite(value));
            assertTrue(logits || (value > 0.99 && value < 1), "P(yes) " + value);
        }
        assertEquals(
                logits
                        ? RerankRequest.DEFAULT_INSTRUCTION
                        : "Given the user query, retrieval the relevant passages",
                scores.instruction());
        if (logits) {
            assertEquals("Which planet is known as the Red Planet?", scores.query());
            assertTrue(scores.documents().get(1).startsWith("Mars"));
            // Mars it is
            assertEquals(values[1], Arrays.stream(values).max().orElseThrow());
        }
    }

    private static void checkSource(String source, double tolerance) {
        assertTrue(source != null && source.isBlank() == false);
        assertTrue(tolerance > 0 && tolerance <= 0.01, "tolerance " + tolerance);
    }
}
