package io.github.qwen3retrieval.models.cli;

import com.google.gson.Gson;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.serving.Models;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code qwen3 rerank}: a query and texts in, scores out. */
@Command(
        name = "rerank",
        mixinStandardHelpOptions = true,
        description = {
            "Scores texts against a query: reads lines {\"text\": …} from standard input and"
                    + " writes, in the same order, lines {\"score\": P(yes), \"logit\": yes − no,"
                    + " \"tokens\": n, \"truncated\": b}."
        })
final class RerankCommand implements Callable<Integer> {

    @Mixin private ModelOptions model;

    @Option(names = "--query", required = true, paramLabel = "S", description = "the query")
    private String query;

    @Option(
            names = "--instruction",
            paramLabel = "S",
            description = "what makes a text fit (default: web search)")
    private String instruction;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "tokens of the whole prompt after which a text is cut (default: 8192)")
    private Integer maxLength;

    @Spec private CommandSpec spec;

    /** One line of the output. */
    private record Line(float score, float logit, int tokens, boolean truncated) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Gson json = new Gson();
        try (Models models = model.open()) {
            TextLines lines = new TextLines(System.in);
            for (List<String> texts = lines.next(); !texts.isEmpty(); texts = lines.next()) {
                RerankRequest request =
                        new RerankRequest(
                                model.modelId(), query, texts, instruction, maxLength, null);
                for (RerankScore score : Waiting.on(models.rerank(request)).scores()) {
                    out.println(json.toJson(line(score)));
                }
                out.flush();
            }
        }
        return 0;
    }

    private static Line line(RerankScore score) {
        return new Line(score.probability(), score.logit(), score.tokens(), score.truncated());
    }
}
