package io.github.qwen3retrieval.models.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.natives.Natives;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hundred models come and go, and nothing stays. */
class LeakTest {

    private static final int CYCLES = 50;

    /**
     * What the process may grow by in 100 openings, for what its allocators keep although they are
     * told to give it back. One tokenizer that is not freed each time would be more than two
     * gigabytes, its 35 MB a hundred times.
     */
    private static final long MARGIN_BYTES = 100L << 20;

    @TempDir Path folder;

    @Test
    void loadingAndUnloadingLeavesNothing() throws Exception {
        SmallModels.write(folder, "e", ModelKind.EMBEDDING, 1);
        SmallModels.write(folder, "r", ModelKind.RERANKER, 2);
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xms512m",
                                "-Xmx512m",
                                "-XX:+AlwaysPreTouch",
                                "-D"
                                        + Natives.FOLDER_PROPERTY
                                        + "="
                                        + System.getProperty(Natives.FOLDER_PROPERTY),
                                "-cp",
                                System.getProperty("java.class.path"),
                                LeakRun.class.getName(),
                                folder.toString(),
                                Integer.toString(CYCLES))
                        .redirectErrorStream(true);
        Process run = builder.start();
        String printed = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, run.waitFor(), printed);
        assertEquals(0, figure("reserved", printed), printed);
        assertEquals(0, figure("arrays", printed), printed);
        assertTrue(figure("seen", printed) > 0, "the count counts");
        long grown = figure("grown", printed);
        System.out.println("resident memory grew by " + (grown >> 20) + " MB in 100 openings");
        assertTrue(grown < MARGIN_BYTES, "grew by [" + grown + "] bytes");
    }

    private static long figure(String name, String printed) {
        Matcher figure = Pattern.compile("\\b" + name + "=(-?\\d+)").matcher(printed);
        assertTrue(figure.find(), printed);
        return Long.parseLong(figure.group(1));
    }
}
