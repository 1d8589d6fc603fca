package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Layers on a CPU whose matrices are in pieces, see {@link Splitting}: the steps of a layer are
 * methods of the program, {@code float.torchscript}, called once for each piece.
 */
final class SplitLayers implements Layers {

    private final Program program;
    private final PtNDManager manager;
    private final Splitting splitting;
    private final KeyType keyType;
    private final Weights weights;
    private final Value epsilon;
    private final Places places;

    /**
     * Numbers of pieces and where their columns begin, as the program takes them.
     *
     * @param piece its number
     * @param attended of what heads attend to
     * @param hidden of the residual stream
     * @param intermediate of the feed-forward network
     */
    record Places(Value[] piece, Value[] attended, Value[] hidden, Value[] intermediate) {}

    /**
     * Takes the weights over.
     *
     * @param program with float.torchscript
     * @param manager of the network
     * @param precision of the weights
     * @param weights of the pieces of the first layer, then of the second, and so on
     */
    SplitLayers(
            Program program,
            PtNDManager manager,
            Splitting splitting,
            Precision precision,
            Weights weights) {
        this.program = program;
        this.manager = manager;
        this.splitting = splitting;
        keyType = KeyType.of(precision);
        this.weights = weights;
        epsilon = program.value(IValue.from(config().rmsNormEps()));
        places =
                new Places(
                        places(piece -> piece),
                        places(piece -> piece * splitting.attended()),
                        places(piece -> piece * splitting.hidden()),
                        places(piece -> piece * splitting.intermediate()));
    }

    private Value[] places(IntUnaryOperator of) {
        return IntStream.range(0, splitting.pieces())
                .mapToObj(piece -> program.value(IValue.from((long) of.applyAsInt(piece))))
                .toArray(Value[]::new);
    }

    Program program() {
        return program;
    }

    PtNDManager manager() {
        return manager;
    }

    Splitting splitting() {
        return splitting;
    }

    Qwen3Config config() {
        return splitting.config();
    }

    KeyType keyType() {
        return keyType;
    }

    /** Weights of a piece of a layer. */
    Value weights(int layer, int piece) {
        return weights.layer(layer * splitting.pieces() + piece);
    }

    Value epsilon() {
        return epsilon;
    }

    Places places() {
        return places;
    }

    @Override
    public Value likeStream() {
        return weights.finalGain();
    }

    @Override
    public Value likeKeys() {
        return weights.finalGain();
    }

    @Override
    public Stream begin(Value rows, Batch batch, Interruption interruption) {
        return new SplitStream(this, rows, batch, interruption);
    }

    @Override
    public void close() {
        for (Value[] of :
                new Value[][] {places.piece, places.attended, places.hidden, places.intermediate}) {
            Arrays.stream(of).forEach(Value::close);
        }
        epsilon.close();
        weights.close();
    }
}
