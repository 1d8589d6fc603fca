package io.github.qwen3retrieval.models.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.network.Precision;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where int8 cannot be computed, it is told why and what to do. */
class Int8RefusalTest {

    @TempDir Path folder;

    /** oneDNN can be told to use no more than an older CPU has: it then computes as that one. */
    @ParameterizedTest
    @ValueSource(strings = {"AVX2", "AVX512_CORE"})
    void isRefusedWhereSumsOverflow(String instructions) throws Exception {
        Int8Models.assertRefusal(refusal(instructions, "--add-modules=jdk.incubator.vector"));
    }

    @Test
    void isRefusedWithoutTheModuleThatItNeeds() throws Exception {
        String message = refusal("ALL", "-Xmx64m");
        assertTrue(message.contains("[precision] is [int8]"), message);
        assertTrue(message.contains("[--add-modules=jdk.incubator.vector]"), message);
    }

    /** What another Java says, started with an option and with a limit to oneDNN's instructions. */
    private String refusal(String instructions, String option) throws Exception {
        SmallModels.write(folder, "m", ModelKind.EMBEDDING, 1);
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                option,
                                "-D"
                                        + Natives.FOLDER_PROPERTY
                                        + "="
                                        + System.getProperty(Natives.FOLDER_PROPERTY),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Int8RefusalTest.class.getName(),
                                folder.toString())
                        .redirectErrorStream(true);
        builder.environment().put("ONEDNN_MAX_CPU_ISA", instructions);
        Process run = builder.start();
        String printed = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, run.waitFor(), printed);
        return printed.substring(printed.indexOf("refused: "));
    }

    /** Prints why the model {@code m} of a folder is refused in int8; 1 if it is not. */
    public static void main(String[] arguments) {
        boolean refused = false;
        try (Models models =
                Int8Models.open(
                        Path.of(arguments[0]), Precision.INT8, MemoryBudget.UNLIMITED, 256)) {
            models.open("m");
        } catch (ModelException e) {
            System.out.println("refused: " + e.getMessage());
            refused = true;
        }
        System.exit(refused ? 0 : 1);
    }
}
