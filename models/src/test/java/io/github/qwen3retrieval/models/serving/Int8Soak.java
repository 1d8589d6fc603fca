package io.github.qwen3retrieval.models.serving;

import static io.github.qwen3retrieval.models.serving.SmallModels.documents;

import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.network.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Embeds texts of mixed lengths in int8 on two threads again and again, by hand, and compares each
 * vector with that of the first pass, bit by bit.
 *
 * <pre>{@code
 * java --add-modules=jdk.incubator.vector -Dqwen3.natives=target/natives \
 *     -cp … …serving.Int8Soak MODELS_FOLDER MODEL_ID MINUTES
 * }</pre>
 *
 * Every text is a batch of its own, since what texts share a batch depends on time.
 */
final class Int8Soak {

    private static final int[] WORDS = {1, 3, 9, 20, 45, 80, 130, 200, 300};

    private static final String SENTENCE =
            "a glacier is a persistent body of dense ice that moves downhill under its own weight";

    private Int8Soak() {}

    /** Prints the rounds and the resident memory every minute; exits with 1 on a difference. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Instant end = Instant.now().plus(Duration.ofMinutes(Long.parseLong(arguments[2])));
        try (Models models = Int8Models.open(folder, Precision.INT8, MemoryBudget.UNLIMITED, 1)) {
            models.open(arguments[1]);
            List<String> texts = IntStream.of(WORDS).mapToObj(Int8Soak::text).toList();
            List<float[]> first = round(models, texts);
            Instant next = Instant.now();
            Random random = new Random(1);
            for (int rounds = 1; Instant.now().isBefore(end); rounds++) {
                int[] order = random.ints(20, 0, texts.size()).toArray();
                List<float[]> now =
                        round(models, IntStream.of(order).mapToObj(texts::get).toList());
                for (int i = 0; i < order.length; i++) {
                    if (Arrays.equals(first.get(order[i]), now.get(i)) == false) {
                        System.out.println("text " + order[i] + " differs in round " + rounds);
                        System.exit(1);
                    }
                }
                if (Instant.now().isAfter(next)) {
                    System.out.println("rounds " + rounds + ", " + resident());
                    next = Instant.now().plusSeconds(60);
                }
            }
        }
        System.out.println("all equal");
        System.exit(0);
    }

    /** Sends the texts as two requests at once, so that both threads are at work. */
    private static List<float[]> round(Models models, List<String> texts) throws Exception {
        int half = texts.size() / 2;
        CompletableFuture<List<float[]>> front = embed(models, texts.subList(0, half));
        CompletableFuture<List<float[]>> back = embed(models, texts.subList(half, texts.size()));
        return front.thenCombine(
                        back,
                        (a, b) ->
                                IntStream.range(0, texts.size())
                                        .mapToObj(i -> i < half ? a.get(i) : b.get(i - half))
                                        .toList())
                .get();
    }

    private static CompletableFuture<List<float[]>> embed(Models models, List<String> texts) {
        return models.embed(documents(texts.toArray(String[]::new)))
                .thenApply(all -> all.stream().map(one -> one.vector()).toList());
    }

    private static String text(int words) {
        String[] vocabulary = SENTENCE.split(" ");
        return IntStream.range(0, words)
                .mapToObj(i -> vocabulary[i * 7 % vocabulary.length])
                .collect(Collectors.joining(" "));
    }

    private static String resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.matches("(VmRSS|RssAnon|RssFile):.*"))
                .map(line -> line.replaceAll("\\s+", " "))
                .collect(Collectors.joining(", "));
    }
}
