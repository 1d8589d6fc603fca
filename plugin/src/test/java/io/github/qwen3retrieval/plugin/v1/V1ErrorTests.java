package io.github.qwen3retrieval.plugin.v1;

import io.github.qwen3retrieval.models.UnknownModelException;
import org.elasticsearch.ElasticsearchSecurityException;
import org.elasticsearch.ElasticsearchStatusException;
import org.elasticsearch.common.breaker.CircuitBreaker;
import org.elasticsearch.common.breaker.CircuitBreakingException;
import org.elasticsearch.common.util.concurrent.EsRejectedExecutionException;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.test.ESTestCase;
import org.elasticsearch.transport.RemoteTransportException;

/** What OpenAI's clients are told of each failure. */
public class V1ErrorTests extends ESTestCase {

    public void testEveryFailureHasItsWords() {
        assertError(
                new UnknownModelException("[x] is not there"),
                RestStatus.NOT_FOUND,
                "invalid_request_error",
                "model",
                "model_not_found");
        assertError(
                new BodyException("input", "is required"),
                RestStatus.BAD_REQUEST,
                "invalid_request_error",
                "input",
                null);
        assertError(
                new IllegalArgumentException("wrong"),
                RestStatus.BAD_REQUEST,
                "invalid_request_error",
                null,
                null);
        assertError(
                new EsRejectedExecutionException("too many wait"),
                RestStatus.TOO_MANY_REQUESTS,
                "rate_limit_error",
                null,
                "rate_limit_exceeded");
        assertError(
                new CircuitBreakingException("too large", CircuitBreaker.Durability.TRANSIENT),
                RestStatus.TOO_MANY_REQUESTS,
                "rate_limit_error",
                null,
                "rate_limit_exceeded");
        assertError(
                new ElasticsearchSecurityException("not yours", RestStatus.FORBIDDEN),
                RestStatus.FORBIDDEN,
                "permission_error",
                null,
                "insufficient_permissions");
        assertError(
                new ElasticsearchStatusException("broken", RestStatus.FAILED_DEPENDENCY),
                RestStatus.FAILED_DEPENDENCY,
                "invalid_request_error",
                null,
                "model_broken");
        assertError(
                new ElasticsearchStatusException("away", RestStatus.SERVICE_UNAVAILABLE),
                RestStatus.SERVICE_UNAVAILABLE,
                "server_error",
                null,
                "model_unavailable");
        assertError(
                new NullPointerException(),
                RestStatus.INTERNAL_SERVER_ERROR,
                "server_error",
                null,
                null);
    }

    public void testTheCauseOfAnotherNodesFailureCounts() {
        V1Error error =
                V1Error.of(
                        new RemoteTransportException(
                                "node", new IllegalArgumentException("too long")));
        assertEquals("too long", error.message());
        assertEquals(RestStatus.BAD_REQUEST, error.status());
    }

    private static void assertError(
            Exception failure, RestStatus status, String type, String param, String code) {
        V1Error error = V1Error.of(failure);
        assertEquals(status, error.status());
        assertEquals(type, error.type());
        assertEquals(param, error.param());
        assertEquals(code, error.code());
        assertNotNull(error.message());
    }
}
