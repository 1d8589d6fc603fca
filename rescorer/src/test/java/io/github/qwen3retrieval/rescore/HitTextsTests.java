package io.github.qwen3retrieval.rescore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.elasticsearch.common.bytes.BytesArray;
import org.elasticsearch.common.lucene.search.Queries;
import org.elasticsearch.index.IndexVersion;
import org.elasticsearch.index.mapper.MapperService;
import org.elasticsearch.index.mapper.MapperServiceTestCase;
import org.elasticsearch.index.mapper.SourceToParse;
import org.elasticsearch.xcontent.XContentType;

/** The leaf walk on real indices of random segments. */
public class HitTextsTests extends MapperServiceTestCase {

    private static final int NO_LIMIT = 1000;

    private static final String MAPPING =
            """
            {"_doc":{%s"properties":{
              "id":{"type":"keyword"},
              "body":{"type":"text","store":%s,"fields":{"raw":{"type":"keyword"}}},
              "title":{"type":"text","copy_to":"all"},
              "all":{"type":"text"},
              "n":{"type":"long"},
              "flag":{"type":"boolean"},
              "alias":{"type":"alias","path":"title"},
              "author":{"properties":{"name":{"type":"keyword"}}},
              "parts":{"type":"nested","properties":{"text":{"type":"text"}}}
            }}}
            """;

    private MapperService mappings(String root, boolean store) throws IOException {
        return createMapperService(MAPPING.formatted(root, store));
    }

    /** The texts of documents, asked for in an order of their own. */
    private List<String> texts(
            MapperService mappings, List<String> sources, int limit, String... fields)
            throws IOException {
        List<String> found = new ArrayList<>();
        withLuceneIndex(
                mappings,
                writer -> {
                    for (int i = 0; i < sources.size(); i++) {
                        String json = sources.get(i).replace('\'', '"');
                        String dead = "{\"body\":\"deleted\",\"id\":\"dead" + i + "\"}";
                        for (String source : List.of(dead, json)) {
                            writer.addDocuments(
                                    mappings.documentMapper()
                                            .parse(
                                                    new SourceToParse(
                                                            Integer.toString(i),
                                                            new BytesArray(source),
                                                            XContentType.JSON))
                                            .docs());
                        }
                        if (randomBoolean()) {
                            writer.flush();
                        }
                        writer.deleteDocuments(new Term("id", "dead" + i));
                    }
                },
                reader -> found.addAll(read(mappings, new IndexSearcher(reader), limit, fields)));
        return found;
    }

    private List<String> read(
            MapperService mappings, IndexSearcher searcher, int limit, String... fields)
            throws IOException {
        var context = createSearchExecutionContext(mappings, searcher);
        List<Integer> docs = new ArrayList<>();
        var query = Queries.newNonNestedFilter(IndexVersion.current());
        for (ScoreDoc hit : searcher.search(query, 1000).scoreDocs) {
            docs.add(hit.doc);
        }
        List<Integer> asked = new ArrayList<>(docs);
        Collections.shuffle(asked, random());
        int[] checks = new int[1];
        String[] texts =
                new HitTexts(List.of(fields), limit, context)
                        .read(
                                searcher.getIndexReader().leaves(),
                                asked.stream().mapToInt(Integer::intValue).toArray(),
                                () -> checks[0]++);
        assertEquals(docs.size(), checks[0]);
        return docs.stream().map(doc -> texts[asked.indexOf(doc)]).toList();
    }

    private void assertTexts(
            MapperService mappings, String field, List<String> expected, String... sources)
            throws IOException {
        assertEquals(expected, texts(mappings, List.of(sources), NO_LIMIT, field.split(",")));
    }

    public void testEveryShapeOfAValue() throws IOException {
        String[] sources = {
            "{'body':'one'}",
            "{'body':['one','two']}",
            "{'body':[]}",
            "{'body':null}",
            "{'body':'  '}",
            "{'title':'no body'}",
            "{}",
            "{'body':[null,'x']}"
        };
        List<String> expected = Arrays.asList("one", "one\ntwo", null, null, null, null, null, "x");
        for (String root : List.of("", "\"_source\":{\"mode\":\"stored\"},")) {
            assertTexts(mappings(root, false), "body", expected, sources);
        }
    }

    public void testManyDocumentsInManySegments() throws IOException {
        List<String> sources = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            sources.add("{'body':'text " + i + "','n':" + i + "}");
            expected.add("text " + i + "\n" + i);
        }
        assertEquals(
                expected, texts(mappings("", randomBoolean()), sources, NO_LIMIT, "body", "n"));
    }

    public void testSeveralFieldsInTheOrderNamed() throws IOException {
        String both = "{'body':'the body','title':['a','b']}";
        assertTexts(mappings("", false), "title,body", List.of("a\nb\nthe body"), both);
        assertTexts(mappings("", false), "body,title", List.of("the body\na\nb"), both);
    }

    public void testNumbersBooleansObjectsAndPaths() throws IOException {
        String source =
                "{'n':[7,8],'flag':true,'author':{'name':'ann'},'parts':[{'text':'p1'},"
                        + "{'text':['p2','p3']}],'dyn':{'a':[{'b':1.5},{'b':'x'}]}}";
        MapperService mappings = mappings("", false);
        assertTexts(mappings, "n", List.of("7\n8"), source);
        assertTexts(mappings, "flag", List.of("true"), source);
        assertTexts(mappings, "author.name", List.of("ann"), source);
        assertTexts(mappings, "author", Collections.singletonList(null), source);
        assertTexts(mappings, "parts.text", List.of("p1\np2\np3"), source);
        assertTexts(mappings, "dyn.a.b", List.of("1.5\nx"), source);
        assertTexts(mappings, "absent", Collections.singletonList(null), source);
    }

    public void testDottedNamesInTheSource() throws IOException {
        assertTexts(mappings("", false), "author.name", List.of("ann"), "{'author.name':'ann'}");
    }

    public void testMultiFieldsAliasesAndCopies() throws IOException {
        String source = "{'body':'the body','title':'the title'}";
        MapperService mappings = mappings("", false);
        assertTexts(mappings, "body.raw", List.of("the body"), source);
        assertTexts(mappings, "alias", List.of("the title"), source);
        assertTexts(mappings, "all", List.of("the title"), source);
    }

    public void testAFieldLeftOutOfTheSourceComesFromItsStoredField() throws IOException {
        String source = "{'body':['one','two'],'title':'t'}";
        for (String root :
                List.of(
                        "\"_source\":{\"excludes\":[\"body\"]},",
                        "\"_source\":{\"enabled\":false},")) {
            assertTexts(mappings(root, true), "body", List.of("one\ntwo"), source);
            assertTexts(mappings(root, false), "body", Collections.singletonList(null), source);
        }
    }

    public void testSyntheticSource() throws IOException {
        MapperService mappings =
                createSytheticSourceMapperService(
                        mapping(
                                b -> {
                                    b.startObject("id").field("type", "keyword").endObject();
                                    b.startObject("n").field("type", "long").endObject();
                                    b.startObject("body").field("type", "text");
                                    b.field("store", randomBoolean()).endObject();
                                }));
        List<String> sources = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sources.add("{'body':['b" + i + "','a" + i + "'],'n':" + i + "}");
            expected.add("b" + i + "\na" + i + "\n" + i);
        }
        assertEquals(expected, texts(mappings, sources, NO_LIMIT, "body", "n"));
    }

    public void testLongTextsAreCutBetweenCharacters() throws IOException {
        String smile = "\uD83D\uDE00";
        String source = "{'body':'abc" + smile + smile + "'}";
        assertEquals(List.of("abc"), texts(mappings("", false), List.of(source), 4, "body"));
        assertEquals(
                List.of("abc" + smile), texts(mappings("", false), List.of(source), 5, "body"));
        assertEquals(
                List.of("abc" + smile + smile),
                texts(mappings("", false), List.of(source), 7, "body"));
    }
}
