package io.github.qwen3retrieval.models.evaluate;

import com.google.gson.JsonObject;
import io.github.qwen3retrieval.models.checkpoint.FileDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Queries with what was judged of documents for them.
 *
 * @param queries those that were judged, in the order of their file
 * @param grades by query and document; above 0 is relevant
 * @param sha256 of the file of queries
 * @param notes what was left out
 */
public record LabelledQueries(
        List<Query> queries,
        Map<String, Map<String, Integer>> grades,
        String sha256,
        List<String> notes) {

    /**
     * Reads and checks both files. Published collections hold blank queries: these are left out,
     * with a note.
     *
     * @param limit so many queries at most, the first of the file
     * @throws IllegalArgumentException naming the line that is wrong: no query, an id that comes
     *     twice, a judgement of an unknown query, or two that differ
     */
    public static LabelledQueries read(BeirFiles files, int limit) throws IOException {
        if (limit < 1) {
            throw new IllegalArgumentException(
                    "[--limit] must be at least [1], got [" + limit + "]");
        }
        List<Query> all = queries(files.queries());
        Set<String> ids = all.stream().map(Query::id).collect(Collectors.toSet());
        Map<String, Map<String, Integer>> grades = new HashMap<>();
        try (FileLines lines = new FileLines(files.qrels())) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                judgement(lines, line, ids, files.queries(), grades);
            }
        }
        List<String> notes = new ArrayList<>();
        List<Query> judged = new ArrayList<>();
        for (Query query : all) {
            if (grades.containsKey(query.id()) && query.text().isBlank()) {
                notes.add(
                        "["
                                + files.queries()
                                + "] the query ["
                                + query.id()
                                + "] is blank: left out");
            } else if (grades.containsKey(query.id()) && judged.size() < limit) {
                judged.add(query);
            }
        }
        if (judged.isEmpty()) {
            throw new IllegalArgumentException(
                    "["
                            + files.qrels()
                            + "] judges none of the queries of ["
                            + files.queries()
                            + "]");
        }
        return new LabelledQueries(
                List.copyOf(judged), grades, FileDigest.of(files.queries()), List.copyOf(notes));
    }

    /** Documents that were judged for the queries. */
    Set<String> documents() {
        Set<String> documents = new HashSet<>();
        queries.forEach(query -> documents.addAll(grades.get(query.id()).keySet()));
        return documents;
    }

    /**
     * Judgements must be about documents that can be found.
     *
     * @param known ids of all documents
     * @param where they are, for the message
     * @throws IllegalArgumentException naming some that are not among them
     */
    public void check(Set<String> known, String where) {
        List<String> missing =
                documents().stream().filter(id -> known.contains(id) == false).sorted().toList();
        if (missing.isEmpty() == false) {
            throw new IllegalArgumentException(
                    "[--qrels] judges ["
                            + missing.size()
                            + "] documents that are not in "
                            + where
                            + ", such as "
                            + missing.subList(0, Math.min(3, missing.size()))
                            + ": are corpus and judgements of the same collection?");
        }
    }

    private static List<Query> queries(Path file) throws IOException {
        List<Query> queries = new ArrayList<>();
        Map<String, Integer> lineOf = new HashMap<>();
        try (FileLines lines = new FileLines(file)) {
            for (JsonObject line = lines.nextObject(); line != null; line = lines.nextObject()) {
                Query query =
                        new Query(lines.text(line, "_id", null), lines.text(line, "text", null));
                Integer before = lineOf.putIfAbsent(query.id(), lines.number());
                if (before != null) {
                    throw lines.wrong(
                            "its _id [" + query.id() + "] is that of line [" + before + "], too");
                }
                queries.add(query);
            }
        }
        return queries;
    }

    private static void judgement(
            FileLines lines,
            String line,
            Set<String> queries,
            Path queriesFile,
            Map<String, Map<String, Integer>> grades) {
        String[] columns = line.split("\t", -1);
        if (columns.length != 3) {
            throw lines.wrong(
                    "it has ["
                            + columns.length
                            + "] columns, must be [3] parted by tabs: query, document, grade");
        }
        if (lines.number() == 1 && columns[2].strip().matches("-?\\d+") == false) {
            return;
        }
        int grade;
        try {
            grade = Integer.parseInt(columns[2].strip());
        } catch (NumberFormatException e) {
            throw lines.wrong("its grade must be a whole number, got [" + columns[2] + "]");
        }
        if (queries.contains(columns[0]) == false) {
            throw lines.wrong("the query [" + columns[0] + "] is not in [" + queriesFile + "]");
        }
        Integer before =
                grades.computeIfAbsent(columns[0], query -> new HashMap<>()).put(columns[1], grade);
        if (before != null && before != grade) {
            throw lines.wrong(
                    "it grades ["
                            + columns[1]
                            + "] for ["
                            + columns[0]
                            + "] with ["
                            + grade
                            + "], an earlier line with ["
                            + before
                            + "]");
        }
    }
}
