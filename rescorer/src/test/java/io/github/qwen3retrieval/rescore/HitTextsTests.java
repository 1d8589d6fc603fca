package io.github.qwen3retrieval.rescore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.elasticsearch.cluster.metadata.IndexMetadata;
import org.elasticsearch.common.lucene.search.Queries;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.IndexService;
import org.elasticsearch.index.IndexSettings;
import org.elasticsearch.index.IndexVersion;
import org.elasticsearch.index.mapper.SeqNoFieldMapper;
import org.elasticsearch.index.shard.IndexShard;
import org.elasticsearch.test.ESSingleNodeTestCase;
import org.elasticsearch.xcontent.XContentType;

/** The leaf walk on real indices of several segments, with deleted documents between the others. */
public class HitTextsTests extends ESSingleNodeTestCase {

    private static final int NO_LIMIT = 1000;

    private static final String MAPPING =
            """
            {%s"properties":{
              "body":{"type":"text","store":%s,"fields":{"raw":{"type":"keyword"}}},
              "title":{"type":"text","copy_to":"all"},
              "all":{"type":"text"},
              "n":{"type":"long"},
              "flag":{"type":"boolean"},
              "alias":{"type":"alias","path":"title"},
              "author":{"properties":{"name":{"type":"keyword"}}},
              "parts":{"type":"nested","properties":{"text":{"type":"text"}}}
            }}
            """;

    /** Merging may change the order of the segments, and so the numbers of the documents. */
    private static final Sort AS_INDEXED =
            new Sort(new SortField(SeqNoFieldMapper.NAME, SortField.Type.LONG));

    private int indices;

    private static String mappings(String root, boolean store) {
        return String.format(Locale.ROOT, MAPPING, root, store);
    }

    private List<String> texts(String mapping, List<String> sources, int limit, String... fields)
            throws IOException {
        return texts(mapping, "stored", sources, limit, fields);
    }

    /** The texts of documents, asked for in an order of their own. */
    private List<String> texts(
            String mapping, String mode, List<String> sources, int limit, String... fields)
            throws IOException {
        String name = "index" + indices++;
        Settings settings =
                Settings.builder()
                        .put(IndexMetadata.SETTING_NUMBER_OF_SHARDS, 1)
                        .put(IndexSettings.INDEX_MAPPER_SOURCE_MODE_SETTING.getKey(), mode)
                        .build();
        IndexService index =
                createIndex(
                        name,
                        indicesAdmin()
                                .prepareCreate(name)
                                .setSettings(settings)
                                .setMapping(mapping));
        for (int i = 0; i < sources.size(); i++) {
            put(name, "dead" + i, "{'body':'deleted'}");
            put(name, "live" + i, sources.get(i));
            client().prepareDelete(name, "dead" + i).get();
            if (randomInt(4) == 0) {
                indicesAdmin().prepareRefresh(name).get();
            }
        }
        indicesAdmin().prepareRefresh(name).get();
        return read(index, limit, fields);
    }

    private void put(String index, String id, String json) {
        prepareIndex(index).setId(id).setSource(json.replace('\'', '"'), XContentType.JSON).get();
    }

    private List<String> read(IndexService index, int limit, String... fields) throws IOException {
        IndexShard shard = index.getShard(0);
        try (var searcher = shard.acquireSearcher("test")) {
            var context =
                    index.newSearchExecutionContext(
                            0, 0, searcher, () -> 0, null, Map.of(), null, null);
            List<Integer> docs = new ArrayList<>();
            var query = Queries.newNonNestedFilter(IndexVersion.current());
            for (ScoreDoc hit :
                    new IndexSearcher(searcher.getIndexReader())
                            .search(query, 1000, AS_INDEXED)
                            .scoreDocs) {
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
    }

    private void assertTexts(String mapping, String field, List<String> expected, String... sources)
            throws IOException {
        assertEquals(expected, texts(mapping, List.of(sources), NO_LIMIT, field.split(",")));
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
        assertTexts(mappings("", randomBoolean()), "body", expected, sources);
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
                        + "{'text':['p2','p3']}],'dyn':{'a':[{'b':1.5},{'b':2}]}}";
        String mappings = mappings("", false);
        assertTexts(mappings, "n", List.of("7\n8"), source);
        assertTexts(mappings, "flag", List.of("true"), source);
        assertTexts(mappings, "author.name", List.of("ann"), source);
        assertTexts(mappings, "author", Collections.singletonList(null), source);
        assertTexts(mappings, "parts.text", List.of("p1\np2\np3"), source);
        assertTexts(mappings, "dyn.a.b", List.of("1.5\n2"), source);
        assertTexts(mappings, "absent", Collections.singletonList(null), source);
    }

    public void testDottedNamesInTheSource() throws IOException {
        assertTexts(mappings("", false), "author.name", List.of("ann"), "{'author.name':'ann'}");
    }

    public void testMultiFieldsAliasesAndCopies() throws IOException {
        String source = "{'body':'the body','title':'the title'}";
        String mappings = mappings("", false);
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
        String mapping =
                "{\"properties\":{\"n\":{\"type\":\"long\"},\"body\":{\"type\":\"text\",\"store\":"
                        + randomBoolean()
                        + "}}}";
        List<String> sources = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sources.add("{'body':['b" + i + "','a" + i + "'],'n':" + i + "}");
            expected.add("b" + i + "\na" + i + "\n" + i);
        }
        assertEquals(expected, texts(mapping, "synthetic", sources, NO_LIMIT, "body", "n"));
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
