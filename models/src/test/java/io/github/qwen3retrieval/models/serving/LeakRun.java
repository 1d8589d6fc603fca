package io.github.qwen3retrieval.models.serving;

import static io.github.qwen3retrieval.models.serving.SmallModels.documents;
import static io.github.qwen3retrieval.models.serving.SmallModels.get;

import io.github.qwen3retrieval.models.natives.Natives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Opens and closes two models again and again, in a process of its own whose heap is of one size
 * and touched from the start: what its resident memory grows by is native memory.
 */
final class LeakRun {

    private final CountingBudget memory = new CountingBudget();
    private final Models models;

    private LeakRun(Path folder) {
        models =
                new Models(
                        ModelsOptions.builder(Natives.fromSystemProperty(), folder)
                                .threads(2)
                                .build(),
                        memory);
    }

    /**
     * Prints one line {@code grown=BYTES reserved=BYTES arrays=COUNT seen=COUNT}.
     *
     * @param arguments folder with an embedding model {@code e} and a reranker {@code r}; cycles
     */
    public static void main(String[] arguments) throws Exception {
        LeakRun run = new LeakRun(Path.of(arguments[0]));
        for (int i = 0; i < 10; i++) {
            run.cycle();
        }
        long before = resident();
        long seen = 0;
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            seen = Math.max(seen, run.cycle());
        }
        long grown = resident() - before;
        run.models.close();
        System.out.println(
                "grown="
                        + grown
                        + " reserved="
                        + run.memory.reserved()
                        + " arrays="
                        + run.models.stats().nativeArrays()
                        + " seen="
                        + seen);
        System.exit(0);
    }

    /** Opens both side by side. Returns the arrays there were while they were open. */
    private long cycle() throws Exception {
        CompletableFuture<?> vectors = models.embed(documents("glaciers move", "pancakes"));
        CompletableFuture<?> scores =
                models.rerank(SmallModels.rerank("how do glaciers move", List.of("ice", "eggs")));
        get(vectors);
        get(scores);
        long arrays = models.stats().nativeArrays();
        models.unload("e");
        models.unload("r");
        SmallModels.await("closing", () -> memory.reserved() == 0);
        SmallModels.await("freeing", () -> models.stats().nativeArrays() == 0);
        return arrays;
    }

    /** Resident memory, less what only awaits the garbage collector: mapped files among it. */
    private static long resident() throws IOException, InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(100);
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    least = Math.min(least, Long.parseLong(line.replaceAll("\\D", "")) << 10);
                }
            }
        }
        return least;
    }
}
