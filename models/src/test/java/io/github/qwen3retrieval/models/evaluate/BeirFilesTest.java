package io.github.qwen3retrieval.models.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BeirFilesTest {

    @TempDir Path folder;

    @BeforeEach
    void write() throws IOException {
        file(
                "corpus.jsonl",
                "{\"_id\": \"d1\", \"title\": \"Ice\", \"text\": \"moves \"}",
                "",
                "{\"_id\": \"d2\", \"text\": \"stands\", \"metadata\": {\"a\": 1}}",
                "{\"_id\": \"d3\", \"title\": null, \"text\": \"\"}");
        file(
                "queries.jsonl",
                "{\"_id\": \"q1\", \"text\": \"does ice move\"}",
                "{\"_id\": \"q2\", \"text\": \"who stands\"}",
                "{\"_id\": \"q3\", \"text\": \"not judged\"}");
        file("qrels.tsv", "query-id\tcorpus-id\tscore", "q2\td2\t2", "q1\td1\t1", "q1\td2\t0");
    }

    @Test
    void readsWhatIsJudgedInTheOrderOfTheQueries() throws Exception {
        LabelledQueries labelled = read(10);
        assertEquals(List.of("q1", "q2"), labelled.queries().stream().map(Query::id).toList());
        assertEquals(Map.of("d1", 1, "d2", 0), labelled.grades().get("q1"));
        assertEquals(Set.of("d1", "d2"), labelled.documents());
        assertEquals(List.of("q1"), read(1).queries().stream().map(Query::id).toList());
    }

    @Test
    void titleAndTextAreOneText() throws Exception {
        List<Document> read = new ArrayList<>();
        Corpus.open(folder.resolve("corpus.jsonl")).read(2, read::addAll);
        assertEquals(
                List.of(
                        new Document("d1", "Ice moves"),
                        new Document("d2", "stands"),
                        new Document("d3", "")),
                read);
    }

    @Test
    void judgementsNeedNoHeaderAndMayLieInAFolderOfTheirOwn() throws Exception {
        Files.delete(folder.resolve("qrels.tsv"));
        Files.createDirectory(folder.resolve("qrels"));
        file("qrels/test.tsv", "q1\td1\t1");
        assertEquals(Map.of("q1", Map.of("d1", 1)), read(10).grades());
    }

    @Test
    void longDocumentsAreHandedOnFewAtATime() throws Exception {
        String text = "x".repeat(150_000);
        file(
                "corpus.jsonl",
                "{\"_id\": 1, \"text\": \"" + text + "\"}",
                "{\"_id\": 2, \"text\": \"" + text + "\"}",
                "{\"_id\": 3, \"text\": \"" + text + "\"}");
        List<Integer> sizes = new ArrayList<>();
        Corpus.open(folder.resolve("corpus.jsonl")).read(100, some -> sizes.add(some.size()));
        assertEquals(List.of(2, 1), sizes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "queries.jsonl|{\"_id\": \"q1\", |line [1]: |at column 14",
                "queries.jsonl|[1]|line [1]: it is not a JSON object|",
                "queries.jsonl|{\"text\": \"a\"}|line [1]: it has no [_id]|",
                "queries.jsonl|{\"_id\": \"q1\"}|line [1]: it has no [text]|",
                "queries.jsonl|{\"_id\": \"q1\", \"text\": {}}|its [text] is not a text|",
                "qrels.tsv|q1 d1 1|line [1]: it has [1] columns, must be [3] parted by tabs|",
                "qrels.tsv|q9\td1\t1|line [1]: the query [q9] is not in [|queries.jsonl]",
                "qrels.tsv|query\tdocument\tgrade|judges none of the queries|queries.jsonl"
            })
    void aLineThatIsWrongIsNamed(String name, String line, String said, String andThis)
            throws Exception {
        file(name, line.replace("\\t", "\t"));
        assertRefused(() -> read(10), said, name, andThis == null ? "" : andThis);
    }

    /** As in published collections. */
    @Test
    void aBlankQueryIsLeftOutWithANote() throws Exception {
        file(
                "queries.jsonl",
                "{\"_id\": \"q1\", \"text\": \" \"}",
                "{\"_id\": \"q2\", \"text\": \"who stands\"}",
                "{\"_id\": \"q3\", \"text\": \"\"}");
        LabelledQueries labelled = read(1);
        assertEquals(List.of(new Query("q2", "who stands")), labelled.queries());
        String queries = folder.resolve("queries.jsonl").toString();
        assertEquals(
                List.of("[" + queries + "] the query [q1] is blank: left out"), labelled.notes());
    }

    @Test
    void whatComesTwiceIsNamedWithBothLines() throws Exception {
        String query = "{\"_id\": \"q1\", \"text\": \"a\"}";
        file("queries.jsonl", query, query);
        assertRefused(() -> read(10), "line [2]", "[q1] is that of line [1], too");
        String document = "{\"_id\": \"d1\", \"text\": \"a\"}";
        file("corpus.jsonl", document, "", document);
        assertRefused(
                () -> Corpus.open(folder.resolve("corpus.jsonl")),
                "corpus.jsonl] line [3]",
                "[d1] is that of line [1], too");
    }

    @Test
    void gradesMustBeWholeNumbersThatAgree() throws Exception {
        file("qrels.tsv", "q1\td1\t1", "q1\td2\t0.5");
        assertRefused(() -> read(10), "line [2]: its grade must be a whole number, got [0.5]");
        file("qrels.tsv", "q1\td1\t1", "q1\td1\t1", "q1\td1\t2");
        assertRefused(
                () -> read(10), "line [3]", "[d1] for [q1] with [2]", "earlier line with [1]");
    }

    @Test
    void judgementsOfUnknownDocumentsAreNoMeasure() throws Exception {
        file("qrels.tsv", "q1\td1\t1", "q2\tlost\t1", "q2\tgone\t1");
        Corpus corpus = Corpus.open(folder.resolve("corpus.jsonl"));
        LabelledQueries labelled = read(10);
        assertRefused(
                () -> labelled.check(corpus.ids(), "[--corpus] [x]"),
                "[--qrels] judges [2] documents that are not in [--corpus] [x]",
                "[gone, lost]");
        read(1).check(corpus.ids(), "the first query's are known");
    }

    @Test
    void filesThatAreNotThereAreNamedByTheirOption() throws Exception {
        Files.delete(folder.resolve("qrels.tsv"));
        assertRefused(() -> read(10), "[--qrels] [", "test.tsv] is not a file");
        assertRefused(
                () -> BeirFiles.of(folder.resolve("no"), null, null, null),
                "[--data] [" + folder.resolve("no") + "] is not a folder");
        assertRefused(
                () -> BeirFiles.of(null, null, null, null),
                "[--queries] is needed where [--data] is not given");
        Path corpus = folder.resolve("other.jsonl");
        BeirFiles files =
                BeirFiles.of(
                        null,
                        corpus,
                        folder.resolve("queries.jsonl"),
                        folder.resolve("queries.jsonl"));
        assertRefused(files::corpusFile, "[--corpus] [" + corpus + "] is not a file");
    }

    @Test
    void textThatIsNotUtf8IsNamed() throws Exception {
        Files.write(folder.resolve("corpus.jsonl"), new byte[] {'{', (byte) 0xff, '}', '\n'});
        assertRefused(
                () -> Corpus.open(folder.resolve("corpus.jsonl")),
                "corpus.jsonl] line [1]: it is not UTF-8");
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void assertRefused(Action action, String... says) {
        String said = assertThrows(IllegalArgumentException.class, action::run).getMessage();
        for (String fragment : says) {
            assertTrue(said.contains(fragment), "no [" + fragment + "] in " + said);
        }
    }

    private LabelledQueries read(int limit) throws IOException {
        return LabelledQueries.read(BeirFiles.of(folder, null, null, null), limit);
    }

    private void file(String name, String... lines) throws IOException {
        Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }
}
