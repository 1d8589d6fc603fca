package io.github.qwen3retrieval.models.cli;

import io.github.qwen3retrieval.models.ModelException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code qwen3}; its subcommands are listed here, in the order of use. */
@Command(
        name = "qwen3",
        mixinStandardHelpOptions = true,
        version = "qwen3 0.1.0",
        description = "Fetches, inspects and runs Qwen3-Embedding and Qwen3-Reranker checkpoints.",
        subcommands = {
            DownloadCommand.class,
            VerifyCommand.class,
            PrepareCommand.class,
            ListCommand.class,
            EmbedCommand.class,
            RerankCommand.class,
            BenchCommand.class,
            EvaluateCommand.class,
            RandomCommand.class
        })
public final class Qwen3 implements Runnable {

    /** System property that names the folder of all models. */
    static final String MODELS_PROPERTY = "qwen3.models";

    @Spec private CommandSpec spec;

    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        // no logging library belongs to the command line, and slf4j would complain of that
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.exit(commandLine().execute(arguments));
    }

    /** The command line, ready to execute; writes to the streams it is given or the process's. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Qwen3());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(Qwen3::wrongUsage);
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
        return line;
    }

    /** Without a subcommand there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "no command given: one of " + spec.subcommands().keySet() + " is needed");
    }

    private static int wrongUsage(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        boolean unknown = e instanceof UnmatchedArgumentException && command.getParent() == null;
        String why =
                unknown
                        ? "unknown command ["
                                + ((UnmatchedArgumentException) e).getUnmatched().get(0)
                                + "]: one of "
                                + command.getSubcommands().keySet()
                                + " is needed"
                        : oneLine(e);
        command.getErr()
                .println(why + "; see [" + command.getCommandSpec().qualifiedName() + " --help]");
        return CommandLine.ExitCode.USAGE;
    }

    /** Wrong values are usage, whoever finds them; the rest is failure. */
    private static int failed(Exception failure, CommandLine command) {
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        boolean unforeseen =
                failure instanceof RuntimeException
                        && failure instanceof ModelException == false
                        && failure instanceof IllegalArgumentException == false;
        err.println(name + ": " + (unforeseen ? failure : oneLine(failure)));
        return failure instanceof IllegalArgumentException
                ? CommandLine.ExitCode.USAGE
                : CommandLine.ExitCode.SOFTWARE;
    }

    private static String oneLine(Exception e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.replaceAll("\\s*\\R\\s*", " ");
    }
}
