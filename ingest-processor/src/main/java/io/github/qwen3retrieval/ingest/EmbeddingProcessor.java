package io.github.qwen3retrieval.ingest;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.elasticsearch.cluster.metadata.ProjectId;
import org.elasticsearch.ingest.AbstractProcessor;
import org.elasticsearch.ingest.IngestDocument;
import org.elasticsearch.ingest.Processor;

/**
 * Ingest processor that embeds text fields of a document into {@code dense_vector} fields.
 *
 * <p>It never waits: Elasticsearch starts all documents of a {@code _bulk} one after the other, so
 * that their texts meet in the embedder's batches. All fields of one document go in one request.
 *
 * <p>A field that is missing, null, blank, or a list of nothing else, has no text. Such a document
 * fails, unless {@code ignore_missing} is set: then the field is passed over, its target is left as
 * it is, and the other fields are embedded. A field that holds anything but text fails the document
 * either way. Paths are those of Elasticsearch's ingest documents: they do not reach into a list of
 * objects, which to a path with dots is a field that is missing.
 */
public final class EmbeddingProcessor extends AbstractProcessor {

    /** The name under which pipelines know the processor. */
    public static final String TYPE = "qwen3_embedding";

    private final Embedder embedder;
    private final EmbeddingProcessorConfig config;

    EmbeddingProcessor(
            String tag, String description, Embedder embedder, EmbeddingProcessorConfig config) {
        super(tag, description);
        this.embedder = embedder;
        this.config = config;
    }

    @Override
    public String getType() {
        return TYPE;
    }

    @Override
    public boolean isAsync() {
        return true;
    }

    /**
     * Embeds the document's fields and hands it on with its vectors, each a list of floats.
     *
     * @param handler called once, with the document or with the failure, on the thread that
     *     completes the embedder's future or on this one
     */
    @Override
    public void execute(IngestDocument document, BiConsumer<IngestDocument, Exception> handler) {
        List<String> texts = new ArrayList<>(config.fields().size());
        List<String> outputs = new ArrayList<>(config.fields().size());
        try {
            collect(document, texts, outputs);
        } catch (Exception e) {
            handler.accept(null, e);
            return;
        }
        if (texts.isEmpty()) {
            handler.accept(document, null);
            return;
        }
        EmbedderCall.embed(
                embedder,
                config.options().request(InputType.DOCUMENT, texts),
                (embeddings, failure) -> {
                    Exception e = failure == null ? store(document, outputs, embeddings) : failure;
                    handler.accept(e == null ? document : null, e);
                });
    }

    private void collect(IngestDocument document, List<String> texts, List<String> outputs) {
        for (EmbeddedField field : config.fields()) {
            String text = FieldText.of(document, field.input(), config.ignoreMissing());
            if (text != null) {
                texts.add(text);
                outputs.add(field.output());
            }
        }
    }

    private static Exception store(
            IngestDocument document, List<String> outputs, List<Embedding> embeddings) {
        try {
            for (int i = 0; i < outputs.size(); i++) {
                document.setFieldValue(outputs.get(i), floats(embeddings.get(i).vector()));
            }
            return null;
        } catch (Exception e) {
            return e;
        }
    }

    /**
     * Ingest documents can be copied, as {@code _simulate} does, with lists but not with arrays.
     */
    private static List<Float> floats(float[] vector) {
        List<Float> floats = new ArrayList<>(vector.length);
        for (float value : vector) {
            floats.add(value);
        }
        return floats;
    }

    /** Makes processors from what pipelines say. */
    public static final class Factory implements Processor.Factory {

        private final Supplier<Embedder> embedder;

        /**
         * With the node's embedder.
         *
         * @param embedder asked for when a pipeline is made, which is after the node's components
         *     are; gives an embedder that completes its futures in the thread context of the caller
         */
        public Factory(Supplier<Embedder> embedder) {
            this.embedder = embedder;
        }

        /**
         * A processor for this configuration, every key of which is taken out.
         *
         * @throws org.elasticsearch.ElasticsearchException naming the parameter that is missing,
         *     wrong or not known
         */
        @Override
        public EmbeddingProcessor create(
                Map<String, Processor.Factory> processorFactories,
                String tag,
                String description,
                Map<String, Object> config,
                ProjectId projectId) {
            return new EmbeddingProcessor(
                    tag, description, embedder.get(), EmbeddingProcessorConfig.read(tag, config));
        }
    }
}
