package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.plugin.Failures;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.elasticsearch.ElasticsearchStatusException;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.cluster.node.DiscoveryNode;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.transport.Transports;

/**
 * One request on its way to a model: finds the place, asks there, and asks elsewhere once where
 * that place went away, had no room, or no longer has the model. Any other failure is the answer.
 */
final class RoutedCall<R> {

    private static final Logger logger = LogManager.getLogger(RoutedCall.class);

    private static final int MAX_ATTEMPTS = 2;

    /** Writing more than this for another node takes longer than a transport thread has. */
    private static final long LONG_TOKENS = 8_000;

    private final RouterServices services;
    private final Question<R> question;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private final Set<String> tried = new HashSet<>();
    private volatile CompletableFuture<?> current;
    private int attempts;
    private Throwable failure;

    private RoutedCall(RouterServices services, Question<R> question) {
        this.services = services;
        this.question = question;
    }

    /**
     * Asks.
     *
     * @return the answer; whoever completes it otherwise abandons the work, wherever it is done
     */
    static <R> CompletableFuture<R> start(RouterServices services, Question<R> question) {
        RoutedCall<R> call = new RoutedCall<>(services, question);
        call.result.whenComplete((value, failure) -> call.over());
        call.begin();
        return call.result;
    }

    private void over() {
        CompletableFuture<?> asked = current;
        if (asked != null) {
            // without effect where it is done
            asked.cancel(true);
        }
    }

    private void begin() {
        Catalogue catalogue = services.catalogue();
        if (catalogue.alone() && services.here().resolves()) {
            answered(begun(question::here), this::fail);
        } else if (catalogue.stale()) {
            catalogue.refreshed().thenRun(() -> route(true));
        } else {
            route(false);
        }
    }

    /**
     * Finds a place and asks there.
     *
     * @param asked whether all nodes were asked just now, so that what is not there is not there
     */
    private void route(boolean asked) {
        if (result.isDone()) {
            return;
        }
        View view = services.catalogue().view();
        View.Wanted wanted = question.wanted();
        if (asked == false && wanted.id() == null && view.complete() == false) {
            lookAgain();
            return;
        }
        View.Places places;
        try {
            places = view.places(wanted);
        } catch (RuntimeException e) {
            if (asked) {
                fail(e);
            } else {
                lookAgain();
            }
            return;
        }
        places.nodes().stream()
                .filter(place -> tried.contains(place.node().getEphemeralId()) == false)
                .findFirst()
                .ifPresentOrElse(
                        place -> ask(place, places.modelId()),
                        () -> nowhere(places.modelId(), places.nodes().getFirst().name()));
    }

    private void lookAgain() {
        services.catalogue().refreshed().thenRun(() -> route(true));
    }

    /** There is no other place; what the last one said is not always what the user should read. */
    private void nowhere(String modelId, String node) {
        if (failure instanceof NodeLost) {
            fail(unavailable("model [" + modelId + "] is on node [" + node + "], which is gone"));
        } else if (status(failure) == RestStatus.NOT_FOUND) {
            fail(unavailable("model [" + modelId + "] was just removed from node [" + node + "]"));
        } else {
            fail(failure);
        }
    }

    private ElasticsearchStatusException unavailable(String message) {
        // braces in a name would be taken for places of arguments
        return new ElasticsearchStatusException(
                "{}", RestStatus.SERVICE_UNAVAILABLE, failure, message + "; try again");
    }

    private static RestStatus status(Throwable failure) {
        return ExceptionsHelper.status(Failures.translate(failure));
    }

    private void ask(KnownNode place, String modelId) {
        boolean heavy = place.here() == false && question.tokens() > LONG_TOKENS;
        if (heavy && Transports.isTransportThread(Thread.currentThread())) {
            try {
                services.executor().execute(() -> askNow(place, modelId));
            } catch (RejectedExecutionException closing) {
                fail(closing);
            }
        } else {
            askNow(place, modelId);
        }
    }

    private void askNow(KnownNode place, String modelId) {
        DiscoveryNode node = place.node();
        Catalogue catalogue = services.catalogue();
        long tokens = question.tokens();
        tried.add(node.getEphemeralId());
        attempts++;
        catalogue.outstanding(node, tokens);
        CompletableFuture<R> answer;
        if (place.here()) {
            answer = begun(() -> question.here(modelId));
        } else {
            CompletableFuture<? extends ModelAnswer<R>> remote =
                    begun(() -> question.there(node, modelId));
            answer =
                    remote.thenApply(
                            told -> {
                                catalogue.busy(node, told.queueTokens());
                                return told.value();
                            });
        }
        answer.whenComplete((value, e) -> catalogue.outstanding(node, -tokens));
        answered(answer, e -> failed(place, modelId, e));
    }

    /** Begins to ask, and remembers what is to be cancelled. */
    private <A> CompletableFuture<A> begun(Supplier<CompletableFuture<A>> asking) {
        CompletableFuture<A> asked;
        try {
            asked = asking.get();
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedFuture(e);
        }
        current = asked;
        if (result.isDone()) {
            over();
        }
        return asked;
    }

    private void answered(CompletableFuture<R> answer, Consumer<Throwable> onFailure) {
        answer.whenComplete(
                (value, e) -> {
                    if (e == null) {
                        result.complete(value);
                    } else {
                        onFailure.accept(unwrapped(e));
                    }
                });
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    private void failed(KnownNode place, String modelId, Throwable e) {
        if (result.isDone()) {
            return;
        }
        failure = e;
        RestStatus status = status(e);
        boolean gone = status == RestStatus.NOT_FOUND;
        if (e instanceof NodeLost == false
                && gone == false
                && status != RestStatus.TOO_MANY_REQUESTS) {
            fail(e);
            return;
        }
        logger.debug("node [{}] did not answer a request for a model", place.name(), e);
        if (attempts >= MAX_ATTEMPTS) {
            nowhere(modelId, place.name());
        } else if (gone) {
            lookAgain();
        } else {
            route(false);
        }
    }

    private void fail(Throwable e) {
        result.completeExceptionally(e);
    }
}
