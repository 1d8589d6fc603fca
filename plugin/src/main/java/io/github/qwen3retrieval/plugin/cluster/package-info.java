/**
 * Requests go to where their model is: the embedder and the reranker of a node answer from any node
 * of its cluster.
 *
 * <p>{@link io.github.qwen3retrieval.plugin.cluster.Router} is asked by processor, query vector
 * builder and rescorer. A {@code RoutedCall} takes the {@code View} of a {@code Catalogue}, which
 * says which model is meant and which nodes have it, and asks this node ({@link
 * io.github.qwen3retrieval.plugin.cluster.Served}) or, by {@code NodeCalls}, another one, where
 * {@code ServingNode} takes the request from the transport to what that node serves. Requests and
 * answers travel as {@code EmbedMessage}, {@code EmbedAnswer}, {@code RerankMessage} and {@code
 * RerankAnswer}; an answer also tells how busy its node is.
 *
 * <p>What looks odd and is meant:
 *
 * <ul>
 *   <li>The actions are internal and sent in the system's thread context, not in the user's. A user
 *       who may search needs no privilege for models, on whichever node they are.
 *   <li>A node that is alone in its cluster has no catalogue: its models say themselves what is
 *       wrong with a request.
 *   <li>A model whose node has left is 503, not 400, and still counts where a request names none:
 *       the vectors of another model would be of no use, and nobody would see why.
 *   <li>A request is tried twice at most, and the second time only where the first one says nothing
 *       of the request itself.
 * </ul>
 */
package io.github.qwen3retrieval.plugin.cluster;
