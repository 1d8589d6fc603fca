package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.network.Interruption;
import io.github.qwen3retrieval.models.tokenizer.TokenSequence;
import java.util.Comparator;
import java.util.List;

/** A text that waits for its vector. */
final class EmbeddingText extends Work {

    private final Destination destination;
    private final TokenSequence tokens;
    private final int dimensions;

    /**
     * A text of some tokens.
     *
     * @param dimensions length of its vector, at most the model's hidden size
     */
    EmbeddingText(
            Destination destination,
            Priority priority,
            TokenSequence tokens,
            int dimensions,
            OpenModel model) {
        super(model, priority);
        this.destination = destination;
        this.tokens = tokens;
        this.dimensions = dimensions;
    }

    @Override
    int tokens() {
        return tokens.ids().length;
    }

    @Override
    int texts() {
        return 1;
    }

    @Override
    boolean joins(Work other) {
        return other instanceof EmbeddingText && other.model() == model();
    }

    @Override
    boolean abandoned() {
        return destination.abandoned();
    }

    @Override
    void fail(RuntimeException e) {
        destination.fail(e);
    }

    /** Embeds texts of one model in one pass, the longest first. */
    static void run(List<EmbeddingText> texts, Interruption interruption) {
        List<EmbeddingText> sorted =
                texts.stream()
                        .sorted(Comparator.comparingInt(EmbeddingText::tokens).reversed())
                        .toList();
        List<int[]> ids = sorted.stream().map(text -> text.tokens.ids()).toList();
        float[][] hidden = sorted.get(0).model().network().lastHidden(ids, interruption);
        for (int i = 0; i < hidden.length; i++) {
            sorted.get(i).complete(hidden[i]);
        }
    }

    private void complete(float[] hidden) {
        float[] vector = UnitVector.of(hidden, dimensions);
        if (vector == null) {
            fail(
                    new ModelException(
                            "model ["
                                    + model().id()
                                    + "] gave no finite vector for a text of ["
                                    + tokens()
                                    + "] tokens in precision ["
                                    + model().precision()
                                    + "]; use [float32], and [qwen3 verify] to check the checkpoint"));
        } else {
            destination.complete(new Embedding(vector, tokens(), tokens.truncated()));
        }
    }
}
