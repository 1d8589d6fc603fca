/**
 * What {@code ./demo} does once its node answers, with the JDK and Gson alone: {@link
 * io.github.qwen3retrieval.demo.Demo} ingests the collections and shows a search, {@link
 * io.github.qwen3retrieval.demo.PageServer} serves the search page, and the page's searches on
 * these indices, to this machine alone.
 *
 * <p>Everything goes to the node as plain HTTP with plain JSON, as from any client.
 */
package io.github.qwen3retrieval.demo;
