package io.github.qwen3retrieval.models.rows;

/**
 * Keys and values of some tokens as products read them, head by head: keys in panels of {@link
 * PanelProduct#WIDTH} tokens side by side, their dimensions one below the other, values in panels
 * of as many numbers side by side, their tokens one below the other.
 */
final class KeyPanels {

    private static final int WIDTH = PanelProduct.WIDTH;

    /**
     * Numbers between rows that are turned: with rows a power of two apart, all of a column would
     * share a few lines of the cache.
     */
    static final int PADDING = 16;

    private final int heads;
    private final int dimensions;
    private final int panels;
    private final int stride;
    private final float[] row;
    private final float[] rows;

    private float[] keys = {};
    private float[] values = {};
    private int room;
    private int tokens;

    /** For so many heads of so many numbers each; with no tokens at first. */
    KeyPanels(int heads, int dimensions) {
        this.heads = heads;
        this.dimensions = dimensions;
        panels = PanelProduct.roundUp(dimensions) / WIDTH;
        stride = heads * dimensions + PADDING;
        row = new float[heads * dimensions];
        rows = new float[WIDTH * stride];
    }

    /** Takes so many tokens from one on, in place of those before. */
    void read(CausalAttention.Seen from, int first, int count) {
        tokens = count;
        if (count > room) {
            room = PanelProduct.roundUp(count);
            keys = new float[heads * room * dimensions];
            values = new float[heads * panels * WIDTH * room];
        }
        for (int start = 0; start < count; start += WIDTH) {
            int width = Math.min(WIDTH, count - start);
            for (int i = 0; i < width; i++) {
                from.keys().get(first + start + i, row);
                System.arraycopy(row, 0, rows, i * stride, row.length);
                from.values().get(first + start + i, row);
                for (int head = 0; head < heads; head++) {
                    spread(head, start + i);
                }
            }
            for (int head = 0; head < heads; head++) {
                turn(head * dimensions, key(head, start));
            }
        }
    }

    /** Lays one head of a token's values, the row that was read out, into its panels. */
    private void spread(int head, int token) {
        int from = head * dimensions;
        for (int d = 0; d < dimensions; d += WIDTH) {
            int count = Math.min(WIDTH, dimensions - d);
            System.arraycopy(row, from + d, values, value(head, token, d), count);
        }
    }

    /**
     * Lays one head of the rows that were read out as a panel; columns without a token hold any.
     */
    private void turn(int from, int to) {
        for (int d = 0; d < dimensions; d++) {
            for (int i = 0; i < WIDTH; i++) {
                keys[to + d * WIDTH + i] = rows[i * stride + from + d];
            }
        }
    }

    /** How many tokens it holds. */
    int tokens() {
        return tokens;
    }

    /** What {@link #key} is a place in. */
    float[] keys() {
        return keys;
    }

    /** Where the panel [dimensions, WIDTH] of a head begins that holds this token first. */
    int key(int head, int token) {
        return (head * room + token) * dimensions;
    }

    /** What {@link #value} is a place in. */
    float[] values() {
        return values;
    }

    /**
     * Where the panel of a head's numbers from one on, a multiple of {@link PanelProduct#WIDTH},
     * has those of a token.
     */
    int value(int head, int token, int number) {
        return ((head * panels + number / WIDTH) * room + token) * WIDTH;
    }
}
