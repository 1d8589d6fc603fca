package io.github.qwen3retrieval.models.checkpoint;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Gives a random checkpoint the outliers of real Qwen models: a few channels of the residual stream
 * that are much larger than the others, and a few of the feed-forward networks.
 */
public final class Outliers {

    /** One channel in so many: 8 of the smallest published shape. */
    private static final int SHARE = 128;

    private static final float STREAM = 50;
    private static final float INNER = 15;

    private final FileChannel file;
    private final long dataStart;
    private final Safetensors tensors;
    private final Random random;

    private Outliers(FileChannel file, Safetensors tensors, int seed) throws IOException {
        this.file = file;
        this.tensors = tensors;
        this.random = new Random(seed);
        this.dataStart =
                file.size()
                        - tensors.entries().stream()
                                .mapToLong(SafetensorsHeader.Entry::end)
                                .max()
                                .orElseThrow();
    }

    /** What reads the channels that are made large. */
    public enum Readers {
        /**
         * Has weights that are so much smaller, as in trained networks: the answers stay about what
         * they were.
         */
        BALANCED,
        /** Is as it was: the answers hang on the large channels. */
        OVERWHELMED
    }

    /**
     * Makes some channels of the residual stream 50 times as large, wherever they are written, and
     * where readers are balanced, in each layer as many of the feed-forward network 15 times. In
     * place.
     *
     * @param folder a checkpoint in one bfloat16 file, its output head tied to its table
     */
    public static void inject(Path folder, Readers readers, int seed) throws IOException {
        Path path = folder.resolve(WeightFiles.SINGLE);
        try (RandomAccessFile access = new RandomAccessFile(path.toFile(), "rw")) {
            Outliers outliers = new Outliers(access.getChannel(), Safetensors.open(path), seed);
            outliers.inject(readers == Readers.BALANCED);
        }
    }

    private void inject(boolean balanced) throws IOException {
        int count = Math.max(1, hidden() / SHARE);
        int[] channels = random.ints(count, 0, hidden()).distinct().toArray();
        Map<String, int[]> inner = new HashMap<>();
        for (SafetensorsHeader.Entry entry : tensors.entries()) {
            String name = entry.name();
            String layer = name.replaceFirst("mlp\\..*", "");
            boolean reranker = name.startsWith(TensorNames.PREFIX);
            if (name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight")) {
                rows(entry, channels, STREAM);
            }
            if (name.endsWith("down_proj.weight") && balanced) {
                columns(entry, inner(inner, layer, entry.shape()[1], count), 1 / INNER);
            }
            if (name.endsWith("up_proj.weight") && balanced) {
                rows(entry, inner(inner, layer, entry.shape()[0], count), INNER);
            }
            if (name.endsWith(TensorNames.EMBEDDINGS) && (balanced || reranker == false)) {
                columns(entry, channels, STREAM);
            }
            if (name.endsWith("layernorm.weight") && balanced) {
                rows(entry, channels, 1 / STREAM);
            }
            if (name.replace(TensorNames.PREFIX, "").equals("norm.weight") && balanced) {
                // a reranker's head is its table, and has become larger too
                rows(entry, channels, reranker ? 1 / (STREAM * STREAM) : 1 / STREAM);
            }
        }
    }

    private int[] inner(Map<String, int[]> known, String layer, long size, int count) {
        return known.computeIfAbsent(
                layer, key -> random.ints(count, 0, (int) size).distinct().toArray());
    }

    private int hidden() {
        return tensors.entries().stream()
                .filter(entry -> entry.name().endsWith(TensorNames.EMBEDDINGS))
                .mapToInt(entry -> (int) entry.shape()[1])
                .findFirst()
                .orElseThrow();
    }

    private void rows(SafetensorsHeader.Entry entry, int[] rows, float factor) throws IOException {
        MappedByteBuffer bytes = map(entry);
        int width = entry.shape().length == 1 ? 1 : (int) entry.shape()[1];
        for (int row : rows) {
            for (int i = 0; i < width; i++) {
                multiply(bytes, row * width + i, factor);
            }
        }
    }

    private void columns(SafetensorsHeader.Entry entry, int[] columns, float factor)
            throws IOException {
        MappedByteBuffer bytes = map(entry);
        int width = (int) entry.shape()[1];
        for (int row = 0; row < entry.shape()[0]; row++) {
            for (int column : columns) {
                multiply(bytes, row * width + column, factor);
            }
        }
    }

    private MappedByteBuffer map(SafetensorsHeader.Entry entry) throws IOException {
        MappedByteBuffer bytes =
                file.map(
                        FileChannel.MapMode.READ_WRITE,
                        dataStart + entry.begin(),
                        entry.end() - entry.begin());
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        return bytes;
    }

    private static void multiply(MappedByteBuffer bytes, int index, float factor) {
        float number = Float.intBitsToFloat(bytes.getShort(2 * index) << 16) * factor;
        bytes.putShort(2 * index, (short) (Float.floatToRawIntBits(number) >>> 16));
    }
}
