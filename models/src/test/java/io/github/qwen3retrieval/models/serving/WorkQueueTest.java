package io.github.qwen3retrieval.models.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What waits: its order, its bound, and what becomes of work that nobody wants any more. */
class WorkQueueTest {

    private final WorkQueue queue = new WorkQueue(1_000);

    /** A piece of work that is never computed here. */
    private static final class Piece extends Work {

        private final int tokens;
        private boolean abandoned;
        private int finished;
        private RuntimeException failure;

        Piece(Priority priority, int tokens) {
            super(null, priority);
            this.tokens = tokens;
        }

        @Override
        int tokens() {
            return tokens;
        }

        @Override
        int fewestTokens() {
            return 64;
        }

        @Override
        int texts() {
            return 1;
        }

        @Override
        boolean joins(Work other) {
            return true;
        }

        @Override
        boolean abandoned() {
            return abandoned;
        }

        @Override
        void fail(RuntimeException e) {
            failure = e;
        }

        @Override
        void finished() {
            finished++;
        }
    }

    /** Of the only thread. */
    private static PassSize passOf(int tokens) {
        return new PassSize(tokens, 1);
    }

    private Piece add(Priority priority, int tokens) {
        Piece piece = new Piece(priority, tokens);
        queue.admit(tokens);
        queue.add(piece);
        return piece;
    }

    @Test
    void searchesGoFirstAndEachKindInItsOrder() throws Exception {
        List<Piece> ingest = new ArrayList<>();
        List<Piece> searches = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ingest.add(add(Priority.INGEST, 100));
            searches.add(add(Priority.SEARCH, 100));
        }
        assertEquals(searches.subList(0, 2), queue.take(passOf(200)));
        assertEquals(searches.subList(2, 4), queue.take(passOf(250)));
        assertEquals(
                List.of(),
                queue.pollSearch(passOf(1_000)),
                "ingest is not let through between layers");
        assertEquals(
                ingest.subList(0, 1), queue.take(passOf(50)), "a long piece is a batch of its own");
        assertEquals(ingest.subList(1, 4), queue.take(passOf(1_000)));
        assertEquals(0, queue.waitingTokens());
    }

    @Test
    void theLastTokensAreSharedOutToAllThreads() throws Exception {
        for (int i = 0; i < 12; i++) {
            add(Priority.INGEST, 40);
        }
        PassSize size = new PassSize(200, 2);
        List<Integer> passes = new ArrayList<>();
        while (queue.waitingTokens() > 0) {
            passes.add(queue.take(size).size());
        }
        // 200 of 480, then half of 280 and of 160, then the 64 that are worth a pass
        assertEquals(List.of(5, 3, 2, 1, 1), passes);
    }

    @Test
    void aSearchComesThroughBetweenLayers() {
        add(Priority.INGEST, 100);
        assertEquals(List.of(), queue.pollSearch(passOf(256)));
        Piece search = add(Priority.SEARCH, 10);
        assertEquals(List.of(search), queue.pollSearch(passOf(256)));
        assertEquals(100, queue.waitingTokens());
    }

    @Test
    void whatIsTooMuchIsRefusedWithTheFigures() {
        add(Priority.INGEST, 900);
        RejectedExecutionException refused =
                assertThrows(RejectedExecutionException.class, () -> queue.admit(101));
        assertEquals(
                "[900] tokens wait for a model and [101] more would pass [qwen3.queue.max_tokens]"
                        + " of [1000]; send less at once, try again later, or raise the setting",
                refused.getMessage());
        queue.admit(100);
        assertEquals(1_000, queue.waitingTokens());
    }

    @Test
    void oneRequestLargerThanTheQueueIsAdmittedAlone() {
        queue.admit(5_000);
        assertThrows(RejectedExecutionException.class, () -> queue.admit(1));
    }

    @Test
    void abandonedWorkAtTheEndMakesRoomAtOnce() throws Exception {
        Piece first = add(Priority.INGEST, 500);
        Piece last = add(Priority.INGEST, 500);
        assertThrows(RejectedExecutionException.class, () -> queue.admit(1));
        last.abandoned = true;
        queue.dropAbandoned(List.of(first, last));
        assertEquals(500, queue.waitingTokens());
        assertEquals(1, last.finished, "what it holds is let go");
        assertEquals(0, first.finished);
        queue.admit(500);
        queue.dropAbandoned(List.of(first, last));
        assertEquals(1_000, queue.waitingTokens(), "it counts once");
        assertEquals(List.of(first), queue.take(passOf(1_000)));
    }

    @Test
    void sharedSearchesThatAllGaveUpDoNotRefuseOthers() {
        Piece shared = add(Priority.SEARCH, 1_000);
        assertThrows(RejectedExecutionException.class, () -> queue.admit(1_000));
        shared.abandoned = true;
        queue.admit(1_000);
        assertEquals(1, shared.finished);
    }

    @Test
    void abandonedWorkIsNeverTaken() throws Exception {
        Piece gone = add(Priority.SEARCH, 10);
        Piece there = add(Priority.SEARCH, 10);
        gone.abandoned = true;
        assertEquals(List.of(there), queue.take(passOf(1_000)));
        assertEquals(1, gone.finished);
        assertEquals(0, queue.waitingTokens());
    }

    @Test
    void closingFailsWhatWaitsOnce() throws Exception {
        Piece search = add(Priority.SEARCH, 10);
        Piece ingest = add(Priority.INGEST, 10);
        queue.close();
        for (Piece piece : List.of(search, ingest)) {
            assertNotNull(piece.failure);
            assertEquals(1, piece.finished);
        }
        assertNull(queue.take(passOf(1_000)));
        assertThrows(RejectedExecutionException.class, () -> queue.admit(1));
        Piece late = new Piece(Priority.SEARCH, 10);
        queue.add(late);
        assertTrue(late.failure instanceof RejectedExecutionException);
        queue.adjust(-100);
        assertEquals(0, queue.waitingTokens());
    }
}
