package io.github.qwen3retrieval.models.serving;

import static io.github.qwen3retrieval.models.serving.SmallModels.documents;
import static io.github.qwen3retrieval.models.serving.SmallModels.rerank;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.Outliers;
import io.github.qwen3retrieval.models.checkpoint.RandomCheckpoint;
import io.github.qwen3retrieval.models.checkpoint.RandomShape;
import io.github.qwen3retrieval.models.network.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures, by hand, how far int8 is from float32 on random checkpoints of a published shape, as
 * they are and with outliers.
 *
 * <pre>{@code
 * java --add-modules=jdk.incubator.vector -Dqwen3.natives=target/natives -cp … …serving.Int8Accuracy FOLDER 0.6b TEXTS SEED…
 * }</pre>
 *
 * A seed may have {@code b} behind it for balanced outliers, {@code o} for overwhelming ones. The
 * folder takes one checkpoint at a time.
 */
final class Int8Accuracy {

    private static final String[] WORDS =
            ("a glacier is a persistent body of dense ice that moves downhill under its own weight"
                            + " 冰川 cipher 42 boundary layer der Fluss flow pressure où shock heat")
                    .split(" ");

    private Int8Accuracy() {}

    /** Prints one line for each seed and kind. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        List<String> texts = texts(Integer.parseInt(arguments[2]));
        for (int i = 3; i < arguments.length; i++) {
            String variant = arguments[i];
            int seed = Integer.parseInt(variant.replaceAll("\\D", ""));
            for (ModelKind kind : ModelKind.values()) {
                Path model = folder.resolve("m");
                RandomShape shape = RandomShape.of(arguments[1]);
                new RandomCheckpoint(shape, kind, DataType.BF16, seed, Long.MAX_VALUE).write(model);
                if (variant.endsWith("b")) {
                    Outliers.inject(model, Outliers.Readers.BALANCED, seed);
                } else if (variant.endsWith("o")) {
                    Outliers.inject(model, Outliers.Readers.OVERWHELMED, seed);
                }
                print(folder, kind, texts, variant);
                delete(model);
            }
        }
    }

    private static void delete(Path model) throws Exception {
        try (var files = Files.list(model)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(model);
    }

    private static void print(Path folder, ModelKind kind, List<String> texts, String variant)
            throws Exception {
        String what = kind + " " + variant;
        if (kind == ModelKind.EMBEDDING) {
            List<Embedding> exact = embed(folder, Precision.FLOAT32, texts);
            System.out.printf(
                    Locale.ROOT,
                    "%s: worst cosine %.5f, of bfloat16 %.5f%n",
                    what,
                    Int8Models.worstCosine(exact, embed(folder, Precision.INT8, texts)),
                    Int8Models.worstCosine(exact, embed(folder, Precision.BFLOAT16, texts)));
        } else {
            List<RerankScore> exact = score(folder, Precision.FLOAT32, texts);
            double worst = Int8Models.worstDifference(exact, score(folder, Precision.INT8, texts));
            double low = exact.stream().mapToDouble(RerankScore::probability).min().orElseThrow();
            double high = exact.stream().mapToDouble(RerankScore::probability).max().orElseThrow();
            System.out.printf(
                    Locale.ROOT,
                    "%s: worst difference of P(yes) %.5f, of bfloat16 %.5f, P(yes) from %.3f to %.3f%n",
                    what,
                    worst,
                    Int8Models.worstDifference(exact, score(folder, Precision.BFLOAT16, texts)),
                    low,
                    high);
        }
    }

    private static List<Embedding> embed(Path folder, Precision precision, List<String> texts)
            throws Exception {
        try (Models models = Int8Models.open(folder, precision, MemoryBudget.UNLIMITED, 256)) {
            return models.embed(documents(texts.toArray(String[]::new))).get();
        }
    }

    private static List<RerankScore> score(Path folder, Precision precision, List<String> texts)
            throws Exception {
        try (Models models = Int8Models.open(folder, precision, MemoryBudget.UNLIMITED, 256)) {
            return models.rerank(rerank("how do glaciers move", texts)).get().scores();
        }
    }

    private static List<String> texts(int count) {
        Random random = new Random(7);
        return IntStream.range(0, count)
                .mapToObj(
                        i ->
                                random.ints(10 + random.nextInt(110), 0, WORDS.length)
                                        .mapToObj(word -> WORDS[word])
                                        .collect(Collectors.joining(" ")))
                .toList();
    }
}
