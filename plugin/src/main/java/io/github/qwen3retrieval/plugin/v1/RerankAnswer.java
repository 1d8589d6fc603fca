package io.github.qwen3retrieval.plugin.v1;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.RerankScore;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.elasticsearch.xcontent.XContentBuilder;

/**
 * How scores are written: the best first, of equal ones that which was sent first. The counts of
 * tokens stand where Jina ({@code usage}) and where Cohere ({@code meta}) have them, whose clients
 * want to read what is billed, too: nothing.
 *
 * @param topN how many results at most
 * @param documents the texts, to be sent back, or null
 */
record RerankAnswer(int topN, List<String> documents) {

    void write(XContentBuilder builder, RerankResponse response) throws IOException {
        List<RerankScore> scores = response.scores();
        if (response.complete() == false) {
            throw new ModelException("not every document was scored");
        }
        builder.startObject().field("id", UUID.randomUUID().toString());
        builder.field("object", "list").field("model", response.modelId()).startArray("results");
        for (int index : best(scores)) {
            write(builder, index, scores.get(index));
        }
        builder.endArray();
        long tokens = scores.stream().mapToLong(RerankScore::tokens).sum();
        builder.startObject("usage")
                .field("prompt_tokens", tokens)
                .field("total_tokens", tokens)
                .endObject();
        builder.startObject("meta")
                .startObject("tokens")
                .field("input_tokens", tokens)
                .field("output_tokens", 0)
                .endObject()
                .startObject("billed_units")
                .field("search_units", 0)
                .endObject()
                .endObject();
        builder.endObject();
    }

    private List<Integer> best(List<RerankScore> scores) {
        Comparator<Integer> ascending =
                Comparator.comparingDouble(index -> scores.get(index).logit());
        return IntStream.range(0, scores.size())
                .boxed()
                .sorted(ascending.reversed())
                .limit(topN)
                .toList();
    }

    private void write(XContentBuilder builder, int index, RerankScore score) throws IOException {
        builder.startObject()
                .field("index", index)
                .field("relevance_score", score.probability())
                .field("logit", score.logit())
                .field("tokens", score.tokens())
                .field("truncated", score.truncated());
        if (documents != null) {
            builder.startObject("document").field("text", documents.get(index)).endObject();
        }
        builder.endObject();
    }
}
