package io.github.qwen3retrieval.models.cli;

import com.google.gson.Gson;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
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

/** {@code qwen3 embed}: texts in, vectors out. */
@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        description = {
            "Embeds texts: reads lines {\"text\": …} from standard input and writes, in the same"
                    + " order, lines {\"vector\": […], \"tokens\": n, \"truncated\": b}."
        })
final class EmbedCommand implements Callable<Integer> {

    @Mixin private ModelOptions model;

    @Option(names = "--query", description = "the texts are queries, not documents")
    private boolean query;

    @Option(
            names = "--instruction",
            paramLabel = "S",
            description = "what the search is for (default: web search for queries, none else)")
    private String instruction;

    @Option(
            names = "--dimensions",
            paramLabel = "N",
            description = "length of the vectors (default: the model's)")
    private Integer dimensions;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "tokens after which a text is cut (default: 8192)")
    private Integer maxLength;

    @Spec private CommandSpec spec;

    /** One line of the output. */
    private record Line(float[] vector, int tokens, boolean truncated) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Gson json = new Gson();
        try (Models models = model.open()) {
            TextLines lines = new TextLines(System.in);
            for (List<String> texts = lines.next(); !texts.isEmpty(); texts = lines.next()) {
                for (Embedding embedding : Waiting.on(models.embed(request(texts)))) {
                    out.println(
                            json.toJson(
                                    new Line(
                                            embedding.vector(),
                                            embedding.tokens(),
                                            embedding.truncated())));
                }
                out.flush();
            }
        }
        return 0;
    }

    private EmbeddingRequest request(List<String> texts) {
        InputType type = query ? InputType.QUERY : InputType.DOCUMENT;
        return new EmbeddingRequest(
                model.modelId(), type, texts, instruction, dimensions, maxLength);
    }
}
