package io.github.qwen3retrieval.plugin;

import java.util.List;
import org.elasticsearch.common.breaker.CircuitBreaker;
import org.elasticsearch.common.breaker.CircuitBreakingException;
import org.elasticsearch.common.settings.ClusterSettings;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.indices.breaker.CircuitBreakerMetrics;
import org.elasticsearch.indices.breaker.HierarchyCircuitBreakerService;
import org.elasticsearch.test.ESTestCase;

/** The budget over Elasticsearch's own breakers, the parent included. */
public class NativeMemoryTests extends ESTestCase {

    private HierarchyCircuitBreakerService service;

    private NativeMemory memory(String limit, boolean realMemory) {
        Settings settings =
                Settings.builder()
                        .put("indices.breaker.qwen3.limit", limit)
                        .put("indices.breaker.total.use_real_memory", realMemory)
                        .build();
        service =
                new HierarchyCircuitBreakerService(
                        CircuitBreakerMetrics.NOOP,
                        settings,
                        List.of(NativeMemory.breakerSettings(settings)),
                        new ClusterSettings(
                                Settings.EMPTY, ClusterSettings.BUILT_IN_CLUSTER_SETTINGS));
        return new NativeMemory(service.getBreaker(NativeMemory.BREAKER));
    }

    public void testRefusesBeyondTheLimitAndTakesNothing() {
        NativeMemory memory = memory("100b", true);
        memory.reserve(60, "weights");
        CircuitBreakingException refused =
                expectThrows(CircuitBreakingException.class, () -> memory.reserve(41, "a batch"));
        String said = refused.getMessage();
        assertTrue(said, said.contains("[qwen3] Data too large, data for [a batch] would be [101"));
        assertTrue(said, said.contains("which is larger than the limit of [100"));
        assertEquals(60, memory.used());
        memory.reserve(40, "a batch");
        memory.release(100);
        assertEquals(0, memory.used());
        assertEquals(1, service.stats(NativeMemory.BREAKER).getTrippedCount());
    }

    public void testWeightsLargerThanTheHeapAreNoneOfTheHeapsBusiness() {
        NativeMemory memory = memory("1000gb", randomBoolean());
        memory.reserve(Runtime.getRuntime().maxMemory() * 3, "weights");
        // another breaker asks the parent
        CircuitBreaker request = service.getBreaker(CircuitBreaker.REQUEST);
        request.addEstimateBytesAndMaybeBreak(1, "a search");
        request.addWithoutBreaking(-1);
        memory.release(memory.used());
    }

    public void testTheLimitMovesOnARunningNode() {
        NativeMemory memory = memory("10b", true);
        expectThrows(CircuitBreakingException.class, () -> memory.reserve(11, "weights"));
        memory.limit(11);
        memory.reserve(11, "weights");
        memory.limit(5);
        assertEquals(11, memory.used());
        memory.release(11);
    }
}
