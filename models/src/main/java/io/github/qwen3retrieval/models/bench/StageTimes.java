package io.github.qwen3retrieval.models.bench;

import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.network.Interruption;
import io.github.qwen3retrieval.models.network.LiveArrays;
import io.github.qwen3retrieval.models.network.Network;
import io.github.qwen3retrieval.models.network.PassTrace;
import io.github.qwen3retrieval.models.network.PassTrace.Stage;
import io.github.qwen3retrieval.models.network.Prefix;
import io.github.qwen3retrieval.models.network.PyTorch;
import io.github.qwen3retrieval.models.serving.ModelsOptions;
import io.github.qwen3retrieval.models.tokenizer.EmbeddingPrompt;
import io.github.qwen3retrieval.models.tokenizer.Qwen3Tokenizer;
import io.github.qwen3retrieval.models.tokenizer.RerankPrompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Where the time of one pass goes, in microseconds per token of the pass: of the second pass of a
 * batch of the usual size, on one thread with the rest of the machine idle, taken apart by {@link
 * PassTrace}. {@code tokenise} is the tokenizer's time for the same texts; {@code input} has in it
 * what Java does before the layers, such as looking up the token table, but where Java computes
 * what stands between products: there it is part of {@code elementwise} with that. The prefix of a
 * reranker's query stands in a group of its own, in milliseconds for the whole of it.
 */
final class StageTimes implements AutoCloseable {

    private static final String GROUP = "stages of a pass, µs/token";

    private final PromptSize size;
    private final Checkpoint checkpoint;
    private final Qwen3Tokenizer tokenizer;
    private final Network network;

    /** Opens the model anew, for the calling thread alone; by the caller to be closed. */
    StageTimes(ModelSetup setup, PromptSize size) {
        this.size = size;
        PyTorch.enter();
        checkpoint = Checkpoint.open(setup.folder());
        boolean opened = false;
        Qwen3Tokenizer opening = null;
        try {
            opening = Qwen3Tokenizer.open(checkpoint.tokenizerFile());
            tokenizer = opening;
            network =
                    new Network(
                            checkpoint,
                            setup.precision(),
                            PyTorch.device(setup.device()),
                            new LiveArrays(),
                            Runnable::run,
                            setup.threads());
            opened = true;
        } finally {
            if (opened == false) {
                if (opening != null) {
                    opening.close();
                }
                checkpoint.close();
            }
        }
    }

    /** The stages of a pass over texts of so many tokens. */
    List<Figure> of(int length) {
        return checkpoint.kind() == ModelKind.EMBEDDING ? embedding(length) : reranking(length);
    }

    private static List<String> texts(int length) {
        return SampleTexts.of(Math.max(1, ModelsOptions.DEFAULT_BATCH_TOKENS / length), length);
    }

    private List<Figure> embedding(int length) {
        EmbeddingPrompt prompt = new EmbeddingPrompt(tokenizer, InputType.DOCUMENT, null, length);
        List<String> texts = texts(length);
        List<int[]> ids = texts.stream().map(text -> prompt.encode(text).ids()).toList();
        double tokenise = Clock.median(() -> texts.forEach(prompt::encode), 0.05);
        return figures(
                length, ids, tokenise, () -> network.lastHidden(ids, null, Interruption.NONE));
    }

    private List<Figure> reranking(int length) {
        RerankPrompt prompt = PromptSize.rerankPrompt(tokenizer, size.whole(length));
        List<String> texts = texts(length);
        List<int[]> ids = texts.stream().map(text -> prompt.tail(text).ids()).toList();
        double tokenise = Clock.median(() -> texts.forEach(prompt::tail), 0.05);
        int[] words = {tokenizer.yes(), tokenizer.no()};
        try (Prefix prefix = network.prefix(null, prompt.prefix(), Interruption.NONE)) {
            return figures(
                    length,
                    ids,
                    tokenise,
                    () -> network.logits(ids, prefix, words, Interruption.NONE));
        }
    }

    /** The prefix of a query: the median over so many seconds, after one that is not counted. */
    List<Figure> prefix(double seconds) {
        if (checkpoint.kind() == ModelKind.EMBEDDING) {
            return List.of();
        }
        int longest = checkpoint.config().maxPositions();
        int[] template = RerankPrompt.template(tokenizer);
        int[] whole = PromptSize.rerankPrompt(tokenizer, longest).prefix();
        int[] ids = Arrays.copyOfRange(whole, template.length, whole.length);
        double median;
        try (Prefix before = network.prefix(null, template, Interruption.NONE)) {
            Runnable pass = () -> network.prefix(before, ids, Interruption.NONE).close();
            pass.run();
            median = Clock.median(pass, seconds);
        }
        String row = ids.length + " tokens behind " + template.length;
        return List.of(Figure.cost("prefix of a query", row, "ms", median * 1e3));
    }

    /**
     * What the profiler does not see is Java's: rows of the token table, calls, the result, and all
     * that stands between the products, where Java computes it.
     */
    private Stage unseen() {
        return network.computesInJava() ? Stage.ELEMENTWISE : Stage.INPUT;
    }

    private List<Figure> figures(int length, List<int[]> ids, double tokenise, Runnable pass) {
        pass.run();
        double[] wall = new double[1];
        Map<Stage, Double> stages = PassTrace.of(() -> wall[0] = Clock.once(pass));
        double traced = stages.values().stream().mapToDouble(Double::doubleValue).sum();
        stages.merge(unseen(), Math.max(0, wall[0] - traced), Double::sum);
        double micros = 1e6 / ids.stream().mapToInt(text -> text.length).sum();
        String row = length + " tokens";
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.cost(GROUP, row, "tokenise", tokenise * micros));
        stages.forEach(
                (stage, seconds) ->
                        figures.add(Figure.cost(GROUP, row, name(stage), seconds * micros)));
        return figures;
    }

    private static String name(Stage stage) {
        return switch (stage) {
            case INPUT -> "input";
            case PROJECTIONS -> "projections";
            case ATTENTION -> "attention";
            case ELEMENTWISE -> "elementwise";
            case HEAD -> "head";
        };
    }

    @Override
    public void close() {
        network.close();
        tokenizer.close();
        checkpoint.close();
    }
}
