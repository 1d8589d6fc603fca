package io.github.qwen3retrieval.models.network;

import ai.djl.Device;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.int8.Int8Matrix;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tells whether this machine computes in 8-bit integers. CPUs without instructions for it (VNNI)
 * add two products in 16 bits, which overflow: wrong results, and slow ones. That is what is tried
 * here, since a node may not read what the system says of its CPU.
 */
final class Int8Machine {

    private static final int ROWS = 64;
    private static final int COLUMNS = 128;

    private Int8Machine() {}

    /**
     * Refuses a machine that cannot.
     *
     * @throws ModelException if it is a GPU or a CPU without these instructions, or Java was
     *     started without its vectors
     */
    static void require(Device device, WeightLoader loader) {
        if (device.isGpu()) {
            throw refusal("runs on CPUs alone, and the device is [" + device + "]");
        }
        if (JavaVectors.present() == false) {
            throw new ModelException(
                    "[precision] is [int8], which needs Java's module ["
                            + JavaVectors.MODULE
                            + "], and it was started without: add [--add-modules="
                            + JavaVectors.MODULE
                            + "] to its options, as Elasticsearch's own jvm.options does");
        }
        if (System.getProperty("os.arch").matches("amd64|x86_64") == false
                || multipliesRight(loader) == false) {
            throw refusal(
                    "needs a CPU that multiplies 8-bit integers (AVX-512 VNNI, AVX-VNNI or AMX),"
                            + " and this one does not");
        }
    }

    private static ModelException refusal(String why) {
        return new ModelException(
                "[precision] is [int8], which " + why + "; use [float32] or [auto]");
    }

    /** Multiplies the largest numbers there are: 255 and 127. */
    private static boolean multipliesRight(WeightLoader loader) {
        ByteBuffer numbers = ByteBuffer.allocateDirect(ROWS * COLUMNS);
        while (numbers.hasRemaining()) {
            numbers.put((byte) 127);
        }
        float[] ones = new float[ROWS];
        Arrays.fill(ones, 1);
        Int8Matrix matrix = new Int8Matrix(ROWS, COLUMNS, numbers.flip(), FloatBuffer.wrap(ones));
        List<Value> packed = new ArrayList<>(Int8Arithmetic.pack(matrix, loader));
        try (Value product =
                loader.program().run("largest_product", packed.toArray(Value[]::new))) {
            float[] sums = loader.fetch(product);
            float right = 127f * 127 * COLUMNS;
            boolean all = true;
            for (float sum : sums) {
                all &= sum == right;
            }
            return all && sums.length > 0;
        } finally {
            packed.forEach(Value::close);
        }
    }
}
