package io.github.qwen3retrieval.ingest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.elasticsearch.ingest.IngestDocument;

/** The handler of a processor: keeps what it was called with and counts the calls. */
final class Answer implements BiConsumer<IngestDocument, Exception> {

    private final CountDownLatch answered = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private volatile IngestDocument document;
    private volatile Exception failure;

    @Override
    public void accept(IngestDocument result, Exception e) {
        document = result;
        failure = e;
        calls.incrementAndGet();
        answered.countDown();
    }

    /** The handler of this document, after it went into the processor. */
    static Answer of(EmbeddingProcessor processor, IngestDocument document) {
        Answer answer = new Answer();
        processor.execute(document, answer);
        return answer;
    }

    boolean isOpen() {
        return calls.get() == 0;
    }

    IngestDocument document() throws InterruptedException {
        await();
        assertNull(failure);
        return document;
    }

    Exception failure() throws InterruptedException {
        await();
        assertNull("a document beside a failure", document);
        return failure;
    }

    private void await() throws InterruptedException {
        assertTrue("the handler was not called", answered.await(30, TimeUnit.SECONDS));
        assertEquals("calls of the handler", 1, calls.get());
    }
}
