package io.github.qwen3retrieval.models.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;

class BenchTest {

    /** Little to measure, and each of it once. */
    private static final List<String> SMALL =
            List.of(
                    "--lengths=8,16",
                    "--batches=1,3",
                    "--batch-length=8",
                    "--stage-lengths=8",
                    "--seconds=0.001",
                    "--threads=1",
                    "--batch-tokens=32");

    @TempDir static Path temp;

    private static final Map<ModelKind, Path> MODELS = new EnumMap<>(ModelKind.class);

    @BeforeAll
    static void writeModels() throws IOException {
        for (ModelKind kind : ModelKind.values()) {
            MODELS.put(kind, TinyCheckpoint.write(temp, kind));
        }
    }

    @ParameterizedTest
    @EnumSource(ModelKind.class)
    void tableJsonAndPictureTellOfTheSameRun(ModelKind kind) throws Exception {
        Path json = temp.resolve(kind + ".json");
        Path svg = temp.resolve(kind + ".svg");
        CommandRun run = small(kind, "--json=" + json, "--svg=" + svg);
        assertEquals(0, run.code(), run.err());
        JsonObject report = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
        JsonObject facts = report.getAsJsonObject("facts");
        assertEquals("1", facts.get("threads").getAsString());
        assertEquals("32", facts.get("tokens of a pass").getAsString());
        String unit = kind == ModelKind.EMBEDDING ? "texts/s" : "pairs/s";
        for (int length : List.of(8, 16)) {
            String row = length + " tokens";
            double texts = figure(report, "by length", row, unit);
            double tokens = figure(report, "by length", row, "tokens/s");
            double micros = figure(report, "by length", row, "µs/token");
            assertEquals(texts * length, tokens, 1e-6 * tokens);
            assertEquals(1e6, tokens * micros, 1);
        }
        assertTrue(figure(report, "matrix products, GFLOP/s", "float32", "one thread") > 0);
        for (String stage : List.of("projections", "attention", "elementwise")) {
            assertTrue(figure(report, "stages of a pass, µs/token", "8 tokens", stage) > 0, stage);
        }
        double seconds = figure(report, "by batch, texts of 8 tokens", "3 texts", "seconds");
        double speed = figure(report, "by batch, texts of 8 tokens", "3 texts", unit);
        assertEquals(3, seconds * speed, 1e-6);
        assertEquals(
                kind == ModelKind.RERANKER,
                run.lines().stream().anyMatch(line -> line.startsWith("prefix of a query")));
        assertTrue(run.out().contains("by length"), run.out());
        Document picture =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.toFile());
        // two lengths, each a point of the curve of cost and of that of memory where it is known
        int points = picture.getElementsByTagName("circle").getLength();
        assertEquals(Files.isWritable(Path.of("/proc/self/clear_refs")) ? 4 : 2, points);
    }

    @Test
    void aComparisonHasALineForEachFigure() throws IOException {
        Path json = temp.resolve("old.json");
        assertEquals(0, small(ModelKind.EMBEDDING, "--json=" + json).code());
        CommandRun run = small(ModelKind.EMBEDDING, "--compare=" + json);
        assertEquals(0, run.code(), run.err());
        JsonArray figures =
                JsonParser.parseString(Files.readString(json))
                        .getAsJsonObject()
                        .getAsJsonArray("figures");
        int head =
                run.lines()
                        .indexOf(
                                run.lines().stream()
                                        .filter(line -> line.contains("× better"))
                                        .findFirst()
                                        .orElseThrow());
        List<String> compared = run.lines().subList(head + 1, run.lines().size());
        assertEquals(figures.size(), compared.size(), run.out());
        assertTrue(compared.stream().allMatch(l -> l.matches(".* [0-9.]+|.* –")), run.out());
    }

    @Test
    void whatIsNoReportIsRefusedBeforeAnythingIsMeasured() throws IOException {
        for (String foreign : List.of("{\"format\": \"other\"}", "[1, 2]", "no JSON", "{}")) {
            Path file = Files.writeString(temp.resolve("foreign.json"), foreign);
            assertRefused(
                    small(ModelKind.EMBEDDING, "--compare=" + file),
                    "[--compare] [" + file + "] is no result that [qwen3 bench --json FILE] wrote");
        }
        Path missing = temp.resolve("missing.json");
        assertRefused(
                small(ModelKind.EMBEDDING, "--compare=" + missing),
                "[--compare] [" + missing + "] is not a file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--lengths=1|[--lengths] must be at least [2], got [1]",
                "--lengths=5000|[--lengths] must be at most [4096] for this model, got [5000]",
                "--stage-lengths=5000|[--stage-lengths] must be at most [4096] for this model",
                "--batch-length=5000|[--batch-length] must be at most [4096] for this model",
                "--batches=0|[--batches] must be at least [1], got [0]",
                "--lengths=many|'--lengths'",
                "--seconds=0|[--seconds] must be above [0] and at most [3600], got [0.0]",
                "--seconds=NaN|[--seconds] must be above [0] and at most [3600], got [NaN]",
                "--json=/nowhere/x.json|[--json] [/nowhere/x.json] cannot be written",
                "--svg=/|[--svg] [/] is a folder",
                "--precision=int3|[precision] must be one of"
            })
    void wrongOptionsAreOneLine(String option, String said) {
        String model = "--model=" + MODELS.get(ModelKind.EMBEDDING);
        assertRefused(CommandRun.of("", "bench", model, "--threads=1", option), said);
    }

    @Test
    void timedRequestsGiveWhatEmbedAndRerankGive() {
        String embedding = "--model=" + MODELS.get(ModelKind.EMBEDDING);
        CommandRun embed = CommandRun.of("{\"text\": \"ice\"}\n", "embed", embedding);
        CommandRun timed =
                CommandRun.of(
                        "{\"texts\": [\"snow\", \"ice\"]}\n", "bench", "--requests", embedding);
        assertEquals("{\"ready\":true}", timed.lines().get(0));
        JsonObject answer = object(timed.lines().get(1));
        assertTrue(answer.get("seconds").getAsDouble() > 0);
        assertClose(
                object(embed.lines().get(0)).getAsJsonArray("vector"),
                answer.getAsJsonArray("vectors").get(1).getAsJsonArray());

        String reranker = "--model=" + MODELS.get(ModelKind.RERANKER);
        CommandRun rerank =
                CommandRun.of("{\"text\": \"ice\"}\n", "rerank", reranker, "--query=snow");
        CommandRun scores =
                CommandRun.of(
                        "{\"query\": \"snow\", \"texts\": [\"ice\"]}\n",
                        "bench",
                        "--requests",
                        reranker);
        assertEquals(
                object(rerank.lines().get(0)).get("score").getAsDouble(),
                object(scores.lines().get(1)).getAsJsonArray("scores").get(0).getAsDouble(),
                1e-6);
    }

    @Test
    void aTimedRequestThatIsNoneIsNamedByItsLine() {
        String model = "--model=" + MODELS.get(ModelKind.EMBEDDING);
        for (String wrong : List.of("{}", "{\"texts\": [null]}", "[]", "ice", "")) {
            CommandRun run =
                    CommandRun.of(
                            "{\"texts\": [\"ice\"]}\n" + wrong + "\n",
                            "bench",
                            "--requests",
                            model);
            assertRefused(run, "line [2] of standard input must be an object like");
        }
    }

    private static CommandRun small(ModelKind kind, String... more) {
        List<String> all = new ArrayList<>(List.of("bench", "--model=" + MODELS.get(kind)));
        all.addAll(SMALL);
        all.addAll(List.of(more));
        return CommandRun.of("", all.toArray(String[]::new));
    }

    private static void assertRefused(CommandRun run, String said) {
        assertEquals(2, run.code(), run.err());
        assertTrue(run.err().contains(said), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    private static void assertClose(JsonArray expected, JsonArray actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).getAsDouble(), actual.get(i).getAsDouble(), 1e-5);
        }
    }

    private static JsonObject object(String line) {
        return JsonParser.parseString(line).getAsJsonObject();
    }

    private static double figure(JsonObject report, String group, String row, String column) {
        for (JsonElement element : report.getAsJsonArray("figures")) {
            JsonObject figure = element.getAsJsonObject();
            if (figure.get("group").getAsString().equals(group)
                    && figure.get("row").getAsString().equals(row)
                    && figure.get("column").getAsString().equals(column)) {
                return figure.get("value").getAsDouble();
            }
        }
        throw new AssertionError("no [" + group + "] [" + row + "] [" + column + "] in " + report);
    }
}
