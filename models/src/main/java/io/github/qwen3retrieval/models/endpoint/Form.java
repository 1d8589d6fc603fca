package io.github.qwen3retrieval.models.endpoint;

import com.google.gson.JsonObject;
import io.github.qwen3retrieval.models.ModelException;
import java.util.List;

/**
 * How texts are asked for and their answer read. Texts of equal forms may share a call.
 *
 * @param <T> what is answered for one text
 */
interface Form<T> {

    /** The request's body. */
    JsonObject request(List<String> texts);

    /** More bytes than a right answer can have. */
    long maxAnswerBytes(List<String> texts);

    /**
     * Reads and checks an answer.
     *
     * @param texts how many were asked for
     * @return one per text, in their order
     * @throws ModelException if it does not fit what was asked for
     */
    List<T> read(JsonObject answer, int texts);
}
