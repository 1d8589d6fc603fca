package io.github.qwen3retrieval.inference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.elasticsearch.inference.InferenceServiceResults;
import org.elasticsearch.inference.RerankRequest;
import org.elasticsearch.xpack.core.inference.results.DenseEmbeddingFloatResults;
import org.elasticsearch.xpack.core.inference.results.EmbeddingFloatResults;
import org.elasticsearch.xpack.core.inference.results.RankedDocsResults;
import org.elasticsearch.xpack.core.inference.results.RankedDocsResults.RankedDoc;

/** Answers of models in the classes of x-pack-core. */
final class Results {

    private Results() {}

    /** Vectors, in the order of the texts. */
    static InferenceServiceResults embeddings(List<float[]> vectors) {
        return new DenseEmbeddingFloatResults(
                vectors.stream().map(EmbeddingFloatResults.Embedding::new).toList());
    }

    /**
     * The best documents first, of equal ones that which was sent first.
     *
     * @param scores P(yes) of each document
     */
    static InferenceServiceResults ranked(RerankRequest request, float[] scores) {
        boolean withTexts = Boolean.TRUE.equals(request.returnDocuments());
        List<RankedDoc> documents = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            String text = withTexts ? request.inputs().get(i).value() : null;
            documents.add(new RankedDoc(i, scores[i], text));
        }
        Collections.sort(documents);
        int topN = request.topN() == null ? documents.size() : request.topN();
        return new RankedDocsResults(
                List.copyOf(documents.subList(0, Math.min(topN, documents.size()))));
    }
}
