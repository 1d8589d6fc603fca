package io.github.qwen3retrieval.rescore;

import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.LeafReaderContext;
import org.elasticsearch.common.document.DocumentField;
import org.elasticsearch.search.fetch.FetchContext;
import org.elasticsearch.search.fetch.FetchSubPhase;
import org.elasticsearch.search.fetch.FetchSubPhaseProcessor;
import org.elasticsearch.search.fetch.StoredFieldsSpec;
import org.elasticsearch.search.fetch.subphase.FetchFieldsContext;

/**
 * Reads the texts of a shard's candidates for {@link RerankRankBuilder}, by the same rules as the
 * rescorer ({@link HitTexts}). Elasticsearch's own way to features, the {@code fields} option,
 * knows one field only and not what was left out of the source. Does nothing in any other search.
 */
final class TextFetchPhase implements FetchSubPhase {

    @Override
    public FetchSubPhaseProcessor getProcessor(FetchContext context) {
        if (context.rankBuilder() instanceof RerankRankBuilder rank
                && asksForTexts(context.fetchFieldsContext())) {
            RerankParams params = rank.params();
            return new Processor(
                    new HitTexts(
                            params.fields(),
                            params.maxCharacters(),
                            context.getSearchExecutionContext()));
        }
        return null;
    }

    private static boolean asksForTexts(FetchFieldsContext fields) {
        return fields != null
                && fields.fields().stream().anyMatch(f -> TextsOfShard.TEXT.equals(f.field));
    }

    private static final class Processor implements FetchSubPhaseProcessor {
        private final HitTexts texts;
        private HitTexts.Leaf leaf;

        Processor(HitTexts texts) {
            this.texts = texts;
        }

        @Override
        public void setNextReader(LeafReaderContext at) throws IOException {
            leaf = texts.leaf(at);
        }

        @Override
        public void process(HitContext hit) throws IOException {
            String text = leaf.text(hit.docId());
            if (text != null) {
                hit.hit().setDocumentField(new DocumentField(TextsOfShard.TEXT, List.of(text)));
            }
        }

        @Override
        public StoredFieldsSpec storedFieldsSpec() {
            return StoredFieldsSpec.NO_REQUIREMENTS;
        }
    }
}
