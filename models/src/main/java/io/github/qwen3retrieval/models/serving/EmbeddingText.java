package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.network.Prefix;
import io.github.qwen3retrieval.models.tokenizer.TokenSequence;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** A text that waits for its vector. */
final class EmbeddingText extends Work {

    private final Destination destination;
    private final TokenSequence tokens;
    private final SharedPrefix instruction;
    private final int dimensions;

    /**
     * A text of some tokens.
     *
     * @param instruction what they begin with, released when this is finished, or null
     * @param dimensions length of its vector, at most the model's hidden size
     */
    EmbeddingText(
            Destination destination,
            Priority priority,
            TokenSequence tokens,
            SharedPrefix instruction,
            int dimensions,
            OpenModel model) {
        super(model, priority);
        this.destination = destination;
        this.tokens = tokens;
        this.instruction = instruction;
        this.dimensions = dimensions;
    }

    @Override
    int tokens() {
        return tokens.length() - known();
    }

    /** Tokens that are not read anew. */
    private int known() {
        return instruction == null ? 0 : instruction.ids().length;
    }

    private int[] ids() {
        return Arrays.copyOfRange(tokens.ids(), known(), tokens.length());
    }

    @Override
    int texts() {
        return 1;
    }

    @Override
    boolean joins(Work other) {
        return other instanceof EmbeddingText text
                && text.model() == model()
                && text.instruction == instruction;
    }

    @Override
    boolean abandoned() {
        return destination.abandoned();
    }

    @Override
    void fail(RuntimeException e) {
        destination.fail(e);
    }

    @Override
    void finished() {
        if (instruction != null) {
            instruction.release();
        }
        super.finished();
    }

    /** Embeds texts of one model and instruction in one pass, the longest first. */
    static void run(List<EmbeddingText> texts, PassThread thread) {
        List<EmbeddingText> sorted =
                texts.stream()
                        .sorted(Comparator.comparingInt(EmbeddingText::tokens).reversed())
                        .toList();
        List<int[]> ids = sorted.stream().map(EmbeddingText::ids).toList();
        SharedPrefix instruction = sorted.get(0).instruction;
        Prefix prefix = instruction == null ? null : instruction.get(thread);
        float[][] hidden = sorted.get(0).model().network().lastHidden(ids, prefix, thread);
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
                                    + tokens.length()
                                    + "] tokens in precision ["
                                    + model().precision()
                                    + "]; use [float32], and [qwen3 verify] to check the checkpoint"));
        } else {
            destination.complete(new Embedding(vector, tokens.length(), tokens.truncated()));
        }
    }
}
