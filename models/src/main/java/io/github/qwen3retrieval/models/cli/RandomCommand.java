package io.github.qwen3retrieval.models.cli;

import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.RandomCheckpoint;
import io.github.qwen3retrieval.models.checkpoint.RandomShape;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code qwen3 random}: a checkpoint of random weights, for tests and for sizing. */
@Command(
        name = "random",
        mixinStandardHelpOptions = true,
        description = "Writes a checkpoint of random weights with the official tokenizer.")
final class RandomCommand implements Callable<Integer> {

    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,9})(|k|m|g)b?");

    @Option(
            names = "--shape",
            required = true,
            paramLabel = "SHAPE",
            description = "0.6b, 4b, 8b, or a JSON file in the layout of config.json")
    private String shape;

    @Option(
            names = "--kind",
            required = true,
            paramLabel = "KIND",
            description = "embedding or reranker")
    private ModelKind kind;

    @Option(
            names = "--into",
            required = true,
            paramLabel = "DIR",
            description = "the checkpoint's folder, new or empty")
    private Path into;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description =
                    "the same seed gives the same weights everywhere; default ${DEFAULT-VALUE}")
    private long seed;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "bf16",
            description = "bf16, f16 or f32; default ${DEFAULT-VALUE}")
    private DataType type;

    @Option(
            names = "--max-shard-size",
            paramLabel = "SIZE",
            defaultValue = "5gb",
            description = "most bytes of one file, such as 500mb; default ${DEFAULT-VALUE}")
    private String maxShardSize;

    @Option(names = "--untied", description = "gives a reranker an output head of its own")
    private boolean untied;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        RandomShape wanted = RandomShape.of(shape);
        new RandomCheckpoint(
                        untied ? wanted.withTiedEmbeddings(false) : wanted,
                        kind,
                        type,
                        seed,
                        bytes(maxShardSize))
                .write(into);
        spec.commandLine().getOut().println(into.toAbsolutePath().normalize());
        return 0;
    }

    private static long bytes(String size) {
        Matcher matcher = SIZE.matcher(size.toLowerCase(Locale.ROOT));
        if (matcher.matches() == false) {
            throw new IllegalArgumentException(
                    "--max-shard-size must be a number of bytes such as [500mb], got ["
                            + size
                            + "]");
        }
        int unit = "kmg".indexOf(matcher.group(2));
        int power = matcher.group(2).isEmpty() ? 0 : unit + 1;
        return Long.parseLong(matcher.group(1)) * (long) Math.pow(1000, power);
    }
}
