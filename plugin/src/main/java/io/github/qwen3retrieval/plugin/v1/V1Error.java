package io.github.qwen3retrieval.plugin.v1;

import io.github.qwen3retrieval.models.UnknownModelException;
import java.io.IOException;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.rest.RestChannel;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.xcontent.XContentBuilder;

/**
 * A failure as OpenAI's clients read it: {@code {"error": {"message", "type", "param", "code"}}}.
 *
 * @param param the member of the request that is wrong, or null
 * @param code a word for programs, or null
 */
record V1Error(RestStatus status, String message, String type, String param, String code) {

    /** From what an action or a parser failed with. */
    static V1Error of(Exception failure) {
        Throwable cause = ExceptionsHelper.unwrapCause(failure);
        String message = message(cause);
        if (cause instanceof UnknownModelException) {
            return new V1Error(
                    RestStatus.NOT_FOUND,
                    message,
                    "invalid_request_error",
                    "model",
                    "model_not_found");
        }
        RestStatus status = ExceptionsHelper.status(cause);
        String param = cause instanceof BodyException wrong ? wrong.member() : null;
        return new V1Error(status, message, type(status), param, code(status));
    }

    private static String message(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static String type(RestStatus status) {
        return switch (status) {
            case UNAUTHORIZED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case TOO_MANY_REQUESTS -> "rate_limit_error";
            default -> status.getStatus() >= 500 ? "server_error" : "invalid_request_error";
        };
    }

    private static String code(RestStatus status) {
        return switch (status) {
            case TOO_MANY_REQUESTS -> "rate_limit_exceeded";
            case FORBIDDEN -> "insufficient_permissions";
            case FAILED_DEPENDENCY -> "model_broken";
            case SERVICE_UNAVAILABLE -> "model_unavailable";
            default -> null;
        };
    }

    /** The whole response. */
    RestResponse response(RestChannel channel) throws IOException {
        try (XContentBuilder builder = channel.newErrorBuilder()) {
            builder.startObject()
                    .startObject("error")
                    .field("message", message)
                    .field("type", type)
                    .field("param", param)
                    .field("code", code)
                    .endObject()
                    .endObject();
            return new RestResponse(status, builder);
        }
    }
}
