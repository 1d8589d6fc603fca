package io.github.qwen3retrieval.models.network;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * A Qwen3 decoder with its weights, ready to run. Any number of threads may run passes at once;
 * each pass runs on its caller's thread and closes all it made. To be closed when no pass runs.
 */
public final class Network implements AutoCloseable {

    /**
     * Queries of one block of attention behind a prefix, on a GPU: bounds its mask to this × keys.
     */
    private static final int BLOCK = 512;

    private static final int FEWEST_ON_CPU = 64;

    private final Qwen3Config config;
    private final PtNDManager manager;
    private final Program program;
    private final Layers layers;
    private final EmbeddingTable embeddings;
    private final EmbeddingTable head;

    /**
     * Loads the network of a checkpoint.
     *
     * @param checkpoint open, and kept open by the caller as long as this network is used
     * @param precision what to compute in
     * @param device where to compute, from {@link PyTorch#device}
     * @param live counts what is in native memory
     * @param beside loads some of the layers, where it has a thread for it
     * @param threads that a pass will have at most, see {@link Interruption#share}
     * @throws io.github.qwen3retrieval.models.ModelException if this machine cannot compute in it
     */
    public Network(
            Checkpoint checkpoint,
            Precision precision,
            Device device,
            LiveArrays live,
            Executor beside,
            int threads) {
        this(
                checkpoint,
                Arithmetic.of(checkpoint, precision, device, threads),
                device,
                live,
                beside);
    }

    /** The same in an arithmetic of the checkpoint for the device. */
    Network(
            Checkpoint checkpoint,
            Arithmetic arithmetic,
            Device device,
            LiveArrays live,
            Executor beside) {
        config = checkpoint.config();
        manager = PyTorch.newManager(device);
        Layers loading = null;
        boolean loaded = false;
        try {
            program = new Program(manager, arithmetic.program(), live);
            loading = arithmetic.load(program, manager, beside);
            layers = loading;
            embeddings = new EmbeddingTable(checkpoint.embeddings());
            head = new EmbeddingTable(checkpoint.head());
            loaded = true;
        } finally {
            if (loaded == false) {
                if (loading != null) {
                    loading.close();
                }
                manager.close();
            }
        }
    }

    /**
     * Bytes of memory, beside the page cache, that the weights of a checkpoint will take: known
     * before they are loaded, so that a budget can be asked.
     */
    public static long weightBytes(Checkpoint checkpoint, Precision precision, Device device) {
        return Arithmetic.of(checkpoint, precision, device, 1).weightBytes();
    }

    /** Whether what stands between products of matrices is computed in Java, not by libtorch. */
    public boolean computesInJava() {
        return layers instanceof RowLayers;
    }

    /**
     * Tokens of a pass that costs no more by the token than a longer one: less is not worth a
     * thread of its own. On a CPU the 0.6B shape took as long for each token of 64 as of 256, in
     * float32, and a fourteenth longer in int8; a GPU wants all there is in one pass.
     */
    public int fewestTokens() {
        return manager.getDevice().isGpu() ? Integer.MAX_VALUE : FEWEST_ON_CPU;
    }

    /**
     * Bytes of memory that a pass over so many tokens takes at its peak, counted from the shapes in
     * {@code qwen3.torchscript}: per token the residual stream, its norm and the projections; per
     * slice of 1024 rows the feed-forward network's two intermediates.
     *
     * @param tokens of all sequences of the batch
     */
    public long activationBytes(long tokens) {
        long attention =
                6L * config.heads() * config.headDim() + 6L * config.kvHeads() * config.headDim();
        long perToken = 5L * config.hiddenSize() + attention;
        long slice =
                Math.min(tokens, 1024)
                        * (3L * config.intermediateSize() + 2L * config.hiddenSize());
        return 4 * (tokens * perToken + slice);
    }

    /** Bytes of the keys and values of a {@link Prefix} of so many tokens. */
    public long prefixBytes(long tokens) {
        return 4 * tokens * 2 * config.layers() * config.kvHeads() * config.headDim();
    }

    /**
     * Final hidden state of each sequence's last token.
     *
     * @param sequences token ids, none of them empty
     * @param prefix what stands before every sequence, or null for nothing
     * @return float[sequences][hidden size]
     */
    public float[][] lastHidden(List<int[]> sequences, Prefix prefix, Interruption interruption) {
        try (Value hidden = forward(sequences, prefix, interruption)) {
            return rows(program.fetch(hidden, manager), config.hiddenSize());
        }
    }

    /**
     * Logits of some tokens of the vocabulary behind each sequence.
     *
     * @param sequences token ids, none of them empty
     * @param prefix what stands before every sequence, or null for nothing
     * @param tokens ids whose logits are wanted
     * @return float[sequences][tokens]
     */
    public float[][] logits(
            List<int[]> sequences, Prefix prefix, int[] tokens, Interruption interruption) {
        float[] rows = new float[tokens.length * config.hiddenSize()];
        for (int i = 0; i < tokens.length; i++) {
            head.row(tokens[i], rows, i * config.hiddenSize());
        }
        try (Value hidden = forward(sequences, prefix, interruption);
                Value wantedRows = program.value(array(rows, tokens.length));
                Value logits = program.run("logits", hidden, wantedRows)) {
            return rows(program.fetch(logits, manager), tokens.length);
        }
    }

    /**
     * Computes a prefix. The caller owns and closes it.
     *
     * @param before a shorter prefix that it continues, of which it takes a copy, or null for none
     * @param ids its tokens behind {@code before}, at least one
     */
    public Prefix prefix(Prefix before, int[] ids, Interruption interruption) {
        List<Value> keysAndValues = new ArrayList<>();
        boolean done = false;
        try (Pass pass = new Pass(List.of(ids), before, interruption)) {
            for (int layer = 0; layer < config.layers(); layer++) {
                interruption.betweenLayers();
                keysAndValues.add(behind(before, layer, pass.stream.layer(layer)));
            }
            done = true;
            int length = before == null ? ids.length : before.length() + ids.length;
            return new Prefix(length, keysAndValues);
        } finally {
            if (done == false) {
                keysAndValues.forEach(Value::close);
            }
        }
    }

    /** The keys and values of a layer behind those of a prefix, which the caller closes. */
    private Value behind(Prefix before, int layer, Value added) {
        if (before == null) {
            return added;
        }
        try (added) {
            return program.run("behind", before.layer(layer), added);
        }
    }

    /** Runs all layers; the result [S, H] is the caller's to close. */
    private Value forward(List<int[]> sequences, Prefix prefix, Interruption interruption) {
        try (Pass pass = new Pass(sequences, prefix, interruption)) {
            for (int layer = 0; layer < config.layers() - 1; layer++) {
                interruption.betweenLayers();
                pass.stream.layer(layer).close();
            }
            interruption.betweenLayers();
            return pass.stream.lastLayer();
        }
    }

    private PtNDArray array(float[] rows, int count) {
        // libtorch does not keep the memory under an array: the array must outlive its uses
        return manager.create(
                FloatBuffer.wrap(rows), new Shape(count, config.hiddenSize()), DataType.FLOAT32);
    }

    private static float[][] rows(float[] numbers, int width) {
        float[][] rows = new float[numbers.length / width][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(numbers, i * width, (i + 1) * width);
        }
        return rows;
    }

    @Override
    public void close() {
        layers.close();
        manager.close();
    }

    /** One run of a batch through the layers: the residual stream and what every layer needs. */
    private final class Pass implements AutoCloseable {

        private final PtNDManager owned = (PtNDManager) manager.newSubManager();
        private final List<Value> values = new ArrayList<>();
        private final Prefix prefix;
        private final Value noPast;
        private final Layers.Stream stream;

        Pass(List<int[]> sequences, Prefix prefix, Interruption interruption) {
            this.prefix = prefix;
            boolean ready = false;
            try {
                long[] lengths = sequences.stream().mapToLong(ids -> ids.length).toArray();
                Value lens = own(program.value(IValue.listFrom(lengths)));
                int tokensBefore = prefix == null ? 0 : prefix.length();
                Value before = own(program.value(IValue.from((long) tokensBefore)));
                Value dim = own(program.value(IValue.from((long) config.headDim())));
                Value theta = own(program.value(IValue.from(config.ropeTheta())));
                Value angles =
                        own(program.run("angles", lens, before, dim, theta, layers.likeStream()));
                long longest = Arrays.stream(lengths).max().orElseThrow();
                boolean masked = prefix != null && manager.getDevice().isGpu();
                long block = masked ? Math.min(BLOCK, longest) : 0;
                Value blockSize = own(program.value(IValue.from(block)));
                Value mask = own(program.run("mask", blockSize, before, layers.likeKeys()));
                noPast = own(program.value(IValue.listFrom(new PtNDArray[0])));
                Layers.Batch batch =
                        new Layers.Batch(lengths, tokensBefore, lens, angles, mask, this::past);
                stream = layers.begin(embed(sequences), batch, interruption);
                ready = true;
            } finally {
                if (ready == false) {
                    release();
                }
            }
        }

        private Value own(Value value) {
            values.add(value);
            return value;
        }

        private Value embed(List<int[]> sequences) {
            int width = config.hiddenSize();
            int tokens = sequences.stream().mapToInt(ids -> ids.length).sum();
            float[] rows = new float[Math.multiplyExact(tokens, width)];
            int offset = 0;
            for (int[] ids : sequences) {
                for (int id : ids) {
                    embeddings.row(id, rows, offset);
                    offset += width;
                }
            }
            PtNDArray array =
                    owned.create(
                            FloatBuffer.wrap(rows), new Shape(tokens, width), DataType.FLOAT32);
            return program.run("start", own(program.value(array)), layers.likeStream());
        }

        private Value past(int layer) {
            return prefix == null ? noPast : prefix.layer(layer);
        }

        @Override
        public void close() {
            stream.close();
            release();
        }

        private void release() {
            values.forEach(Value::close);
            owned.close();
        }
    }
}
