package io.github.qwen3retrieval.models.parity;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.RerankScore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Measures the memory that one long text takes beyond the open model. For Linux: the peak of the
 * resident set, which {@code /proc/self/clear_refs} sets back once the model is open and warm.
 *
 * <pre>{@code
 * java -Dqwen3.natives=target/natives -cp … …parity.PeakMemory MODELS_FOLDER MODEL_ID TOKENS
 * }</pre>
 */
final class PeakMemory {

    private PeakMemory() {}

    public static void main(String[] args) throws IOException {
        String model = args[1];
        int tokens = Integer.parseInt(args[2]);
        boolean embedding = ParityCase.named(model).kind().equals("embedding");
        try (CheckpointModels models = new CheckpointModels(Path.of(args[0]), 1, 512)) {
            run(models, model, embedding, 32);
            print("open and warm");
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
            print("before");
            long started = System.nanoTime();
            int read = run(models, model, embedding, tokens);
            double seconds = (System.nanoTime() - started) / 1e9;
            print(String.format(Locale.ROOT, "%d tokens in %.1f s", read, seconds));
        }
    }

    private static int run(CheckpointModels models, String model, boolean embedding, int tokens) {
        String text = "a glacier" + " moves".repeat(tokens + 100);
        if (embedding) {
            Golden.EmbeddingGroup group =
                    new Golden.EmbeddingGroup(
                            "", "document", null, null, tokens, List.of(text), null);
            Embedding result = models.embed(model, group).get(0);
            return result.tokens();
        }
        Golden.RerankGroup group =
                new Golden.RerankGroup("", "ice", null, Math.max(tokens, 128), List.of(text), null);
        RerankScore result = models.rerank(model, group).get(0);
        return result.tokens();
    }

    private static void print(String when) throws IOException {
        List<String> figures =
                Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.matches("(VmHWM|VmRSS|RssAnon|RssFile):.*"))
                        .map(line -> line.replaceAll("\\s+", " "))
                        .toList();
        System.out.println(when + ": " + figures);
    }
}
