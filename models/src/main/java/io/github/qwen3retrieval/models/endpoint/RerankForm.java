package io.github.qwen3retrieval.models.endpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.endpoint.EndpointOptions.Prompts;
import io.github.qwen3retrieval.models.tokenizer.Templates;
import java.util.ArrayList;
import java.util.List;

/**
 * The rerank format of Jina and Cohere, for the documents of one request: they share a query, so
 * each request has a form of its own, equal to no other.
 */
final class RerankForm implements Form<RerankScore> {

    private static final long BYTES_AROUND = 1 << 20;

    /** A result without its document. */
    private static final long BYTES_OF_RESULT = 4096;

    /** A character of a document that is sent back all the same. */
    private static final long BYTES_OF_CHARACTER = 6;

    /** A probability of 0 or 1 has no finite log-odds; this far from them none is lost. */
    private static final double LEAST = 1e-16;

    private final EndpointOptions options;
    private final RerankRequest reranking;
    private final boolean composed;

    RerankForm(EndpointOptions options, RerankRequest reranking) {
        this.options = options;
        this.reranking = reranking;
        this.composed = options.prompts() == Prompts.PLUGIN;
    }

    /** A document as it is sent. */
    String document(String text) {
        return composed ? "<Document>: " + PlainText.of(text) + Templates.RERANK_SUFFIX : text;
    }

    private String query(String instruction) {
        return composed
                ? Templates.RERANK_PREFIX
                        + "<Instruct>: "
                        + PlainText.of(instruction)
                        + "\n<Query>: "
                        + PlainText.of(reranking.query())
                        + "\n"
                : reranking.query();
    }

    @Override
    public JsonObject request(List<String> texts) {
        JsonObject request = new JsonObject();
        request.addProperty("model", options.model());
        request.addProperty("query", query(instruction()));
        JsonArray documents = new JsonArray();
        texts.forEach(documents::add);
        request.add("documents", documents);
        request.addProperty("top_n", texts.size());
        request.addProperty("return_documents", false);
        if (composed == false && reranking.instruction() != null) {
            request.addProperty("instruction", reranking.instruction());
        }
        if (composed == false && reranking.maxLength() != null) {
            request.addProperty("max_length", reranking.maxLength());
        }
        return request;
    }

    /** The instruction that counts. */
    String instruction() {
        return reranking.instruction() == null
                ? RerankRequest.DEFAULT_INSTRUCTION
                : reranking.instruction();
    }

    @Override
    public long maxAnswerBytes(List<String> texts) {
        long characters = texts.stream().mapToLong(String::length).sum();
        return BYTES_AROUND + BYTES_OF_RESULT * texts.size() + BYTES_OF_CHARACTER * characters;
    }

    @Override
    public List<RerankScore> read(JsonObject answer, int texts) {
        int tokens = Answers.usage(answer);
        List<RerankScore> scores = new ArrayList<>();
        for (JsonObject item : Answers.items(answer, "results", texts, options.shown())) {
            int share = Answers.share(tokens, scores.size(), texts);
            boolean truncated =
                    item.has("truncated")
                            && item.get("truncated").isJsonPrimitive()
                            && item.get("truncated").getAsBoolean();
            scores.add(
                    new RerankScore(
                            logit(item), 0, Answers.tokens(item, "tokens", share), truncated));
        }
        return scores;
    }

    /** The member {@code logit} where there is one, as our own nodes have it. */
    private float logit(JsonObject item) {
        double probability = Answers.number(item, "relevance_score", options.shown());
        if (probability >= 0 && probability <= 1) {
            double kept = Math.clamp(probability, LEAST, 1 - LEAST);
            double odds = Math.log(kept / (1 - kept));
            double logit =
                    item.has("logit") ? Answers.number(item, "logit", options.shown()) : odds;
            if (Float.isFinite((float) logit)) {
                return (float) logit;
            }
        }
        throw new ModelException(
                options.shown()
                        + " must answer with probabilities between [0] and [1] in"
                        + " [relevance_score], got ["
                        + probability
                        + "]");
    }
}
