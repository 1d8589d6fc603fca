package io.github.qwen3retrieval.models.serving;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.int8.Instructions;
import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.network.Precision;
import java.nio.file.Path;
import java.util.List;

/** Models in int8, and what of the machine and of their answers is to be told. */
final class Int8Models {

    private Int8Models() {}

    /** What is checked on a machine that computes in int8. */
    interface Check {
        void run() throws Exception;
    }

    /**
     * Runs a check where the system says that the CPU has instructions for int8; elsewhere int8 has
     * to be refused, which is checked in its place.
     *
     * @param folder with a model {@code m}
     */
    static void check(Path folder, Check check) throws Exception {
        if (Instructions.present()) {
            check.run();
        } else {
            try (Models models = open(folder, Precision.INT8, MemoryBudget.UNLIMITED, 256)) {
                models.open("m");
                throw new AssertionError("int8 was not refused");
            } catch (ModelException e) {
                assertRefusal(e.getMessage());
            }
        }
    }

    /** Models of a folder, on two threads. */
    static Models open(Path folder, Precision precision, MemoryBudget memory, int batchTokens) {
        return new Models(
                ModelsOptions.builder(Natives.fromSystemProperty(), folder)
                        .precision(precision)
                        .device("cpu")
                        .threads(2)
                        .batchTokens(batchTokens)
                        .build(),
                memory);
    }

    static void assertRefusal(String message) {
        assertTrue(message.contains("[precision] is [int8]"), message);
        assertTrue(message.contains("VNNI"), message);
        assertTrue(message.contains("[float32]"), message);
    }

    static double cosine(Embedding a, Embedding b) {
        double sum = 0;
        for (int i = 0; i < a.vector().length; i++) {
            sum += (double) a.vector()[i] * b.vector()[i];
        }
        return sum;
    }

    /** The smallest cosine of vectors to those of the same texts. */
    static double worstCosine(List<Embedding> expected, List<Embedding> actual) {
        double worst = 1;
        for (int i = 0; i < expected.size(); i++) {
            // written so that a NaN is the worst of all
            double cosine = cosine(expected.get(i), actual.get(i));
            worst = cosine >= worst ? worst : cosine;
        }
        return worst;
    }

    /** The largest difference of P(yes) of the same documents. */
    static double worstDifference(List<RerankScore> expected, List<RerankScore> actual) {
        double worst = 0;
        for (int i = 0; i < expected.size(); i++) {
            double difference =
                    Math.abs(expected.get(i).probability() - actual.get(i).probability());
            worst = difference <= worst ? worst : difference;
        }
        return worst;
    }
}
