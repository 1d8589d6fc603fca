package io.github.qwen3retrieval.models.endpoint;

import java.util.concurrent.atomic.LongAdder;

/** Counts what becomes of the calls to one endpoint. */
record EndpointCounters(
        LongAdder requests,
        LongAdder texts,
        LongAdder retries,
        LongAdder failures,
        LongAdder rejected) {

    EndpointCounters() {
        this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }
}
