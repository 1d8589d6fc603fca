package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code qwen3 evaluate} over a real node's search API. The models are random: what their vectors
 * and scores are worth is of no interest, only that the command says it rightly.
 */
@ExtendWith(SharedNode.class)
class EvaluateIT {

    private static final String INDEX = "evaluate";
    private static final int QUERIES = 8;
    private static final int WINDOW = 10;
    private static final List<String> FIELDS =
            List.of("vector_64_flat", "vector_64_hnsw", "vector_32_flat", "vector_32_hnsw");

    /** The paragraphs and questions of the demo: one paragraph is relevant for each question. */
    private static final Path DATA =
            Path.of(System.getProperty("it.checkout")).resolve("integTest/demo/xquad-en");

    private static Path whole;
    private static String table;

    private final RealNode node;
    private final NodeClient client;

    EvaluateIT(RealNode node) {
        this.node = node;
        client = node.client();
    }

    @BeforeAll
    static void evaluateEverything(RealNode node) throws Exception {
        whole = ScratchFolders.create("evaluate").resolve("whole");
        table = run(node, all(node, whole)).orFail().out();
    }

    @AfterAll
    static void removeIndices(RealNode node) throws IOException {
        node.client().delete(INDEX).ok();
    }

    @Test
    void theTableHasEveryRowWithTheFiguresOfTheSearchApi() throws Exception {
        Map<String, JsonNode> rows = rows(whole);
        List<Question> questions = questions();
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put("BM25", "\"query\": " + match());
        bodies.put("BM25 + rerank " + WINDOW, "\"query\": " + match() + rescore(WINDOW));
        for (String field : FIELDS) {
            String label = label(field);
            bodies.put("kNN " + label, "\"knn\": " + knn(field, 100));
            String knn = "\"knn\": " + knn(field, WINDOW);
            bodies.put("kNN " + label + " + rerank " + WINDOW, knn + rescore(WINDOW));
        }
        for (Map.Entry<String, String> each : bodies.entrySet()) {
            JsonNode row = rows.get(each.getKey());
            int size = row.get("window").asInt() == 0 ? 100 : row.get("window").asInt();
            List<Map<String, Double>> answers = new ArrayList<>();
            for (Question question : questions) {
                answers.add(search(each.getValue(), size, question.text()));
            }
            assertFigures(row, questions, answers);
        }
        for (String field : FIELDS) {
            assertFused(rows.get("BM25 ∪ kNN " + label(field)), bodies, field, questions);
            String name = "BM25 ∪ kNN " + label(field) + " + rerank " + WINDOW;
            assertUnited(rows.get(name), field, WINDOW, questions);
        }
        assertEquals(2 + 4 * 2 + 4 * 2, rows.size());
        rows.keySet().forEach(name -> assertTrue(table.contains(name + " "), table));
    }

    /** Else rows after the first would look faster than any new query is. */
    @Test
    void noAnswerCameFromACache() throws Exception {
        for (JsonNode row : rows(whole).values()) {
            assertEquals(0, row.get("cached").asInt(), row::toString);
            assertTrue(row.get("medianMillis").asDouble() > 0, row::toString);
        }
    }

    @Test
    void wordsAloneFindMostParagraphsAndMissingOnesAreIndexedAgain() throws Exception {
        Path out = ScratchFolders.create("evaluate").resolve("words");
        List<String> words =
                List.of(
                        "--node=" + url(node),
                        "--index=evaluate-words",
                        "--create",
                        "--data=" + DATA,
                        "--stages=bm25",
                        "--windows=none",
                        "--out=" + out);
        Command done = run(node, words).orFail();
        JsonNode row = rows(out).get("BM25");
        assertEquals(240, row.get("queries").asInt(), done.out());
        assertTrue(row.get("ndcg10").asDouble() > 0.95, done.out());
        assertTrue(row.get("recall100").asDouble() > 0.99, done.out());

        client.delete("evaluate-words/_doc/en-p000").ok();
        client.delete("evaluate-words/_doc/en-p100").ok();
        Command again = run(node, words).orFail();
        String said = "index [evaluate-words]: 238 of 240 documents done";
        assertTrue(again.err().contains(said), again.err());
        assertEquals(240, client.get("evaluate-words/_count").ok().body().get("count").asInt());
        client.delete("evaluate-words").ok();
    }

    @Test
    void interruptedAndGoneOnWithGivesTheSameFigures() throws Exception {
        Path out = ScratchFolders.create("evaluate").resolve("interrupted");
        List<String> command = new ArrayList<>(List.of(qwen3(node), "evaluate"));
        command.addAll(all(node, out));
        Path err = out.resolveSibling("err");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(err.toFile());
        builder.environment().put("ES_JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            Path second = out.resolve("runs/bm25-rerank-10.jsonl");
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
            while (!Files.exists(second) || Files.readAllLines(second).size() < 4) {
                assertTrue(process.isAlive() && System.nanoTime() < end, Files.readString(err));
                Thread.sleep(5);
            }
        } finally {
            process.destroy();
        }
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertTrue(process.exitValue() != 0);
        assertTrue(Files.readString(err).contains("run the same command to go on"), "" + err);
        assertTrue(!Files.exists(out.resolve("report.json")));

        List<String> again = new ArrayList<>(all(node, out));
        again.add("--no-reload");
        List<String> said = run(node, again).orFail().err().lines().toList();
        assertTrue(said.get(0).matches("2/18 BM25 \\+ rerank 10: [1-7] of 8 .*"), said::toString);
        assertEquals(figures(whole), figures(out));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--index=missing|2|[--index] [missing] is not on [http://|add [--create]",
                "--embedding=no|2|[--embedding] [no] is no model of kind [embedding]: those on|tiny-",
                "--reranker=tiny-embedding-0.1b|2|is no model of kind [reranker]|tiny-reranker",
                "--text-field=body|2|[--text-field] [body] is no field of type [text]|[text]",
                "--vector-field=body|2|[--vector-field] [body] is no field of type [dense_vector]|64",
                "--dimensions=48|2|[--dimensions] [48] and [--knn] [] leave no field|(hnsw 32)",
                "--precision=int8|2|[--precision] is [int8], but the node runs|.precision: int8] in",
                "--data=FOREIGN|2|[--qrels] judges [1] documents that are not in index [evaluate]|[x]",
                "--create --data=FOREIGN|2|not in [--corpus] [|corpus.jsonl]",
                "--create --analyzer=simple|2|was made with [analyzer] [standard], and now|delete it",
                "--create --dimensions=128|2|[--dimensions] of field [vector_128_flat] are [128]|[64]",
                "--max-length=5000000|1|[max_length] must be between [2] and|] query [en-"
            })
    void whatDoesNotFitTheNodeIsSaid(String options, int exit, String says, String andThis)
            throws Exception {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--node=" + url(node),
                                "--index=" + INDEX,
                                "--data=" + DATA,
                                "--windows=10",
                                "--no-reload",
                                "--limit=" + QUERIES,
                                "--out=" + ScratchFolders.create("evaluate").resolve("refused")));
        for (String option : options.replace("FOREIGN", foreign().toString()).split(" ")) {
            arguments.removeIf(given -> given.split("=")[0].equals(option.split("=")[0]));
            arguments.add(option);
        }
        Command done = run(node, arguments);
        assertEquals(exit, done.exit(), done.err());
        assertTrue(done.err().contains(says), done.err());
        assertTrue(done.err().contains(andThis), done.err());
        if (exit == 2) {
            assertEquals(1, done.err().lines().count(), done.err());
        }
    }

    private record Question(String text, String answer) {}

    private static List<Question> questions() throws IOException {
        Map<String, String> answers = new LinkedHashMap<>();
        for (String line : Files.readAllLines(DATA.resolve("qrels.tsv"))) {
            answers.put(line.split("\t")[0], line.split("\t")[1]);
        }
        List<Question> questions = new ArrayList<>();
        for (String line : Files.readAllLines(DATA.resolve("queries.jsonl")).subList(0, QUERIES)) {
            JsonNode query = Articles.JSON.readTree(line);
            String answer = answers.get(query.get("_id").asText());
            questions.add(new Question(query.get("text").asText(), answer));
        }
        return questions;
    }

    private static List<String> all(RealNode node, Path out) throws IOException {
        return List.of(
                "--node=" + url(node),
                "--index=" + INDEX,
                "--create",
                "--data=" + DATA,
                "--dimensions=64,32",
                "--windows=" + WINDOW,
                "--limit=" + QUERIES,
                "--out=" + out);
    }

    private static Command run(RealNode node, List<String> options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("evaluate"));
        arguments.addAll(options);
        return node.installation().qwen3("", arguments.toArray(String[]::new));
    }

    private static String qwen3(RealNode node) {
        return node.installation().home().resolve("bin/qwen3-retrieval/qwen3").toString();
    }

    private static String url(RealNode node) throws IOException {
        return "http://" + node.httpAddress();
    }

    private static Map<String, JsonNode> rows(Path out) throws IOException {
        Map<String, JsonNode> rows = new LinkedHashMap<>();
        JsonNode report = Articles.JSON.readTree(Files.readString(out.resolve("report.json")));
        report.get("rows").forEach(row -> rows.put(row.get("row").asText(), row));
        return rows;
    }

    /** The figures that do not depend on the clock. */
    private static List<String> figures(Path out) throws IOException {
        List<String> figures = new ArrayList<>();
        for (JsonNode row : rows(out).values()) {
            ObjectNode kept = row.deepCopy();
            kept.remove(List.of("medianMillis", "p95Millis", "cached"));
            figures.add(kept.toString());
        }
        return figures;
    }

    private static String label(String field) {
        String[] parts = field.split("_");
        return (parts[2].equals("flat") ? "exact" : parts[2]) + " " + parts[1];
    }

    private static String match() {
        return "{ \"match\": { \"text\": QUESTION } }";
    }

    private static String knn(String field, int k) {
        return Template.fill(
                """
                { "field": "%s", "k": %d, "num_candidates": 200, "query_vector_builder": {
                  "qwen3_embedding": { "model_text": QUESTION, "dimensions": %s } } }
                """,
                field, k, field.split("_")[1]);
    }

    private static String rescore(int window) {
        return Template.fill(
                """
                , "rescore": { "window_size": %d,
                  "qwen3_reranker": { "field": "text", "query_text": QUESTION } }
                """,
                window);
    }

    /** Scores by document. */
    private Map<String, Double> search(String body, int size, String question) throws IOException {
        String json = Articles.JSON.getNodeFactory().textNode(question).toString();
        String request = "{ \"size\": " + size + ", " + body.replace("QUESTION", json) + " }";
        Map<String, Double> scores = new LinkedHashMap<>();
        JsonNode answer = client.post(INDEX + "/_search", request).ok().body();
        for (JsonNode hit : answer.at("/hits/hits")) {
            scores.put(hit.get("_id").asText(), hit.get("_score").asDouble());
        }
        return scores;
    }

    private void assertFused(
            JsonNode row, Map<String, String> bodies, String field, List<Question> questions)
            throws IOException {
        List<Map<String, Double>> answers = new ArrayList<>();
        for (Question question : questions) {
            Map<String, Double> fused = new LinkedHashMap<>();
            for (String stage : List.of("BM25", "kNN " + label(field))) {
                Map<String, Double> list = search(bodies.get(stage), 100, question.text());
                list.keySet()
                        .forEach(id -> fused.merge(id, 1.0 / (60 + rank(list, id)), Double::sum));
            }
            answers.add(fused);
        }
        assertFigures(row, questions, answers);
    }

    private void assertUnited(JsonNode row, String field, int window, List<Question> questions)
            throws IOException {
        String retriever =
                Template.fill(
                        """
                        "retriever": { "qwen3_reranker": { "field": "text", "query_text": QUESTION,
                          "rank_window_size": %d, "retrievers": [
                            { "standard": { "query": %s } }, { "knn": %s } ] } }
                        """,
                        window, match(), knn(field, window));
        List<Map<String, Double>> answers = new ArrayList<>();
        for (Question question : questions) {
            answers.add(search(retriever, window, question.text()));
        }
        assertFigures(row, questions, answers);
    }

    private static int rank(Map<String, Double> scores, String id) {
        double own = scores.get(id);
        int rank = 1;
        for (Map.Entry<String, Double> other : scores.entrySet()) {
            int byScore = Float.compare(other.getValue().floatValue(), (float) own);
            if (byScore > 0 || (byScore == 0 && other.getKey().compareTo(id) > 0)) {
                rank++;
            }
        }
        return rank;
    }

    /** With one relevant document for each question, all three figures follow from its rank. */
    private static void assertFigures(
            JsonNode row, List<Question> questions, List<Map<String, Double>> answers) {
        double ndcg = 0;
        double mrr = 0;
        double recall = 0;
        for (int i = 0; i < questions.size(); i++) {
            String answer = questions.get(i).answer();
            if (answers.get(i).containsKey(answer)) {
                int rank = rank(answers.get(i), answer);
                ndcg += rank <= 10 ? Math.log(2) / Math.log(rank + 1) : 0;
                mrr += rank <= 10 ? 1.0 / rank : 0;
                recall += rank <= 100 ? 1 : 0;
            }
        }
        int count = questions.size();
        assertEquals(count, row.get("queries").asInt(), row::toString);
        assertEquals(ndcg / count, row.get("ndcg10").asDouble(), 1e-9, row::toString);
        assertEquals(mrr / count, row.get("mrr10").asDouble(), 1e-9, row::toString);
        assertEquals(recall / count, row.get("recall100").asDouble(), 1e-9, row::toString);
    }

    /** The collection with a judgement of a document that is nowhere. */
    private static Path foreign() throws IOException {
        Path folder = ScratchFolders.create("foreign");
        for (String name : List.of("corpus.jsonl", "queries.jsonl")) {
            Files.copy(DATA.resolve(name), folder.resolve(name));
        }
        String first =
                Articles.JSON
                        .readTree(Files.readAllLines(DATA.resolve("queries.jsonl")).get(0))
                        .get("_id")
                        .asText();
        Files.writeString(folder.resolve("qrels.tsv"), first + "\tx\t1\n");
        return folder;
    }
}
