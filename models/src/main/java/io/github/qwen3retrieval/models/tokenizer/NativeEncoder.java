package io.github.qwen3retrieval.models.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.github.qwen3retrieval.models.natives.Natives;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Owner of one tokenizer in native memory. Many threads may encode at once; closing waits for them,
 * as encoding with a freed tokenizer would crash the JVM.
 */
final class NativeEncoder implements AutoCloseable {

    private static final Map<String, String> OPTIONS =
            Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final HuggingFaceTokenizer tokenizer;
    private boolean closed;

    /**
     * Builds a tokenizer from the text of a tokenizer.json.
     *
     * @throws RuntimeException as the native library says, if it cannot be built
     */
    NativeEncoder(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        tokenizer = Natives.whileLoading(() -> create(bytes));
    }

    /**
     * Ids of a text, nothing added and nothing cut.
     *
     * @param text without lone surrogates
     */
    int[] encode(String text) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the tokenizer is closed");
            }
            return ids(tokenizer.getHandle(), text);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            tokenizer.close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Asks for the ids alone: DJL's own encode also copies each token's text and place. */
    private static int[] ids(long handle, String text) {
        long encoding = TokenizersLibrary.LIB.encode(handle, text, false);
        try {
            long[] wide = TokenizersLibrary.LIB.getTokenIds(encoding);
            int[] ids = new int[wide.length];
            for (int i = 0; i < wide.length; i++) {
                ids[i] = (int) wide[i];
            }
            return ids;
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    private static HuggingFaceTokenizer create(byte[] json) {
        try (InputStream stream = new ByteArrayInputStream(json)) {
            return HuggingFaceTokenizer.newInstance(stream, OPTIONS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
