package io.github.qwen3retrieval.models.cli;

import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.hub.Patience;
import io.github.qwen3retrieval.models.hub.RepositoryDownload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen3 download}: a repository of a hub becomes a checkpoint folder. */
@Command(
        name = "download",
        mixinStandardHelpOptions = true,
        description = "Fetches a checkpoint; goes on where an earlier try ended.")
final class DownloadCommand implements Callable<Integer> {

    @Parameters(paramLabel = "REPO", description = "such as Qwen/Qwen3-Embedding-0.6B")
    private String repository;

    @Option(
            names = "--into",
            paramLabel = "DIR",
            description =
                    "the checkpoint's folder; default: REPO's name in lower case, under the models folder")
    private Path into;

    @Option(
            names = "--from",
            paramLabel = "HUB",
            defaultValue = "huggingface",
            description =
                    "huggingface, modelscope, or the address of a server with Hugging Face's paths")
    private String from;

    @Option(names = "--revision", paramLabel = "R", description = "branch, tag or commit")
    private String revision;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ConsoleProgress progress = new ConsoleProgress(spec.commandLine().getErr());
        try (RepositoryDownload download =
                new RepositoryDownload(repository, from, revision, Patience.DEFAULT, progress)) {
            Path folder = folder();
            download.into(folder);
            progress.done();
            try (Checkpoint checkpoint = Checkpoint.open(folder)) {
                spec.commandLine()
                        .getOut()
                        .println(checkpoint.modelId() + " is in " + folder.toAbsolutePath());
            }
        }
        return 0;
    }

    private Path folder() {
        String name = repository.substring(repository.indexOf('/') + 1);
        return into != null ? into : ModelsFolder.path().resolve(name.toLowerCase(Locale.ROOT));
    }
}
