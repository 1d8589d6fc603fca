package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Models that open with the node, they and libtorch from folders outside its configuration. */
class OpenAtStartIT {

    @Test
    void readsWhereTheSettingsSay() throws Exception {
        Path models = ScratchFolders.create("elsewhere");
        TestModels.copyTo(models);
        Installation installation = SharedInstallation.get();
        Path libtorch = ScratchFolders.create("libtorch");
        link(installation.home().resolve("plugins/qwen3-retrieval/natives/pytorch"), libtorch);
        Map<String, Object> settings =
                Map.of(
                        "qwen3.libtorch.path",
                        libtorch.toString(),
                        "qwen3.models.path",
                        models.toString(),
                        "qwen3.models.open_at_start",
                        "*",
                        "qwen3.threads",
                        1,
                        "qwen3.nice",
                        3);
        NodeConfig config = NodeConfig.create(installation, settings);
        try (RealNode node = new RealNode(installation, config).start()) {
            JsonNode opened = awaitOpen(node);
            assertTrue(node.log().contains("native libraries in [" + libtorch + "]"), node.log());
            assertEquals(TestModels.EMBEDDING, opened.get(0).get("model_id").asText());
            assertEquals("embedding", opened.get(0).get("kind").asText());
            assertEquals("reranker", opened.get(1).get("kind").asText());
            if (Files.readString(Path.of("/proc/cpuinfo")).contains(" amx_bf16 ")) {
                // the node may call libtorch's own functions: it multiplies weights in their file
                assertTrue(node.log().contains(" 0.0 MB of weights in memory"), node.log());
            }
            long server = node.server().pid();
            int others = niceness(server, "java").getFirst();
            assertEquals(List.of(Math.min(19, others + 3)), niceness(server, "qwen3-worker-1"));
        }
    }

    /** The files themselves: a symbolic link out of the folder may not be followed. */
    private static void link(Path from, Path to) throws Exception {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.createLink(to.resolve(file.getFileName()), file);
            }
        }
    }

    /** Of the threads of that name, as the kernel has it: see proc(5). */
    private static List<Integer> niceness(long process, String thread) throws Exception {
        List<Integer> found = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + process + "/task"))) {
            for (Path task : tasks.toList()) {
                String stat = Files.readString(task.resolve("stat"));
                if (stat.contains("(" + thread + ")")) {
                    found.add(
                            Integer.valueOf(
                                    stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]));
                }
            }
        }
        return found;
    }

    private static JsonNode awaitOpen(RealNode node) throws Exception {
        JsonNode models = null;
        for (int i = 0; i < 100; i++) {
            models = node.client().get("_qwen3/models").ok().body().findValue("models");
            if (models.findValuesAsText("state").stream().allMatch("open"::equals)) {
                return models;
            }
            Thread.sleep(200);
        }
        throw new AssertionError("not open: " + models + node.logTail(40));
    }
}
