package io.github.qwen3retrieval.models.evaluate;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Answers and judgements in trec_eval's formats, so that figures can be had from that, too. White
 * space in ids, which these formats cannot hold, becomes {@code %20}.
 */
final class TrecFiles {

    private TrecFiles() {}

    /** Lines {@code query 0 document grade}. */
    static void qrels(LabelledQueries labelled, Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Query query : labelled.queries()) {
                for (Map.Entry<String, Integer> grade :
                        labelled.grades().get(query.id()).entrySet()) {
                    out.write(id(query.id()) + " 0 " + id(grade.getKey()) + " ");
                    out.write(grade.getValue() + "\n");
                }
            }
        }
    }

    /** Lines {@code query Q0 document rank score row}. */
    static void run(
            Row row, LabelledQueries labelled, Map<String, Searcher.Answer> answers, Path file)
            throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Query query : labelled.queries()) {
                Searcher.Answer answer = answers.get(query.id());
                if (answer == null) {
                    continue;
                }
                int rank = 0;
                for (Hit hit : answer.hits()) {
                    rank++;
                    out.write(
                            String.format(
                                    Locale.ROOT,
                                    "%s Q0 %s %d %s %s%n",
                                    id(query.id()),
                                    id(hit.id()),
                                    rank,
                                    hit.score(),
                                    row.fileName()));
                }
            }
        }
    }

    private static String id(String id) {
        return id.replaceAll("\\s", "%20");
    }
}
