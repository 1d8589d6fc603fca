package io.github.qwen3retrieval.models.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code qwen3 evaluate} without a node, held against {@code qwen3 embed} and {@code qwen3 rerank}.
 */
class EvaluateTest {

    private static final List<String> TEXTS =
            List.of(
                    "Glaciers move by sliding over the bed.",
                    "Bank interest rates rose again in March.",
                    "The recipe needs two eggs and a pinch of salt.",
                    "Rivers carve valleys in the shape of a V.",
                    "",
                    "def move(glacier): return glacier.position",
                    "Ice sheets cover Antarctica.",
                    "冰川在自身重量下缓慢流动。",
                    "A bulldozer moves earth.",
                    "Snow falls.",
                    "The train leaves at nine.",
                    "Salt lowers the melting point of ice.",
                    "Valleys in the shape of a U were made by ice.");

    private static final List<String> QUERIES =
            List.of("how do glaciers move", "what does salt do", "who carves valleys");

    private static final List<Integer> RELEVANT = List.of(0, 11, 3);

    @TempDir static Path temp;

    private static Path embedding;
    private static Path reranker;
    private static Path data;

    @TempDir Path out;

    @BeforeAll
    static void write() throws IOException {
        embedding = TinyCheckpoint.write(temp, ModelKind.EMBEDDING);
        reranker = TinyCheckpoint.write(temp, ModelKind.RERANKER);
        data = Files.createDirectory(temp.resolve("ice"));
    }

    @BeforeEach
    void writeCollection() throws IOException {
        Files.write(data.resolve("corpus.jsonl"), lines("d", TEXTS));
        Files.write(data.resolve("queries.jsonl"), lines("q", QUERIES));
        List<String> qrels = new ArrayList<>(List.of("query-id\tcorpus-id\tscore"));
        for (int i = 0; i < RELEVANT.size(); i++) {
            qrels.add("q" + i + "\td" + RELEVANT.get(i) + "\t1");
        }
        Files.write(data.resolve("qrels.tsv"), qrels);
    }

    @Test
    void figuresAreThoseOfEmbedAndRerank() throws Exception {
        CommandRun run = evaluate("--dimensions=64,32", "--windows=10,4");
        assertEquals(0, run.code(), run.err());
        assertEquals(
                List.of(
                        "kNN exact 64",
                        "kNN exact 64 + rerank 4",
                        "kNN exact 64 + rerank 10",
                        "kNN exact 32",
                        "kNN exact 32 + rerank 4",
                        "kNN exact 32 + rerank 10"),
                List.copyOf(figures("mrr10").keySet()));
        List<Map<Integer, Double>> scores = new ArrayList<>();
        for (String query : QUERIES) {
            scores.add(scores(query));
        }
        List<float[]> documents = vectors(TEXTS);
        List<float[]> queries = vectors(QUERIES, "--query");
        for (int dimensions : List.of(64, 32)) {
            List<List<Integer>> nearest = nearest(queries, documents, dimensions);
            assertFigure("kNN exact " + dimensions, nearest);
            for (int window : List.of(4, 10)) {
                List<List<Integer>> reranked = new ArrayList<>();
                for (int i = 0; i < QUERIES.size(); i++) {
                    Comparator<Integer> byScore = Comparator.comparing(scores.get(i)::get);
                    List<Integer> candidates = nearest.get(i).subList(0, window);
                    reranked.add(candidates.stream().sorted(byScore.reversed()).toList());
                }
                assertFigure("kNN exact " + dimensions + " + rerank " + window, reranked);
            }
        }
        assertEquals(run.out(), Files.readString(out.resolve("table.txt")));
        assertEquals(6, run.lines().stream().filter(l -> l.startsWith("kNN exact")).count());
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(out.resolve("quality.svg").toFile());
    }

    @Test
    void goesOnFromVectorsAndAnswersThatAreThere() throws Exception {
        assertEquals(0, evaluate("--windows=4").code());
        Map<String, Double> whole = figures("ndcg10");
        Path vectors = out.resolve("vectors.f32");
        byte[] all = Files.readAllBytes(vectors);
        assertEquals(TEXTS.size() * 64 * 4, all.length);
        // cut in the middle of the sixth vector and of the second answer
        Files.write(vectors, java.util.Arrays.copyOf(all, 5 * 64 * 4 + 7));
        Path answers = out.resolve("runs/knn-vector_64-rerank-4.jsonl");
        List<String> kept = Files.readAllLines(answers);
        Files.writeString(answers, kept.get(0) + "\n" + kept.get(1) + "\n{\"query\":\"q1\",\"");
        CommandRun again = evaluate("--windows=4");
        assertEquals(0, again.code(), again.err());
        assertTrue(again.err().contains("embed the corpus: 5 of 13 documents done"), again.err());
        assertTrue(again.err().contains("2/2 kNN exact 64 + rerank 4: 1 of 3"), again.err());
        assertEquals(whole, figures("ndcg10"));
        assertEquals(hits(kept), hits(Files.readAllLines(answers)));
    }

    @Test
    void answersOfAnotherInstructionAreNotMixed() {
        assertEquals(0, evaluate("--windows=none").code());
        assertRefused(
                evaluate("--windows=none", "--instruction=Find code"),
                2,
                "whose [embedding instruction] was [default], and now it is [Find code]");
        assertRefused(
                evaluate("--windows=none", "--max-length=100"),
                2,
                "vectors.f32.json] is of a run whose [embedding max_length] was [default]");
    }

    @Test
    void theInstructionReachesTheModel() throws Exception {
        assertEquals(0, evaluate("--windows=none").code());
        String before = Files.readAllLines(out.resolve("runs/knn-vector_64.jsonl")).get(1);
        Files.delete(out.resolve("runs/knn-vector_64.jsonl"));
        assertEquals(0, evaluate("--windows=none", "--instruction=Find code").code());
        String after = Files.readAllLines(out.resolve("runs/knn-vector_64.jsonl")).get(1);
        assertFalse(hits(List.of("", before)).equals(hits(List.of("", after))));
    }

    @Test
    void aQueryThatFailsIsALineAndExitCodeOne() throws Exception {
        // this query alone fills the reranker's maximum length
        List<String> queries = lines("q", List.of("ice", "salt ".repeat(200), "valleys"));
        Files.write(data.resolve("queries.jsonl"), queries);
        CommandRun run = evaluate("--windows=4", "--max-length=200");
        assertEquals(1, run.code(), run.err());
        assertTrue(run.err().contains("[kNN exact 64 + rerank 4] query [q1]: "), run.err());
        assertTrue(run.err().contains("[max_length]"), run.err());
        assertTrue(run.out().contains("2 of 3"), run.out());
        assertTrue(run.out().contains("1 searches failed and are not in the means"), run.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--stages=bm25|[--stages] [bm25] need a node, whose BM25 it is: name one with [--node]",
                "--stages=words|[--stages] must be of [bm25, knn, hybrid], got [words]",
                "--knn=hnsw|[--knn] [hnsw] need a node; without [--node] it is [exact]",
                "--windows=0|[--windows] must be between [1] and [10000], got [0]",
                "--windows=many|[--windows] must be whole numbers or [none], got [many]",
                "--dimensions=16|[--dimensions] must be at least [32], got [16]",
                "--dimensions=65|[--dimensions] must be at most the [64] of the model, got [65]",
                "--k=5|[--k] must be between [10] and [10000], got [5]",
                "--limit=0|[--limit] must be at least [1], got [0]",
                "--threads=0|[--threads] must be at least [1], got [0]",
                "--precision=int3|[precision] must be one of",
                "--data=/nowhere|[--data] [/nowhere] is not a folder",
                "--embedding=/nowhere|[--embedding] [/nowhere] is not a folder: name a checkpoint's",
                "--corpus=/nowhere|[--corpus] [/nowhere] is not a file",
                "--node=localhost|[--index] is needed with [--node]",
                "--node=localhost --index=a|[--node] must be a URL like [http://localhost:9200]",
                "--node=http://127.0.0.1:1 --index=a --num-candidates=0|[--num-candidates] must be",
                "--node=http://127.0.0.1:1 --index=a --timeout=0|[--timeout] must be at least [1]",
                "--node=http://127.0.0.1:1 --index=a --authorization=/nowhere|[--authorization] [/nowhere]",
                "--node=http://127.0.0.1:1 --index=a --create --vector-field=b|leave out [--vector-field]"
            })
    void wrongOptionsAreOneLine(String options, String said) {
        assertRefused(evaluate(options.split(" ")), 2, said);
    }

    @Test
    void aNodeThatIsNotThereIsNoWrongUsage() {
        assertRefused(
                evaluate("--node=http://127.0.0.1:1", "--index=a"),
                1,
                "[--node] [http://127.0.0.1:1] cannot be reached");
    }

    @Test
    void modelsOfTheOtherKindAreRefused() {
        assertRefused(evaluate("--embedding=" + reranker), 2, "] is a model of kind [reranker]");
        assertRefused(evaluate("--reranker=" + embedding), 2, "] is a model of kind [embedding]");
    }

    private CommandRun evaluate(String... more) {
        List<String> all = new ArrayList<>(List.of("evaluate"));
        Map<String, String> options = new TreeMap<>();
        options.put("--data", data.toString());
        options.put("--out", out.toString());
        options.put("--embedding", embedding.toString());
        options.put("--reranker", reranker.toString());
        options.put("--threads", "1");
        for (String option : more) {
            String[] parts = option.split("=", 2);
            options.put(parts[0], parts.length == 1 ? "" : parts[1]);
        }
        options.forEach((name, value) -> all.add(value.isEmpty() ? name : name + "=" + value));
        return CommandRun.of("", all.toArray(String[]::new));
    }

    private static void assertRefused(CommandRun run, int code, String said) {
        assertEquals(code, run.code(), run.err());
        assertTrue(run.err().contains(said), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    private Map<String, Double> figures(String name) throws IOException {
        JsonObject report =
                JsonParser.parseString(Files.readString(out.resolve("report.json")))
                        .getAsJsonObject();
        Map<String, Double> figures = new java.util.LinkedHashMap<>();
        for (JsonElement row : report.getAsJsonArray("rows")) {
            JsonObject object = row.getAsJsonObject();
            figures.put(object.get("row").getAsString(), object.get(name).getAsDouble());
        }
        return figures;
    }

    /** With one relevant document for each query, all three figures follow from its rank. */
    private void assertFigure(String row, List<List<Integer>> rankings) throws IOException {
        double mrr = 0;
        double ndcg = 0;
        double recall = 0;
        for (int i = 0; i < rankings.size(); i++) {
            int rank = rankings.get(i).indexOf(RELEVANT.get(i)) + 1;
            recall += rank > 0 ? 1 : 0;
            mrr += rank > 0 && rank <= 10 ? 1.0 / rank : 0;
            ndcg += rank > 0 && rank <= 10 ? Math.log(2) / Math.log(rank + 1) : 0;
        }
        assertEquals(mrr / rankings.size(), figures("mrr10").get(row), 1e-9, row);
        assertEquals(ndcg / rankings.size(), figures("ndcg10").get(row), 1e-9, row);
        assertEquals(recall / rankings.size(), figures("recall100").get(row), 1e-9, row);
    }

    /** For each query, documents with a text by descending cosine of so many dimensions. */
    private static List<List<Integer>> nearest(
            List<float[]> queries, List<float[]> documents, int dimensions) {
        List<List<Integer>> all = new ArrayList<>();
        for (float[] query : queries) {
            Map<Integer, Double> cosines = new TreeMap<>();
            for (int i = 0; i < TEXTS.size(); i++) {
                if (TEXTS.get(i).isEmpty() == false) {
                    cosines.put(i, cosine(query, documents.get(i), dimensions));
                }
            }
            Comparator<Integer> byCosine = Comparator.comparing(cosines::get);
            all.add(cosines.keySet().stream().sorted(byCosine.reversed()).toList());
        }
        return all;
    }

    private static double cosine(float[] a, float[] b, int dimensions) {
        double dot = 0;
        double squaresOfA = 0;
        double squaresOfB = 0;
        for (int i = 0; i < dimensions; i++) {
            dot += a[i] * b[i];
            squaresOfA += a[i] * a[i];
            squaresOfB += b[i] * b[i];
        }
        return dot / Math.sqrt(squaresOfA * squaresOfB);
    }

    /** P(yes) by document. */
    private static Map<Integer, Double> scores(String query) {
        CommandRun run =
                CommandRun.of(
                        String.join("\n", lines("d", TEXTS)),
                        "rerank",
                        "--model=" + reranker,
                        "--query=" + query);
        Map<Integer, Double> scores = new TreeMap<>();
        for (String line : run.lines()) {
            scores.put(scores.size(), object(line).get("score").getAsDouble());
        }
        return scores;
    }

    private static List<float[]> vectors(List<String> texts, String... options) {
        List<String> all = new ArrayList<>(List.of("embed", "--model=" + embedding));
        all.addAll(List.of(options));
        CommandRun run =
                CommandRun.of(String.join("\n", lines("d", texts)), all.toArray(String[]::new));
        List<float[]> vectors = new ArrayList<>();
        for (String line : run.lines()) {
            JsonArray numbers = object(line).getAsJsonArray("vector");
            float[] vector = new float[numbers.size()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = numbers.get(i).getAsFloat();
            }
            vectors.add(vector);
        }
        return vectors;
    }

    private static List<String> hits(List<String> lines) {
        return lines.stream()
                .filter(line -> line.contains("\"hits\""))
                .map(line -> object(line).get("hits").toString())
                .toList();
    }

    private static JsonObject object(String line) {
        return JsonParser.parseString(line).getAsJsonObject();
    }

    private static List<String> lines(String prefix, List<String> texts) {
        List<String> lines = new ArrayList<>();
        for (String text : texts) {
            JsonObject line = new JsonObject();
            line.addProperty("_id", prefix + lines.size());
            line.addProperty("text", text);
            lines.add(line.toString());
        }
        return lines;
    }
}
