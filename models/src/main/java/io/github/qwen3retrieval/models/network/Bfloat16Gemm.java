package io.github.qwen3retrieval.models.network;

import java.lang.invoke.MethodHandle;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;

/**
 * Products of bfloat16 matrices that are added up and written in float32: MKL's {@code
 * cblas_gemm_bf16bf16f32}, which libtorch for x86 has in it but no operator for. The products
 * themselves are exact, since two times 8 significant bits fit into 24.
 *
 * <p>Source of the signature: the developer reference of oneMKL, under {@code cblas_gemm_*}.
 */
final class Bfloat16Gemm {

    private static final int ROW_MAJOR = 101;
    private static final int AS_IT_IS = 111;
    private static final int TRANSPOSED = 112;

    private static final MethodHandle FUNCTION =
            NativeFunction.of(
                            "cblas_gemm_bf16bf16f32",
                            int.class,
                            int.class,
                            int.class,
                            int.class,
                            int.class,
                            int.class,
                            float.class,
                            Buffer.class,
                            int.class,
                            Buffer.class,
                            int.class,
                            float.class,
                            Buffer.class,
                            int.class)
                    .orElse(null);

    private static final LongAdder NANOS = new LongAdder();

    private Bfloat16Gemm() {}

    /**
     * Whether this libtorch has it and this Java can call it; {@link PyTorch#start} comes first.
     */
    static boolean present() {
        return FUNCTION != null;
    }

    /** Time that all products together have taken, for whoever wants to know the difference. */
    static long nanos() {
        return NANOS.sum();
    }

    /**
     * Sizes of a product.
     *
     * @param rows of what is multiplied and of the result
     * @param columns of the result, which are rows of the matrix
     * @param depth columns of what is multiplied and of the matrix
     * @param stride numbers from a row of the result to the next
     */
    record Sizes(int rows, int columns, int depth, int stride) {}

    /**
     * Multiplies by the transpose of a matrix, on the calling thread. All buffers are direct and
     * begin where the numbers do.
     *
     * @param x [rows, depth] in bfloat16
     * @param matrix [columns, depth] in bfloat16
     * @param y [rows, columns] in float32
     * @param add whether to add to what is there
     */
    static void multiply(Sizes sizes, ByteBuffer x, ByteBuffer matrix, ByteBuffer y, boolean add) {
        long started = System.nanoTime();
        try {
            FUNCTION.invokeExact(
                    ROW_MAJOR,
                    AS_IT_IS,
                    TRANSPOSED,
                    sizes.rows,
                    sizes.columns,
                    sizes.depth,
                    1f,
                    (Buffer) x,
                    sizes.depth,
                    (Buffer) matrix,
                    sizes.depth,
                    add ? 1f : 0f,
                    (Buffer) y,
                    sizes.stride);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("no native function throws", e);
        }
        NANOS.add(System.nanoTime() - started);
    }
}
