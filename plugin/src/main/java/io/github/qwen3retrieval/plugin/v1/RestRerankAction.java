package io.github.qwen3retrieval.plugin.v1;

import io.github.qwen3retrieval.models.RerankRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.rest.RestRequest;

/** {@code POST _qwen3/v1/rerank}, in the format of Jina and Cohere. */
public final class RestRerankAction extends V1Handler {

    /** As many as the window of a search may have. */
    static final int MAX_DOCUMENTS = 10_000;

    private static final Set<String> KNOWN =
            Set.of(
                    "model",
                    "query",
                    "documents",
                    "top_n",
                    "return_documents",
                    "instruction",
                    "max_length");

    /** Where Cohere cuts documents; here {@code max_length} does, on the whole prompt. */
    private static final Set<String> IGNORED =
            Set.of("max_tokens_per_doc", "max_chunks_per_doc", "user");

    /** Serves it. */
    public RestRerankAction() {
        super("rerank");
    }

    @Override
    Understood read(RestRequest request) throws IOException {
        Body body = Body.of(request, KNOWN, IGNORED);
        List<String> documents = documents(body);
        RerankRequest reranking =
                new RerankRequest(
                        body.text("model"),
                        body.required("query"),
                        documents,
                        body.text("instruction"),
                        body.number("max_length", 1),
                        null);
        Integer topN = body.number("top_n", 1);
        RerankAnswer answer =
                new RerankAnswer(
                        topN == null ? documents.size() : topN,
                        body.flag("return_documents") ? documents : null);
        return new Understood(
                InferenceRequest.rerank(reranking),
                (builder, response) -> answer.write(builder, response.reranked()));
    }

    private static List<String> documents(Body body) {
        List<String> documents = new ArrayList<>();
        for (Object item : body.items("documents", MAX_DOCUMENTS)) {
            documents.add(document(item, documents.size()));
        }
        return documents;
    }

    private static String document(Object item, int index) {
        if (item instanceof String text) {
            return text;
        }
        if (item instanceof Map<?, ?> object
                && object.size() == 1
                && object.get("text") instanceof String text) {
            return text;
        }
        throw new BodyException(
                "documents",
                "must hold texts or objects with [text] alone, got at place ["
                        + index
                        + "] "
                        + Body.shown(item));
    }
}
