package io.github.qwen3retrieval.models.fuzz;

import java.util.List;
import java.util.function.Predicate;

/**
 * Gives mutated JSON to a reader, which is to take each text for what it says or to refuse it as
 * its writer's mistake. {@code -Dqwen3.fuzz.seed} gives other texts, {@code -Dqwen3.fuzz.inputs}
 * another number of them.
 */
public final class FuzzRun {

    private static final int INPUTS = Integer.getInteger("qwen3.fuzz.inputs", 100_000);
    private static final long SEED = Long.getLong("qwen3.fuzz.seed", 20250605);
    private static final int SHOWN = 2_000;

    private FuzzRun() {}

    /** Of one text. */
    public interface Reader {

        /** Reads it and asserts what must hold of what was read, or throws the refusal. */
        void read(String json) throws Exception;
    }

    /**
     * Reads all texts.
     *
     * @param samples sound JSON objects to start from
     * @param names of parameters to put where they do not belong
     * @param refusal whether an exception with a message is a refusal
     * @throws AssertionError at the first text that is neither read nor refused, and where hardly
     *     any text was read or hardly any refused
     */
    public static void over(
            List<String> samples, List<String> names, Predicate<Exception> refusal, Reader reader) {
        MutatedJson texts = new MutatedJson(SEED, samples, names);
        int read = 0;
        for (int i = 0; i < INPUTS; i++) {
            String json = texts.next();
            try {
                reader.read(json);
                read++;
            } catch (Exception e) {
                String said = e.getMessage();
                if (said == null || said.isBlank() || refusal.test(e) == false) {
                    throw failure(i, json, e);
                }
            } catch (StackOverflowError | AssertionError e) {
                throw failure(i, json, e);
            }
        }
        if (read < INPUTS / 50 || read > INPUTS / 2) {
            throw new AssertionError("[" + read + "] of [" + INPUTS + "] texts were read");
        }
        System.out.println("[" + INPUTS + "] mutated texts, [" + read + "] of them read");
    }

    private static AssertionError failure(int number, String json, Throwable cause) {
        String shown = json.substring(0, Math.min(SHOWN, json.length()));
        return new AssertionError("seed [" + SEED + "], text [" + number + "]: " + shown, cause);
    }
}
