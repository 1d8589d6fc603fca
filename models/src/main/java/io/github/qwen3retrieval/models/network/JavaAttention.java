package io.github.qwen3retrieval.models.network;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.rows.CausalAttention;
import io.github.qwen3retrieval.models.rows.Rows;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * What the tokens of a pass attend to, computed by {@link CausalAttention} where the tensors lie,
 * in place of the program's {@code attended}. For one thread.
 */
final class JavaAttention {

    /**
     * Tokens of a sequence and what it continues up to which Java computes it, which bounds what
     * that takes of Java's heap: with 8 heads of 128 numbers 8 KB a token. libtorch gains on it
     * until there.
     */
    private static final int LONGEST = 2048;

    private static final LongAdder NANOS = new LongAdder();

    private final Program program;
    private final PtNDManager manager;
    private final KeyType type;
    private final Layers.Batch batch;
    private final Heads heads;
    private final RowLanes lanes;
    private CausalAttention[] parts = {};

    /**
     * Heads of attention.
     *
     * @param queries N of queries
     * @param keys K of keys and as many of values
     * @param dimensions D, numbers of each
     */
    record Heads(int queries, int keys, int dimensions) {

        /** All those of a layer. */
        static Heads of(Qwen3Config config) {
            return new Heads(config.heads(), config.kvHeads(), config.headDim());
        }

        /** One of so many like parts of them. */
        Heads part(int count) {
            return new Heads(queries / count, keys / count, dimensions);
        }

        /** Numbers of a token's queries. */
        int width() {
            return queries * dimensions;
        }

        /** Numbers of a token's keys, and of its values. */
        int keyWidth() {
            return keys * dimensions;
        }
    }

    /**
     * Attention of a batch, which is kept by the caller.
     *
     * @param type of queries, keys and values
     * @param lanes that heads are shared out to, of those of keys as many to each
     */
    JavaAttention(
            Program program,
            PtNDManager manager,
            Heads heads,
            KeyType type,
            Layers.Batch batch,
            RowLanes lanes) {
        this.program = program;
        this.manager = manager;
        this.type = type;
        this.batch = batch;
        this.heads = heads;
        this.lanes = lanes;
    }

    /** Whether it is there, and faster than libtorch, on this machine. */
    static boolean suits(Device device) {
        return device.isGpu() == false && JavaVectors.present() && CausalAttention.suits();
    }

    /** The same as the constructor, or null where the program is the way for this batch. */
    static JavaAttention whereItSuits(
            Program program,
            PtNDManager manager,
            Heads heads,
            KeyType type,
            Layers.Batch batch,
            RowLanes lanes) {
        return suits(manager.getDevice()) && suits(batch)
                ? new JavaAttention(program, manager, heads, type, batch, lanes)
                : null;
    }

    /** Whether it is the way for sequences as long as the longest of these. */
    static boolean suits(Layers.Batch batch) {
        return batch.before() + Arrays.stream(batch.lengths()).max().orElse(0) <= LONGEST;
    }

    /** Time that all of it together has taken, for whoever wants to know the difference. */
    static long nanos() {
        return NANOS.sum();
    }

    /**
     * What all tokens attend to in a layer.
     *
     * @param queries [T, N, D]
     * @param keys [T, K, D]
     * @param values [T, K, D]
     * @return [T, N, D] in the same type, for the caller to close
     */
    Value of(Value queries, Value keys, Value values, int layer) {
        long tokens = Arrays.stream(batch.lengths()).sum();
        SharedTensor attended =
                SharedTensor.of(
                        program.memory(type.torchType(), tokens, heads.queries, heads.dimensions),
                        manager);
        boolean done = false;
        try {
            Rows into = type.rows(attended.bytes(), heads.width());
            run(queries, keys, values, batch.past().apply(layer), into);
            done = true;
            return attended.value();
        } finally {
            if (done == false) {
                attended.close();
            }
        }
    }

    /**
     * The same into rows that are there.
     *
     * @param past keys and values of the prefix, an empty list where there is none
     * @param into [T, N · D]
     */
    void run(Value queries, Value keys, Value values, Value past, Rows into) {
        long started = System.nanoTime();
        compute(queries, seen(keys, values), past, into);
        NANOS.add(System.nanoTime() - started);
    }

    private void compute(Value queries, CausalAttention.Seen own, Value past, Rows into) {
        Rows from = type.rows(SharedTensor.memory(queries, manager), heads.width());
        IValue[] raw = past.raw().toIValueArray();
        if (raw.length == 0) {
            compute(from, own, CausalAttention.Seen.NOTHING, into);
        } else {
            try (Value keys = program.value(raw[0]);
                    Value values = program.value(raw[1])) {
                compute(from, own, seen(keys, values), into);
            }
        }
    }

    private void compute(
            Rows queries, CausalAttention.Seen own, CausalAttention.Seen past, Rows into) {
        int count = lanes.now();
        if (parts.length != count) {
            parts = parts(count);
        }
        Heads part = heads.part(count);
        lanes.interruption()
                .share(
                        count,
                        lane -> {
                            int first = lane * part.width();
                            int firstKey = lane * part.keyWidth();
                            parts[lane].run(
                                    queries.columns(first, part.width()),
                                    own.columns(firstKey, part.keyWidth()),
                                    past.columns(firstKey, part.keyWidth()),
                                    batch.lengths(),
                                    into.columns(first, part.width()));
                        });
    }

    /** Heads depend on no others. */
    private CausalAttention[] parts(int count) {
        Heads part = heads.part(count);
        return Stream.generate(() -> new CausalAttention(part.queries, part.keys, part.dimensions))
                .limit(count)
                .toArray(CausalAttention[]::new);
    }

    private CausalAttention.Seen seen(Value keys, Value values) {
        int width = heads.keyWidth();
        ByteBuffer memory = SharedTensor.memory(keys, manager);
        return new CausalAttention.Seen(
                type.rows(memory, width),
                type.rows(SharedTensor.memory(values, manager), width),
                memory.remaining() / (width * type.bytes()));
    }
}
