package io.github.qwen3retrieval.models.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept, asked again, told of and refused, with a searcher whose answers are known. */
class EvaluationTest {

    private static final Row ROW = new Row(Stage.BM25, null, 0);
    private static final Row RERANKED = new Row(Stage.BM25, null, 10);

    @TempDir Path out;

    private final List<String> said = new ArrayList<>();
    private final LabelledQueries labelled = queries(20);

    /**
     * Finds document 1 first for even queries, second for odd ones; forgets, fails or ends on
     * demand.
     */
    private static final class Known implements Searcher {

        private final List<String> asked = new ArrayList<>();
        private final Map<String, String> parameters = new HashMap<>(Map.of("index", "a"));
        private final List<Integer> refused = new ArrayList<>();
        private int end = Integer.MAX_VALUE;
        private long cached;
        private long hitsOfEach;

        @Override
        public Map<String, String> parameters(Row row) {
            return parameters;
        }

        @Override
        public void prepare(Row row) {}

        @Override
        public Answer search(Row row, Query query) throws IOException {
            int number = Integer.parseInt(query.id().substring(1));
            if (asked.size() == end) {
                throw new IOException("the node is gone");
            }
            asked.add(query.id());
            cached += hitsOfEach;
            if (refused.contains(number)) {
                throw new SearchFailedException("status [400]: no");
            }
            double other = number % 2 == 0 ? 0.25 : 0.75;
            return new Answer(List.of(new Hit("d2", other), new Hit("d1", 0.5)), number + 1);
        }

        @Override
        public long cached() {
            return cached;
        }

        @Override
        public void close() {}
    }

    private final Known searcher = new Known();

    private final Meter meter =
            new Meter() {
                @Override
                public void begin(String what, String unit, long done, long total) {
                    said.add(what + ": " + done + " of " + total);
                }

                @Override
                public void done(long count) {}

                @Override
                public void note(String line) {
                    said.add(line);
                }
            };

    @Test
    void figuresAreMeansOverTheQueries() throws Exception {
        RowFigures row = evaluate(ROW).rows().get(0);
        assertEquals(0.5 * (1 + 1 / 1.584962500721156), row.ndcg10(), 1e-12);
        assertEquals(0.75, row.mrr10());
        assertEquals(1, row.recall100());
        assertEquals(10.5, row.medianMillis());
        assertEquals(19, row.p95Millis());
        assertEquals(20, row.queries());
        assertTrue(Files.readString(out.resolve("runs/bm25.trec")).startsWith("q0 Q0 d2 1 0.25 "));
        assertTrue(Files.readString(out.resolve("qrels.trec")).startsWith("q0 0 d1 1\n"));
    }

    @Test
    void goesOnWhereItWasInterrupted() throws Exception {
        Report whole = evaluate(ROW);
        Path elsewhere = Files.createDirectory(out.resolve("elsewhere"));
        searcher.asked.clear();
        searcher.end = 7;
        IOException end =
                assertThrows(
                        IOException.class, () -> evaluation(elsewhere).run(List.of(ROW), Map.of()));
        assertEquals("the node is gone", end.getMessage());
        // the process was killed in the middle of a line
        Files.writeString(
                elsewhere.resolve("runs/bm25.jsonl"),
                "{\"query\":\"q7\",\"mil",
                StandardOpenOption.APPEND);
        searcher.end = Integer.MAX_VALUE;
        said.clear();
        Report resumed = evaluation(elsewhere).run(List.of(ROW), Map.of());
        assertEquals(whole.rows(), resumed.rows());
        assertEquals(ids(20), searcher.asked);
        assertEquals(List.of("1/1 BM25: 7 of 20"), said);
    }

    @Test
    void aThirdRunAsksNothing() throws Exception {
        evaluate(ROW);
        searcher.asked.clear();
        evaluate(ROW);
        assertEquals(List.of(), searcher.asked);
    }

    @Test
    void answersOfOtherParametersAreNotMixed() throws Exception {
        evaluate(ROW);
        searcher.parameters.put("index", "b");
        String why = assertThrows(IllegalArgumentException.class, () -> evaluate(ROW)).getMessage();
        assertTrue(
                why.contains("bm25.jsonl] is of a run whose [index] was [a], and now it is [b]"),
                why);
        assertTrue(why.contains("name another folder, or delete the file"), why);
        searcher.parameters.put("index", "a");
        searcher.parameters.put("more", "c");
        why = assertThrows(IllegalArgumentException.class, () -> evaluate(ROW)).getMessage();
        assertTrue(why.contains("[more] was [null], and now it is [c]"), why);
    }

    @Test
    void aFileOfSomethingElseIsLeftAlone() throws Exception {
        for (String foreign : List.of("precious", "{\"format\": \"other\"}", "[]", "{}")) {
            Path file = Files.createDirectories(out.resolve("runs")).resolve("bm25.jsonl");
            Files.writeString(file, foreign + "\n");
            String why =
                    assertThrows(IllegalArgumentException.class, () -> evaluate(ROW)).getMessage();
            assertTrue(why.contains("line [1] is none that [qwen3 evaluate] wrote"), why);
            assertEquals(foreign + "\n", Files.readString(file));
        }
    }

    @Test
    void twoAtOnceDoNotWriteToOneFile() throws Exception {
        Path runs = Files.createDirectories(out.resolve("runs"));
        try (RunFile open = new RunFile(runs.resolve("bm25.jsonl"), searcher.parameters)) {
            String why =
                    assertThrows(IllegalArgumentException.class, () -> evaluate(ROW)).getMessage();
            assertTrue(why.contains("another [qwen3 evaluate] writes to ["), why);
            assertEquals(Map.of(), open.answers());
        }
    }

    @Test
    void aFailureIsALineAndIsAskedAgain() throws Exception {
        searcher.refused.add(3);
        Report report = evaluate(ROW);
        assertFalse(report.complete());
        assertEquals(19, report.rows().get(0).queries());
        assertEquals(1, report.rows().get(0).failed());
        assertEquals(List.of("1/1 BM25: 0 of 20", "[BM25] query [q3]: status [400]: no"), said);
        assertTrue(ReportTable.of(report).contains("19 of 20"), ReportTable.of(report));
        searcher.refused.clear();
        searcher.asked.clear();
        assertTrue(evaluate(ROW).complete());
        assertEquals(List.of("q3"), searcher.asked);
    }

    @Test
    void aRowThatOnlyFailsIsGivenUpAndTheNextGoesOn() throws Exception {
        IntStream.range(0, 20).forEach(searcher.refused::add);
        Report report = evaluation(out).run(List.of(ROW, RERANKED), Map.of());
        assertEquals(2 * Evaluation.FAILURES_IN_A_ROW, searcher.asked.size());
        assertEquals(20, report.rows().get(1).failed());
        assertTrue(
                said.contains(
                        "[BM25 + rerank 10] is given up: [10] queries failed one after the other"));
    }

    @Test
    void latenciesOutOfACacheAreToldOf() throws Exception {
        searcher.hitsOfEach = 5;
        Report report = evaluate(RERANKED);
        assertEquals(100, report.rows().get(0).cached());
        String table = ReportTable.of(report);
        assertTrue(table.contains("LATENCIES ARE TOO LOW: in one row 50 %"), table);
        // a later run, which asks nothing, reports the same times
        assertTrue(
                ReportTable.of(evaluate(RERANKED))
                        .contains("LATENCIES ARE TOO LOW: in one row 50 %"));
        assertTrue(table.contains("Recall@100 counts the hits that a search returns"), table);
    }

    @Test
    void fewEqualQueriesAreNoReasonToWarn() throws Exception {
        searcher.cached = 1000;
        Report report = evaluate(RERANKED);
        assertFalse(ReportTable.of(report).contains("TOO LOW"));
    }

    private Report evaluate(Row row) throws IOException, InterruptedException {
        return evaluation(out).run(List.of(row), Map.of("collection", "known"));
    }

    private Evaluation evaluation(Path folder) {
        return new Evaluation(labelled, searcher, folder, meter);
    }

    private static LabelledQueries queries(int count) {
        Map<String, Map<String, Integer>> grades = new HashMap<>();
        ids(count).forEach(id -> grades.put(id, Map.of("d1", 1)));
        return new LabelledQueries(
                ids(count).stream().map(id -> new Query(id, "find " + id)).toList(),
                grades,
                "",
                List.of());
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(number -> "q" + number).toList();
    }
}
