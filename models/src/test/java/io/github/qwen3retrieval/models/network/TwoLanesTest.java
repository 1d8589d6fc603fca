package io.github.qwen3retrieval.models.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TwoLanesTest {

    @Test
    void bothThreadsTakePartAndEachPieceIsDoneOnce() throws Exception {
        List<Integer> done = Collections.synchronizedList(new ArrayList<>());
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch two = new CountDownLatch(2);
        try (ExecutorService second = Executors.newSingleThreadExecutor()) {
            TwoLanes.run(
                    9,
                    second,
                    i -> {
                        // neither thread goes on before the other has come
                        if (threads.add(Thread.currentThread())) {
                            two.countDown();
                        }
                        await(two);
                        done.add(i);
                    });
        }
        assertEquals(2, threads.size());
        assertEquals(IntStream.range(0, 9).boxed().toList(), done.stream().sorted().toList());
    }

    @Test
    void aSecondThreadThatNeverComesIsNotWaitedFor() {
        List<Runnable> left = new ArrayList<>();
        List<Integer> done = new ArrayList<>();
        TwoLanes.run(3, left::add, done::add);
        assertEquals(List.of(0, 1, 2), done);
        left.forEach(Runnable::run);
        assertEquals(3, done.size(), "and finds nothing to do when it comes late");
    }

    @Test
    void aRefusalIsNoFailure() {
        Executor full =
                task -> {
                    throw new RejectedExecutionException();
                };
        List<Integer> done = new ArrayList<>();
        TwoLanes.run(2, full, done::add);
        assertEquals(List.of(0, 1), done);
    }

    @Test
    void aFailureOfEitherIsThrownWhenBothHaveEnded() throws Exception {
        IllegalStateException failure = new IllegalStateException("piece 0");
        List<Integer> begun = Collections.synchronizedList(new ArrayList<>());
        try (ExecutorService second = Executors.newSingleThreadExecutor()) {
            IllegalStateException thrown =
                    assertThrows(
                            IllegalStateException.class,
                            () ->
                                    TwoLanes.run(
                                            1000,
                                            second,
                                            i -> {
                                                begun.add(i);
                                                if (i == 0) {
                                                    throw failure;
                                                }
                                                pause();
                                            }));
            assertSame(failure, thrown);
            int then = begun.size();
            pause();
            assertEquals(then, begun.size());
            assertTrue(then < 1000);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
