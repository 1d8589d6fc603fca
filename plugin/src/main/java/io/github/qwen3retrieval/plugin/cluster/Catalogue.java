package io.github.qwen3retrieval.plugin.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.elasticsearch.cluster.ClusterChangedEvent;
import org.elasticsearch.cluster.ClusterStateListener;
import org.elasticsearch.cluster.node.DiscoveryNode;
import org.elasticsearch.cluster.node.DiscoveryNodes;

/**
 * What this node knows of the models in its cluster: asked of every node when nodes join, and when
 * a request needs it and it is old. Each node keeps a catalogue of its own; nothing is stored.
 *
 * <p>A node that does not answer keeps what it last said, and comes after those that do. What a
 * node had that has left is remembered, so that its absence is told from that of a model which
 * never was.
 */
final class Catalogue implements ClusterStateListener {

    /** Age from which a use asks anew, without waiting for it. */
    private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Age from which a use waits for what it asks. */
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Models of nodes that have left, oldest forgotten first. */
    private static final int MAX_DEPARTED = 1000;

    private final Served here;
    private final NodeCalls calls;
    private final Executor executor;

    /** By ephemeral id: a node that was restarted is another one. */
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    private final Map<String, View.Departed> departed = new LinkedHashMap<>();
    private volatile DiscoveryNodes nodes = DiscoveryNodes.EMPTY_NODES;
    private CompletableFuture<Void> running;
    private CompletableFuture<Void> next;
    private volatile long refreshedNanos = System.nanoTime() - STALE_NANOS;

    /**
     * An empty one.
     *
     * @param executor where this node's own models are listed, which reads the disk
     */
    Catalogue(Served here, NodeCalls calls, Executor executor) {
        this.here = here;
        this.calls = calls;
        this.executor = executor;
    }

    /** What is known of one node. */
    private static final class Entry {
        private final DiscoveryNode node;
        private final AtomicLong ours = new AtomicLong();
        private volatile List<Offer> offers;
        private volatile boolean answers = true;
        private volatile long queueTokens;

        private Entry(DiscoveryNode node) {
            this.node = node;
        }
    }

    @Override
    public void clusterChanged(ClusterChangedEvent event) {
        if (event.nodesChanged() == false && nodes.getSize() > 0) {
            return;
        }
        nodes = event.state().nodes();
        event.nodesDelta().removedNodes().forEach(this::left);
        if (nodes.getSize() > 1) {
            // not on the thread that applies cluster states
            run(this::refreshed);
        }
    }

    private synchronized void left(DiscoveryNode node) {
        Entry entry = entries.remove(node.getEphemeralId());
        if (entry == null || entry.offers == null) {
            return;
        }
        for (Offer offer : entry.offers) {
            departed.remove(offer.modelId());
            departed.put(offer.modelId(), new View.Departed(offer.kind(), node.getName()));
            if (departed.size() > MAX_DEPARTED) {
                departed.remove(departed.keySet().iterator().next());
            }
        }
    }

    /** Whether this node is all there is and was of its cluster, or has not joined one yet. */
    synchronized boolean alone() {
        return nodes.getSize() < 2 && departed.isEmpty();
    }

    /** Whether what is known is too old to be used without asking. */
    boolean stale() {
        return age() > STALE_NANOS;
    }

    private long age() {
        return System.nanoTime() - refreshedNanos;
    }

    /** What is known now; asks anew behind the scenes where it is no longer fresh. */
    View view() {
        if (age() > REFRESH_NANOS) {
            refreshed();
        }
        DiscoveryNodes now = nodes;
        List<KnownNode> known = new ArrayList<>();
        for (DiscoveryNode node : now) {
            Entry entry = entry(node);
            boolean isHere = node.getId().equals(now.getLocalNodeId());
            long load = entry.queueTokens + entry.ours.get();
            known.add(new KnownNode(node, isHere, entry.offers, entry.answers, load));
        }
        synchronized (this) {
            return new View(List.copyOf(known), Map.copyOf(departed));
        }
    }

    private Entry entry(DiscoveryNode node) {
        return entries.computeIfAbsent(node.getEphemeralId(), id -> new Entry(node));
    }

    /** Counts work that this node has on that one; to be called with a negative number later. */
    void outstanding(DiscoveryNode node, long tokens) {
        Entry entry = entries.get(node.getEphemeralId());
        if (entry != null) {
            entry.ours.addAndGet(tokens);
        }
    }

    /** Notes how busy a node said it is. */
    void busy(DiscoveryNode node, long queueTokens) {
        Entry entry = entries.get(node.getEphemeralId());
        if (entry != null) {
            entry.queueTokens = queueTokens;
        }
    }

    /**
     * Asks every node anew.
     *
     * @return completed, never exceptionally, when each has answered or has had its time, having
     *     been asked after this call; on a thread that may be kept busy
     */
    CompletableFuture<Void> refreshed() {
        CompletableFuture<Void> asked;
        synchronized (this) {
            if (running != null) {
                // it may have asked before what we want to know came to be
                next = next == null ? new CompletableFuture<>() : next;
                return next;
            }
            running = new CompletableFuture<>();
            asked = running;
        }
        ask(asked);
        return asked;
    }

    private void ask(CompletableFuture<Void> asked) {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        DiscoveryNodes now = nodes;
        for (DiscoveryNode node : now) {
            Entry entry = entry(node);
            CompletableFuture<NodeOffers> answer =
                    node.getId().equals(now.getLocalNodeId()) ? own() : calls.offers(node);
            answers.add(answer.handle((offers, failure) -> note(entry, told(offers, failure))));
        }
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .whenComplete((done, never) -> run(() -> asked(asked)));
    }

    private CompletableFuture<NodeOffers> own() {
        CompletableFuture<NodeOffers> own = new CompletableFuture<>();
        run(() -> own.completeAsync(() -> NodeOffers.of(here), Runnable::run));
        return own;
    }

    private void run(Runnable step) {
        try {
            executor.execute(step);
        } catch (RejectedExecutionException closing) {
            // the node closes: whoever waits must learn of it all the same
            step.run();
        }
    }

    private static NodeOffers told(NodeOffers offers, Throwable failure) {
        return failure instanceof NodeLost lost && lost.withoutPlugin()
                ? new NodeOffers(List.of(), 0)
                : offers;
    }

    private Void note(Entry entry, NodeOffers offers) {
        entry.answers = offers != null;
        if (offers != null) {
            entry.offers = offers.offers();
            entry.queueTokens = offers.queueTokens();
            synchronized (this) {
                offers.offers().forEach(offer -> departed.remove(offer.modelId()));
            }
        }
        return null;
    }

    private void asked(CompletableFuture<Void> asked) {
        CompletableFuture<Void> following;
        synchronized (this) {
            refreshedNanos = System.nanoTime();
            prune();
            running = next;
            next = null;
            following = running;
        }
        asked.complete(null);
        if (following != null) {
            ask(following);
        }
    }

    /** Entries of nodes that left while they were being asked. */
    private void prune() {
        List<String> present = nodes.stream().map(DiscoveryNode::getEphemeralId).toList();
        entries.keySet().retainAll(present);
    }
}
