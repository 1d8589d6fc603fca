package io.github.qwen3retrieval.models.bench;

import ai.djl.Device;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.network.GemmProbe;
import io.github.qwen3retrieval.models.network.GemmProbe.Matrix;
import io.github.qwen3retrieval.models.network.GemmProbe.NumberType;
import io.github.qwen3retrieval.models.network.LiveArrays;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The machine's practical rate of matrix products: 512 rows by the four matrices of a layer, which
 * are query, key and value together, output, gate and up together, and down. The rate is the
 * products' operations over their median times, one after the other; that of several threads is the
 * sum of theirs, each with products of its own side by side, which is how networks run here.
 */
final class GemmRates {

    private static final int ROWS = 512;

    private final Device device;
    private final List<Matrix> matrices;
    private final double seconds;

    /**
     * Rates for the shapes of a network.
     *
     * @param seconds how long each shape is multiplied
     */
    GemmRates(Qwen3Config config, Device device, double seconds) {
        this.device = device;
        this.seconds = seconds;
        int hidden = config.hiddenSize();
        int heads = config.heads() * config.headDim();
        int kv = config.kvHeads() * config.headDim();
        int inner = config.intermediateSize();
        matrices =
                List.of(
                        new Matrix(heads + 2 * kv, hidden),
                        new Matrix(hidden, heads),
                        new Matrix(2 * inner, hidden),
                        new Matrix(hidden, inner));
    }

    /** Operations per second on so many threads side by side. */
    double rate(NumberType numbers, int threads) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier together = new CyclicBarrier(threads);
            List<Future<Double>> rates = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                rates.add(pool.submit(() -> oneThread(numbers, together)));
            }
            double sum = 0;
            for (Future<Double> rate : rates) {
                sum += rate.get();
            }
            return sum;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the products failed: " + e.getCause(), e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private double oneThread(NumberType numbers, CyclicBarrier together) throws Exception {
        try (GemmProbe probe = new GemmProbe(numbers, device, new LiveArrays())) {
            together.await();
            double operations = 0;
            double time = 0;
            for (Matrix matrix : matrices) {
                operations += 2.0 * ROWS * matrix.out() * matrix.in();
                time += probe.secondsOfOne(numbers, matrix, ROWS, seconds);
            }
            return operations / time;
        }
    }
}
