package io.github.qwen3retrieval.models.rows;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Softmax attention of packed sequences, each token to a prefix that all sequences continue, to
 * what stands before it in its own sequence, and to itself: softmax(q · k / √D) · v. Heads of
 * queries share those of keys and values in groups.
 *
 * <p>Both products, that of queries with keys and that of weights with values, are the loop of
 * {@link PanelProduct} over {@link KeyPanels}. Some tokens' queries go through all heads together,
 * and all scores of a head are kept until its weights have been used: memory is linear in the
 * longest sequence. What stands behind a token is neither weighed nor, but for the rest of a panel,
 * computed.
 *
 * <p>A token's result depends on its own sequence and the prefix alone, bit by bit.
 */
public final class CausalAttention {

    private static final int WIDTH = PanelProduct.WIDTH;

    /** Rows that use a panel while it is in the cache: four times those of one product. */
    private static final int BLOCK = 4 * PanelProduct.ROWS;

    /** Values that are weighed at once: 64 KB of them with 128 dimensions. */
    private static final int DEPTH = 128;

    private final int heads;
    private final int group;
    private final int dimensions;
    private final int width;
    private final float scale;
    private final int blockTokens;

    private final KeyPanels past;
    private final KeyPanels own;
    private final float[] row;
    private final float[] queries;
    private final float[] attended;
    private final float[] sums;
    private final float[] rows;
    private float[] scores = {};

    /** Scores of a row: of the prefix, rounded up to whole panels, and behind them of its own. */
    private int room;

    /** For so many heads of queries, as many of keys as of values, and so many numbers each. */
    public CausalAttention(int heads, int keyHeads, int dimensions) {
        this.heads = heads;
        this.dimensions = dimensions;
        group = heads / keyHeads;
        width = PanelProduct.roundUp(dimensions);
        scale = (float) (1 / Math.sqrt(dimensions));
        blockTokens = Math.max(1, BLOCK / group);
        int blockRows = blockTokens * group + PanelProduct.ROWS;
        past = new KeyPanels(keyHeads, dimensions);
        own = new KeyPanels(keyHeads, dimensions);
        row = new float[heads * dimensions];
        queries = new float[keyHeads * blockRows * dimensions];
        attended = new float[blockRows * width];
        sums = new float[blockRows];
        rows = new float[blockTokens * heads * dimensions];
    }

    /** Whether this CPU and this Java compute it well: vectors of 512 bits. */
    public static boolean suits() {
        return PanelProduct.suits();
    }

    /**
     * Keys and values, [tokens, keyHeads · dimensions] each.
     *
     * @param tokens how many
     */
    public record Seen(Rows keys, Rows values, int tokens) {

        /** No tokens. */
        public static final Seen NOTHING = new Seen(null, null, 0);

        /** Some numbers of each, of the same tokens. */
        public Seen columns(int from, int count) {
            return tokens == 0
                    ? NOTHING
                    : new Seen(keys.columns(from, count), values.columns(from, count), tokens);
        }
    }

    /**
     * Computes what every token of a pass attends to.
     *
     * @param queries [T, heads · dimensions], normalised and rotated
     * @param ofTokens keys and values of the T tokens
     * @param ofPrefix of the prefix, with no tokens where there is none
     * @param lengths tokens of each sequence, T in all
     * @param into [T, heads · dimensions]
     */
    public void run(Rows queries, Seen ofTokens, Seen ofPrefix, long[] lengths, Rows into) {
        past.read(ofPrefix, 0, ofPrefix.tokens);
        int first = 0;
        for (long length : lengths) {
            int tokens = (int) length;
            own.read(ofTokens, first, tokens);
            makeRoom();
            for (int token = 0; token < tokens; token += blockTokens) {
                Block block = new Block(token, Math.min(blockTokens, tokens - token));
                read(queries, first, block);
                for (int head = 0; head < heads / group; head++) {
                    attend(head, block);
                    scale(head, block);
                }
                write(into, first, block);
            }
            first += tokens;
        }
    }

    /** Some tokens of a sequence, from one on. */
    private record Block(int token, int count) {}

    private void makeRoom() {
        room =
                PanelProduct.roundUp(past.tokens())
                        + PanelProduct.roundUp(own.tokens())
                        + KeyPanels.PADDING;
        int numbers = (blockTokens * group + PanelProduct.ROWS) * room;
        if (scores.length < numbers) {
            scores = new float[numbers];
        }
    }

    /** Queries of a block, head by head of keys: first all of a group for one token. */
    private void read(Rows from, int first, Block block) {
        int length = group * dimensions;
        for (int i = 0; i < block.count; i++) {
            from.get(first + block.token + i, row);
            for (int head = 0; head < heads / group; head++) {
                int to = queries(head) + i * length;
                System.arraycopy(row, head * length, queries, to, length);
            }
        }
    }

    private int queries(int head) {
        return head * (blockTokens * group + PanelProduct.ROWS) * dimensions;
    }

    private void attend(int head, Block block) {
        int rows = block.count * group;
        Seeing prefix = new Seeing(past, 0);
        Seeing sequence = new Seeing(own, PanelProduct.roundUp(past.tokens()));
        score(head, block, prefix);
        score(head, block, sequence);
        for (int row = 0; row < rows; row++) {
            int product = row / PanelProduct.ROWS * PanelProduct.ROWS;
            int seen = block.token + row / group + 1;
            weigh(row, sequence.place, seen, seen(block, sequence, product));
        }
        int products = (rows + PanelProduct.ROWS - 1) / PanelProduct.ROWS;
        Arrays.fill(attended, 0, products * PanelProduct.ROWS * width, 0);
        add(head, block, prefix);
        add(head, block, sequence);
    }

    /**
     * Keys and values that rows see: all of the prefix, of their own sequence those up to
     * themselves.
     *
     * @param place of the first one's scores in a row of scores
     */
    private record Seeing(KeyPanels panels, int place) {}

    /** Tokens that the last of the rows of one product sees. */
    private int seen(Block block, Seeing seeing, int firstRow) {
        if (seeing.panels == past) {
            return past.tokens();
        }
        int row = Math.min(firstRow + PanelProduct.ROWS, block.count * group) - 1;
        return block.token + row / group + 1;
    }

    /** Scores of rows with all panels of keys that they see. */
    private void score(int head, Block block, Seeing seeing) {
        int rows = block.count * group;
        int most = seen(block, seeing, rows - 1);
        for (int key = 0; key < most; key += WIDTH) {
            for (int row = 0; row < rows; row += PanelProduct.ROWS) {
                if (key < seen(block, seeing, row)) {
                    PanelProduct.run(
                            queries,
                            queries(head) + row * dimensions,
                            dimensions,
                            seeing.panels.keys(),
                            seeing.panels.key(head, key),
                            WIDTH,
                            dimensions,
                            scores,
                            row * room + seeing.place + key,
                            room,
                            false);
                }
            }
        }
    }

    /**
     * From scores to e to the power of their distance from the highest, zero where there is no
     * token to see.
     *
     * @param border where scores of the own sequence begin
     * @param seen tokens of it
     * @param written tokens of it that weights are read of
     */
    private void weigh(int row, int border, int seen, int written) {
        int start = row * room;
        int end = start + (border + written + Lanes.COUNT - 1) / Lanes.COUNT * Lanes.COUNT;
        Arrays.fill(scores, start + past.tokens(), start + border, Float.NEGATIVE_INFINITY);
        Arrays.fill(scores, start + border + seen, end, Float.NEGATIVE_INFINITY);
        FloatVector most = FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
        for (int i = start; i < end; i += Lanes.COUNT) {
            most = most.max(FloatVector.fromArray(Lanes.FLOATS, scores, i));
        }
        float highest = most.reduceLanes(VectorOperators.MAX);
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        for (int i = start; i < end; i += Lanes.COUNT) {
            FloatVector x = FloatVector.fromArray(Lanes.FLOATS, scores, i).sub(highest).mul(scale);
            VectorMask<Float> nothing = x.lt(-Exponential.FARTHEST);
            FloatVector e = Exponential.of(x).blend(0, nothing);
            e.intoArray(scores, i);
            sum = sum.add(e);
        }
        sums[row] = Lanes.sum(sum);
    }

    /** Adds values to what rows attend to, by their weights. */
    private void add(int head, Block block, Seeing seeing) {
        int rows = block.count * group;
        int most = seen(block, seeing, rows - 1);
        for (int first = 0; first < most; first += DEPTH) {
            for (int row = 0; row < rows; row += PanelProduct.ROWS) {
                int depth = Math.min(DEPTH, seen(block, seeing, row) - first);
                for (int number = 0; depth > 0 && number < dimensions; number += WIDTH) {
                    PanelProduct.run(
                            scores,
                            row * room + seeing.place + first,
                            room,
                            seeing.panels.values(),
                            seeing.panels.value(head, first, number),
                            WIDTH,
                            depth,
                            attended,
                            row * width + number,
                            width,
                            true);
                }
            }
        }
    }

    /** What a head's rows attend to, by the sum of their weights, to its place in tokens' rows. */
    private void scale(int head, Block block) {
        int whole = Lanes.whole(dimensions);
        for (int i = 0; i < block.count * group; i++) {
            float inverse = 1 / sums[i];
            int from = i * width;
            int to = (i / group * heads + head * group + i % group) * dimensions;
            for (int d = 0; d < whole; d += Lanes.COUNT) {
                FloatVector.fromArray(Lanes.FLOATS, attended, from + d)
                        .mul(inverse)
                        .intoArray(rows, to + d);
            }
            for (int d = whole; d < dimensions; d++) {
                rows[to + d] = attended[from + d] * inverse;
            }
        }
    }

    private void write(Rows into, int first, Block block) {
        for (int i = 0; i < block.count; i++) {
            System.arraycopy(rows, i * row.length, row, 0, row.length);
            into.put(first + block.token + i, row);
        }
    }
}
