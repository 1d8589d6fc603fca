/**
 * Models that are somewhere else: services that speak OpenAI's embeddings format or the rerank
 * format of Jina and Cohere, another node's {@code _qwen3/v1} among them.
 *
 * <p>A request becomes a {@link io.github.qwen3retrieval.models.endpoint.TextJob}, its texts wait
 * in the {@link io.github.qwen3retrieval.models.endpoint.TextQueue} of their endpoint, where those
 * of several requests share a batch. A batch is one {@link
 * io.github.qwen3retrieval.models.endpoint.EndpointCall}: sent, repeated where that may help,
 * refused where the {@link io.github.qwen3retrieval.models.endpoint.Circuit} is open. What comes
 * back is checked by the {@link io.github.qwen3retrieval.models.endpoint.Form} that wrote the
 * request, and goes to the jobs. All of it is bounded: texts that wait, calls at a time, bytes of
 * an answer, time of a call; a job that is cancelled ends its calls.
 *
 * <p>Neither texts nor keys are in any log line. Only the JDK makes threads here.
 */
package io.github.qwen3retrieval.models.endpoint;
