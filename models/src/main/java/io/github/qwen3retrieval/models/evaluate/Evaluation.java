package io.github.qwen3retrieval.models.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Asks every query in every row, one after the other, so that a search's time is its own. What is
 * answered already is not asked again. A query that fails is one line, and the others go on.
 */
public final class Evaluation {

    /** A row in which so many queries fail one after the other will not get better. */
    static final int FAILURES_IN_A_ROW = 10;

    /** Collections have equal queries, too: what these find in a cache does not move a median. */
    private static final double NOT_WORTH_A_NOTE = 0.1;

    private final LabelledQueries labelled;
    private final Searcher searcher;
    private final Path out;
    private final Meter meter;
    private final List<String> notes = new ArrayList<>();
    private double cachedShare;

    /**
     * Not begun.
     *
     * @param out folder of the answers, made where it is not there
     * @param meter told of each query and of each failure
     */
    public Evaluation(LabelledQueries labelled, Searcher searcher, Path out, Meter meter) {
        this.labelled = labelled;
        this.searcher = searcher;
        this.out = out;
        this.meter = meter;
    }

    /**
     * Asks what has not been answered yet.
     *
     * @param facts for the report
     * @throws IllegalArgumentException if the folder holds answers that other parameters gave
     * @throws IOException if the searcher is gone; what was answered is kept
     */
    public Report run(List<Row> rows, Map<String, String> facts)
            throws IOException, InterruptedException {
        Path runs = Files.createDirectories(out.resolve("runs"));
        for (Row row : rows) {
            RunFile.check(runs.resolve(row.fileName() + ".jsonl"), searcher.parameters(row));
        }
        TrecFiles.qrels(labelled, out.resolve("qrels.trec"));
        List<RowFigures> figures = new ArrayList<>();
        for (Row row : rows) {
            String name = figures.size() + 1 + "/" + rows.size() + " " + row.label();
            Path path = runs.resolve(row.fileName() + ".jsonl");
            // one row in memory at a time
            try (RunFile file = new RunFile(path, searcher.parameters(row))) {
                ask(row, file, name);
                cachedShare = Math.max(cachedShare, file.cachedShare());
                Path trec = runs.resolve(row.fileName() + ".trec");
                TrecFiles.run(row, labelled, file.answers(), trec);
                figures.add(RowFigures.of(row, labelled, file.answers(), file.cached()));
            }
        }
        notes.addAll(labelled.notes());
        note(figures);
        return new Report(new LinkedHashMap<>(facts), List.copyOf(figures), List.copyOf(notes));
    }

    /** Asks the queries of a row that have no answer yet. */
    private void ask(Row row, RunFile file, String name) throws IOException, InterruptedException {
        List<Query> open =
                labelled.queries().stream()
                        .filter(query -> file.answers().containsKey(query.id()) == false)
                        .toList();
        if (open.isEmpty()) {
            return;
        }
        searcher.prepare(row);
        long cached = searcher.cached();
        int before = labelled.queries().size() - open.size();
        meter.begin(name, "queries", before, labelled.queries().size());
        int failures = 0;
        for (int i = 0; i < open.size() && failures < FAILURES_IN_A_ROW; i++) {
            Query query = open.get(i);
            try {
                file.add(query.id(), searcher.search(row, query));
                failures = 0;
            } catch (SearchFailedException e) {
                failures++;
                meter.note("[" + row.label() + "] query [" + query.id() + "]: " + e.getMessage());
            }
            meter.done(before + i + 1);
        }
        if (failures == FAILURES_IN_A_ROW) {
            meter.note(
                    "["
                            + row.label()
                            + "] is given up: ["
                            + failures
                            + "] queries failed one after the other");
        }
        long computed = (long) open.size() * ((row.embeds() ? 1 : 0) + row.window());
        file.addCached(searcher.cached() - cached, computed);
    }

    private void note(List<RowFigures> figures) {
        if (figures.stream().anyMatch(row -> row.window() > 0 && row.window() < 100)) {
            notes.add(
                    "Recall@100 counts the hits that a search returns; reranking returns no more than"
                            + " its window.");
        }
        if (cachedShare > NOT_WORTH_A_NOTE) {
            notes.add(
                    String.format(
                            Locale.ROOT,
                            "LATENCIES ARE TOO LOW: in one row %.0f %% of the vectors and scores"
                                    + " came from the node's caches. They are right where models are"
                                    + " reloaded before each row (no [--no-reload], and the cluster"
                                    + " privilege manage), or with"
                                    + " qwen3.cache.query_vectors.size: 0 and"
                                    + " qwen3.cache.rerank_scores.size: 0 in elasticsearch.yml.",
                            100 * Math.min(1, cachedShare)));
        }
        int failed = figures.stream().mapToInt(RowFigures::failed).sum();
        if (failed > 0) {
            notes.add(
                    failed
                            + " searches failed and are not in the means: the same command asks these"
                            + " alone again.");
        }
    }
}
