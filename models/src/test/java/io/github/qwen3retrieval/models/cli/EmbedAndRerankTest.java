package io.github.qwen3retrieval.models.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines in, lines out: what {@code qwen3 embed} and {@code qwen3 rerank} promise. */
class EmbedAndRerankTest {

    private static final double TOLERANCE = 1e-5;

    @TempDir static Path models;
    private static Path embedding;
    private static Path reranker;

    @BeforeAll
    static void writeCheckpoints() throws IOException {
        embedding = TinyCheckpoint.write(models, ModelKind.EMBEDDING);
        reranker = TinyCheckpoint.write(models, ModelKind.RERANKER);
    }

    @Test
    void manyLinesComeBackInOrderAcrossChunks() {
        List<String> texts = texts(2 * TextLines.CHUNK + 3);
        List<JsonObject> together = embed(lines(texts));
        assertEquals(texts.size(), together.size());
        for (int i : List.of(0, TextLines.CHUNK - 1, TextLines.CHUNK, texts.size() - 1)) {
            assertSame(embed(lines(texts.subList(i, i + 1))).get(0), together.get(i));
        }
        List<JsonObject> scores = rerank(lines(texts));
        assertEquals(texts.size(), scores.size());
        for (int i : List.of(0, TextLines.CHUNK - 1, TextLines.CHUNK, texts.size() - 1)) {
            double alone = number(rerank(lines(texts.subList(i, i + 1))).get(0), "score");
            assertEquals(alone, number(scores.get(i), "score"), TOLERANCE);
        }
    }

    @Test
    void blankLinesAreNotTexts() {
        String input = "\n" + lines(List.of("a")) + "   \n\r\n" + lines(List.of("b")) + "\n\n";
        List<JsonObject> two = embed(input);
        assertEquals(2, two.size());
        assertSame(embed(lines(List.of("b"))).get(0), two.get(1));
        assertEquals(0, embed("\n \n").size());
        assertEquals(0, rerank("").size());
    }

    @Test
    void anEmptyTextIsAText() {
        assertEquals(1, number(embed("{\"text\": \"\"}").get(0), "tokens"));
        assertEquals(1, rerank("{\"text\": \"\"}").size());
    }

    @Test
    void vectorsHaveLengthOneAndTheDimensionsAskedFor() {
        String input = lines(texts(5));
        List<JsonObject> uncut = embed(input);
        for (int dimensions : List.of(32, 50)) {
            List<JsonObject> cut = embed(input, "--dimensions", "" + dimensions);
            for (int i = 0; i < cut.size(); i++) {
                double[] vector = vector(cut.get(i));
                assertEquals(dimensions, vector.length);
                assertEquals(1, dot(vector, vector), TOLERANCE);
                // cut first, then brought to length 1: the direction is that of the full one's head
                double[] whole = vector(uncut.get(i));
                double ratio = vector[0] / whole[0];
                assertTrue(ratio >= 1 - TOLERANCE, "ratio " + ratio);
                assertEquals(vector[7], whole[7] * ratio, 1e-4);
            }
        }
    }

    @Test
    void maxLengthCutsAndSaysSo() {
        String input = lines(List.of("ice", "ice ".repeat(100)));
        List<JsonObject> cut = embed(input, "--max-length", "10");
        assertFalse(cut.get(0).get("truncated").getAsBoolean());
        assertTrue(cut.get(1).get("truncated").getAsBoolean());
        assertEquals(10, number(cut.get(1), "tokens"));
        List<JsonObject> scores = rerank(input, "--max-length", "100");
        assertFalse(scores.get(0).get("truncated").getAsBoolean());
        assertTrue(scores.get(1).get("truncated").getAsBoolean());
        assertEquals(100, number(scores.get(1), "tokens"));
    }

    @Test
    void aQueryIsItsInstructionAndText() {
        String task = "Find it";
        JsonObject query = embed(lines(List.of("ice")), "--query", "--instruction", task).get(0);
        String written = "Instruct: " + task + "\nQuery:ice";
        assertSame(embed(lines(List.of(written))).get(0), query);
        JsonObject usual = embed(lines(List.of("ice")), "--query").get(0);
        String usualTask =
                "Given a web search query, retrieve relevant passages that answer the query";
        String usualWritten = "Instruct: " + usualTask + "\nQuery:ice";
        assertSame(embed(lines(List.of(usualWritten))).get(0), usual);
    }

    @Test
    void scoreIsTheSigmoidOfTheLogitAndHeedsTheInstruction() {
        String input = lines(texts(5));
        List<JsonObject> scores = rerank(input);
        for (JsonObject line : scores) {
            double logit = number(line, "logit");
            assertEquals(1 / (1 + Math.exp(-logit)), number(line, "score"), TOLERANCE);
        }
        double other = number(rerank(input, "--instruction", "Find bread").get(0), "score");
        assertNotEquals(number(scores.get(0), "score"), other, TOLERANCE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not json",
                "{\"text\": ",
                "[\"text\"]",
                "{\"txt\": \"a\"}",
                "{\"text\": 5}",
                "{\"text\": null}",
                "\"text\""
            })
    void aBadLineIsNamedByItsNumber(String line) {
        String input = "\n" + lines(List.of("good")) + line + "\n";
        CommandRun run = CommandRun.of(input, "embed", "--model", "" + embedding);
        assertFailed(run, 2, "line [3] of standard input");
    }

    @Test
    void aBadLineBeyondTheFirstChunkLosesNoAnswerBeforeIt() {
        String input = lines(texts(TextLines.CHUNK)) + "oops\n";
        CommandRun run = CommandRun.of(input, "rerank", "--model", "" + reranker, "--query", "ice");
        assertEquals(2, run.code());
        assertTrue(run.err().contains("line [" + (TextLines.CHUNK + 1) + "]"), run.err());
        assertEquals(TextLines.CHUNK, run.lines().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "embed --model E --dimensions 31|2|[dimensions] must be between [32] and [64]",
                "embed --model E --dimensions 65|2|[dimensions] must be between [32] and [64]",
                "embed --model E --dimensions many|2|--dimensions",
                "embed --model E --max-length 1|2|[max_length] must be between [2] and [4096]",
                "embed --model E --max-length 9999|2|got [9999]",
                "embed --model E --query --max-length 8|2|raise [max_length]",
                "embed --model E --precision int3|2|int3",
                "embed --model E --device tpu|2|tpu",
                "embed --model E --threads 0|2|[--threads] must be at least [1], got [0]",
                "embed --model E --batch-tokens 0|2|[--batch-tokens] must be at least [1], got [0]",
                "embed --model /nowhere|2|[--model] [/nowhere] is not a folder",
                "embed|2|--model",
                "embed --model R|2|is of kind [reranker]",
                "rerank --model E --query x|2|is of kind [embedding]",
                "rerank --model R|2|--query",
                "rerank --model R --query x --max-length 30|2|raise [max_length]",
                "bench --model /nowhere|2|is not a folder",
                "verify|2|DIR",
                "verify /nowhere|2|[/nowhere] is not a folder"
            })
    void wrongUsageIsOneLine(String arguments, int code, String said) {
        String[] filled =
                arguments
                        .replace("model E", "model " + embedding)
                        .replace("model R", "model " + reranker)
                        .split(" ");
        assertFailed(CommandRun.of("{\"text\": \"ice\"}\n", filled), code, said);
    }

    private static void assertFailed(CommandRun run, int code, String said) {
        assertTrue(run.err().contains(said), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertEquals(code, run.code());
    }

    private static List<JsonObject> embed(String input, String... arguments) {
        return run("embed", embedding, input, arguments);
    }

    private static List<JsonObject> rerank(String input, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--query", "ice"));
        all.addAll(List.of(arguments));
        return run("rerank", reranker, input, all.toArray(String[]::new));
    }

    private static List<JsonObject> run(
            String command, Path model, String input, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command, "--model", model.toString()));
        all.addAll(List.of("--threads", "1"));
        all.addAll(List.of(arguments));
        CommandRun run = CommandRun.of(input, all.toArray(String[]::new));
        assertEquals("", run.err());
        assertEquals(0, run.code());
        return run.lines().stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    /** Texts of different lengths, each of its own. */
    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> i + " ice".repeat(i % 11)).toList();
    }

    private static String lines(List<String> texts) {
        StringBuilder lines = new StringBuilder();
        for (String text : texts) {
            JsonObject line = new JsonObject();
            line.addProperty("text", text);
            lines.append(line).append('\n');
        }
        return lines.toString();
    }

    private static double number(JsonObject line, String key) {
        return line.get(key).getAsDouble();
    }

    private static double[] vector(JsonObject line) {
        return line.getAsJsonArray("vector").asList().stream()
                .mapToDouble(JsonElement::getAsDouble)
                .toArray();
    }

    private static void assertSame(JsonObject expected, JsonObject line) {
        assertEquals(expected.get("tokens"), line.get("tokens"));
        assertEquals(1, dot(vector(expected), vector(line)), TOLERANCE);
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }
}
