package io.github.qwen3retrieval.models.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CrewTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Crew crew = new Crew(threads);

    @AfterEach
    void end() throws Exception {
        crew.dismiss();
        threads.shutdown();
        assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS), "a helper goes on");
    }

    @Test
    void everyPieceOfEveryStepIsDoneOnceBeforeTheNextStepBegins() {
        int pieces = 8;
        AtomicIntegerArray done = new AtomicIntegerArray(pieces);
        for (int step = 0; step < 20_000; step++) {
            int before = step;
            // as shares of threads change
            int most = 1 + step / 100 % 4;
            crew.run(
                    pieces,
                    most,
                    piece -> {
                        if (done.getAndIncrement(piece) != before) {
                            throw new IllegalStateException("piece " + piece);
                        }
                    });
            for (int piece = 0; piece < pieces; piece++) {
                assertEquals(step + 1, done.get(piece));
            }
        }
    }

    @Test
    void asManyThreadsAsAreAllowedWorkAtOnce() {
        CountDownLatch together = new CountDownLatch(3);
        Set<Thread> seen = Collections.synchronizedSet(new HashSet<>());
        crew.run(
                3,
                3,
                piece -> {
                    seen.add(Thread.currentThread());
                    together.countDown();
                    try {
                        assertTrue(together.await(30, TimeUnit.SECONDS), "nobody helps");
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
        assertEquals(3, seen.size());
    }

    @Test
    void helpersThatSleepAreWokenByTheNextStep() throws Exception {
        for (int step = 0; step < 20; step++) {
            asManyThreadsAsAreAllowedWorkAtOnce();
            // longer than they look out
            Thread.sleep(5);
        }
    }

    @Test
    void helpersThatAreNotWantedAnyMoreLeave() throws Exception {
        asManyThreadsAsAreAllowedWorkAtOnce();
        crew.run(8, 1, piece -> {});
        ThreadPoolExecutor pool = (ThreadPoolExecutor) threads;
        SmallModels.await("their leave", () -> pool.getActiveCount() == 0);
        asManyThreadsAsAreAllowedWorkAtOnce();
        crew.dismiss();
        SmallModels.await("their leave", () -> pool.getActiveCount() == 0);
    }

    @Test
    void whatFailsIsThrownWhenNoPieceRunsAnyMore() {
        AtomicInteger running = new AtomicInteger();
        for (int step = 0; step < 1000; step++) {
            assertThrows(
                    IllegalArgumentException.class,
                    () ->
                            crew.run(
                                    4,
                                    2,
                                    piece -> {
                                        running.incrementAndGet();
                                        try {
                                            if (piece == 1) {
                                                throw new IllegalArgumentException("piece");
                                            }
                                        } finally {
                                            running.decrementAndGet();
                                        }
                                    }));
            assertEquals(0, running.get());
        }
    }

    @Test
    void whereNoHelperCanBeHadTheLeaderDoesAll() {
        Crew alone =
                new Crew(
                        help -> {
                            throw new RejectedExecutionException("none");
                        });
        AtomicInteger done = new AtomicInteger();
        alone.run(8, 4, piece -> done.incrementAndGet());
        assertEquals(8, done.get());
    }
}
