package io.github.qwen3retrieval.rescore;

import static org.hamcrest.Matchers.containsString;

import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.ScoreDoc;
import org.elasticsearch.common.io.stream.Writeable;
import org.elasticsearch.test.AbstractWireSerializingTestCase;

/** The explaining document of the retriever. */
public class RerankRankDocTests extends AbstractWireSerializingTestCase<RerankRankDoc> {

    private static RerankRankDoc doc(float score, String model, String instruction, int rank) {
        RerankRankDoc doc = new RerankRankDoc(new ScoreDoc(3, score, 1), model, instruction);
        doc.rank = rank;
        return doc;
    }

    @Override
    protected Writeable.Reader<RerankRankDoc> instanceReader() {
        return RerankRankDoc::new;
    }

    @Override
    protected RerankRankDoc createTestInstance() {
        return doc(
                randomFloat(),
                randomBoolean() ? null : randomAlphaOfLength(3),
                randomBoolean() ? null : randomAlphaOfLength(3),
                between(1, 9));
    }

    @Override
    protected RerankRankDoc mutateInstance(RerankRankDoc d) {
        return switch (between(0, 3)) {
            case 0 -> doc(d.score / 2 + 2, d.modelId(), d.instruction(), d.rank);
            case 1 -> doc(d.score, d.modelId() + "x", d.instruction(), d.rank);
            case 2 -> doc(d.score, d.modelId(), d.instruction() + "x", d.rank);
            default -> doc(d.score, d.modelId(), d.instruction(), d.rank + 1);
        };
    }

    public void testExplainsEveryKindOfHit() {
        Explanation child = Explanation.match(7, "child");
        Explanation scored = doc(0.75f, null, null, 1).explain(new Explanation[] {child}, null);
        assertEquals(0.75f, scored.getValue().floatValue(), 0f);
        assertThat(scored.getDescription(), containsString("log-odds [1.0986"));
        assertThat(scored.toString(), containsString("child"));
        Explanation kept =
                doc(WindowScores.kept(1), "m", null, 1).explain(new Explanation[] {child}, null);
        assertThat(kept.getDescription(), containsString("was not reranked"));
        Explanation none =
                doc(WindowScores.withoutText(1), "m", null, 1)
                        .explain(new Explanation[] {child}, null);
        assertThat(none.getDescription(), containsString("has no text"));
    }
}
