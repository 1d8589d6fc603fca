package io.github.qwen3retrieval.models.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.network.GemmProbe.Matrix;
import io.github.qwen3retrieval.models.network.GemmProbe.NumberType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GemmProbeTest {

    // int8 is left to machines that have the instructions: `qwen3 bench` looks before it asks
    @ParameterizedTest
    @EnumSource(
            value = NumberType.class,
            names = {"FLOAT32", "BFLOAT16"})
    void aProbeLeavesNothingBehind(NumberType arithmetic) {
        PyTorch.start(Natives.fromSystemProperty());
        LiveArrays live = new LiveArrays();
        try (GemmProbe probe = new GemmProbe(arithmetic, Device.cpu(), live)) {
            assertTrue(probe.secondsOfOne(arithmetic, new Matrix(64, 32), 16, 0.001) > 0);
        }
        assertEquals(0, live.count());
    }
}
