package io.github.qwen3retrieval.models.cli;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.int8.Preparation;
import io.github.qwen3retrieval.models.int8.PreparedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen3 prepare}: keeps a checkpoint's int8 weights beside it, for openings to be fast. */
@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the int8 weights of a checkpoint into its folder, for a node that may not write",
            "there: with them, opening the model in int8 takes no preparation."
        })
final class PrepareCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "the checkpoint's folder")
    private Path folder;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            PreparedFile file = new PreparedFile(checkpoint);
            boolean kept = isKept(file);
            if (kept == false) {
                file.write(new Preparation(checkpoint));
            }
            spec.commandLine()
                    .getOut()
                    .println("[" + file.path() + "] is " + (kept ? "there already" : "written"));
            return 0;
        } catch (IOException e) {
            throw new ModelException("int8 weights cannot be written: " + e, e);
        }
    }

    private static boolean isKept(PreparedFile file) {
        try {
            file.read();
            return true;
        } catch (ModelException e) {
            // missing, stale or damaged: to be written
            return false;
        }
    }
}
