package io.github.qwen3retrieval.inference.standin;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.inference.ChunkInferenceInput;
import org.elasticsearch.inference.ChunkedInference;
import org.elasticsearch.inference.InferenceService;
import org.elasticsearch.inference.InferenceServiceResults;
import org.elasticsearch.inference.InferenceString;
import org.elasticsearch.inference.InputType;
import org.elasticsearch.inference.MinimalServiceSettings;
import org.elasticsearch.inference.Model;
import org.elasticsearch.inference.RerankRequest;
import org.elasticsearch.inference.TaskType;
import org.elasticsearch.xcontent.ToXContent;
import org.elasticsearch.xcontent.XContentBuilder;
import org.elasticsearch.xcontent.XContentType;

/**
 * One call of a service.
 *
 * @param service what is called
 * @param body {@code input}, and as the call wants them {@code query}, {@code chunked}, {@code
 *     input_type}, {@code task_settings} and {@code timeout}
 */
record StandInCall(InferenceService service, Map<String, Object> body) {

    /** What the stand-in answers with. */
    interface Answer {
        void write(XContentBuilder builder) throws IOException;
    }

    void run(Model model, ActionListener<Answer> listener) {
        if (model.getTaskType() == TaskType.RERANK) {
            service.rerankInfer(
                    model, reranking(), timeout(), listener.map(result -> answer(model, result)));
        } else if (body.containsKey("chunked")) {
            service.chunkedInfer(
                    model,
                    input().stream().map(ChunkInferenceInput::new).toList(),
                    taskSettings(),
                    InputType.INTERNAL_INGEST,
                    timeout(),
                    listener.map(result -> chunks(model, result)));
        } else {
            service.infer(
                    model,
                    input(),
                    false,
                    taskSettings(),
                    InputType.fromString((String) body.getOrDefault("input_type", "unspecified")),
                    timeout(),
                    listener.map(result -> answer(model, result)));
        }
    }

    private RerankRequest reranking() {
        return new RerankRequest(
                InferenceString.fromStringList(input()),
                InferenceString.ofText((String) body.get("query")),
                null,
                null,
                taskSettings());
    }

    @SuppressWarnings("unchecked")
    private List<String> input() {
        return (List<String>) body.get("input");
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> taskSettings() {
        return (Map<String, Object>) body.getOrDefault("task_settings", Map.of());
    }

    private TimeValue timeout() {
        return TimeValue.parseTimeValue((String) body.getOrDefault("timeout", "30s"), "timeout");
    }

    /** What x-pack-inference keeps of an endpoint for mappings refuses what they could not use. */
    private static void writeSettings(Model model, XContentBuilder builder) throws IOException {
        builder.field("model_settings", new MinimalServiceSettings(model));
    }

    private static Answer answer(Model model, InferenceServiceResults results) {
        return builder -> {
            builder.startObject();
            writeSettings(model, builder);
            Iterator<? extends ToXContent> parts =
                    results.toXContentChunked(ToXContent.EMPTY_PARAMS);
            while (parts.hasNext()) {
                parts.next().toXContent(builder, ToXContent.EMPTY_PARAMS);
            }
            builder.endObject();
        };
    }

    private static Answer chunks(Model model, List<ChunkedInference> texts) {
        return builder -> {
            builder.startObject();
            writeSettings(model, builder);
            builder.startArray("texts");
            for (ChunkedInference text : texts) {
                builder.startArray();
                Iterator<ChunkedInference.Chunk> chunks =
                        text.chunksAsByteReference(XContentType.JSON.xContent());
                while (chunks.hasNext()) {
                    ChunkedInference.Chunk chunk = chunks.next();
                    builder.startObject()
                            .field("start", chunk.textOffset().start())
                            .field("end", chunk.textOffset().end())
                            .rawField(
                                    "vector",
                                    chunk.bytesReference().streamInput(),
                                    XContentType.JSON)
                            .endObject();
                }
                builder.endArray();
            }
            builder.endArray().endObject();
        };
    }
}
