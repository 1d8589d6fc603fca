package io.github.qwen3retrieval.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a finished command left.
 *
 * @param exit its exit code
 * @param out its standard output
 * @param err its standard error
 */
record Command(int exit, String out, String err) {

    /** Runs a command to its end, at most five minutes. */
    static Command run(List<String> command, Map<String, String> environment, String input)
            throws IOException, InterruptedException {
        Path folder = ScratchFolders.create("command");
        Path stdin = Files.writeString(folder.resolve("in"), input);
        Path stdout = folder.resolve("out");
        Path stderr = folder.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectInput(stdin.toFile())
                        .redirectOutput(stdout.toFile())
                        .redirectError(stderr.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("no end after five minutes: " + command + read(stderr));
        }
        return new Command(process.exitValue(), read(stdout), read(stderr));
    }

    /** This command, which must have ended well. */
    Command orFail() {
        if (exit != 0) {
            throw new AssertionError("exit code [" + exit + "]\n" + out + err);
        }
        return this;
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
