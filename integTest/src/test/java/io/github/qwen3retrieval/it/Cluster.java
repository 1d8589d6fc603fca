package io.github.qwen3retrieval.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Nodes of one cluster on this machine, each with a configuration, data and ports of its own. The
 * system chooses the ports; the nodes read each other's from a file, which is written anew when one
 * comes back with another.
 */
final class Cluster implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Map<String, RealNode> nodes = new LinkedHashMap<>();
    private final AtomicInteger passedOver = new AtomicInteger();
    private final String credentials;

    private Cluster(String credentials) {
        this.credentials = credentials;
    }

    /**
     * One node.
     *
     * @param name in the cluster
     * @param models whether its models folder holds the test models, or nothing
     * @param settings of this node, beside those that make it part of the cluster
     */
    record Member(String name, boolean models, Map<String, Object> settings) {

        static Member withModels(String name) {
            return new Member(name, true, Map.of());
        }

        static Member withoutModels(String name) {
            return new Member(name, false, Map.of());
        }
    }

    /** What is done to a configuration before its node starts. */
    interface Preparation {
        void of(NodeConfig config) throws IOException, InterruptedException;
    }

    /** Starts them and waits until all of them are one cluster. */
    static Cluster start(Member... members) throws IOException, InterruptedException {
        return start(null, config -> {}, List.of(members));
    }

    /**
     * The same with security on.
     *
     * @param credentials of the clients
     * @param preparation adds users and roles to the configuration of each node
     */
    static Cluster start(String credentials, Preparation preparation, List<Member> members)
            throws IOException, InterruptedException {
        Cluster cluster = new Cluster(credentials);
        try {
            List<String> masters = members.stream().map(Member::name).toList();
            for (Member member : members) {
                cluster.nodes.put(member.name, node(member, masters, preparation));
            }
            for (RealNode node : cluster.nodes.values()) {
                node.launch();
            }
            for (RealNode node : cluster.nodes.values()) {
                node.awaitPort();
                node.connect(credentials);
            }
            cluster.tellAddresses();
            cluster.awaitAll();
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    private static RealNode node(Member member, List<String> masters, Preparation preparation)
            throws IOException, InterruptedException {
        Map<String, Object> settings = new TreeMap<>(member.settings);
        settings.put("node.name", member.name);
        settings.put("discovery.type", "multi-node");
        settings.put("discovery.seed_providers", "file");
        // the ports are written at the end of a start, which would wait for the others
        settings.put("discovery.initial_state_timeout", "0s");
        settings.put("cluster.initial_master_nodes", masters);
        settings.putIfAbsent("qwen3.threads", 1);
        Installation installation = SharedInstallation.get();
        NodeConfig config = NodeConfig.create(installation, settings);
        if (member.models) {
            config.withModels();
        }
        preparation.of(config);
        return new RealNode(installation, config);
    }

    private void tellAddresses() throws IOException {
        List<String> addresses = new ArrayList<>();
        for (RealNode node : nodes.values()) {
            addresses.add(node.transportAddress());
        }
        for (RealNode node : nodes.values()) {
            Path file = node.config().config().resolve("unicast_hosts.txt");
            Path written = file.resolveSibling("unicast_hosts.new");
            Files.writeString(written, String.join("\n", addresses));
            NodeUser.own(written);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Waits until every node is there, to every node, and every shard with it. */
    void awaitAll() throws IOException, InterruptedException {
        for (RealNode node : nodes.values()) {
            awaitNodes(node.client(), nodes.size());
            node.client().awaitGreen(LIMIT);
        }
    }

    /** Waits until this node sees so many nodes and knows a master. */
    static void awaitNodes(NodeClient client, int number) throws IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        String path = "_cluster/health?timeout=5s&master_timeout=5s&wait_for_nodes=" + number;
        while (true) {
            NodeClient.Answer health = client.get(path);
            if (health.status() == 200 || System.nanoTime() > end) {
                health.ok();
                return;
            }
            Thread.sleep(200);
        }
    }

    RealNode node(String name) {
        return nodes.get(name);
    }

    NodeClient client(String name) {
        return nodes.get(name).client();
    }

    /**
     * Sends a request as the official clients do that know all nodes: one that does not answer, or
     * answers 502 to 504, is passed over for the next.
     *
     * @param first which node to ask first, counted around
     */
    NodeClient.Answer post(int first, String path, String body) throws IOException {
        List<RealNode> all = List.copyOf(nodes.values());
        Exception last = null;
        NodeClient.Answer unavailable = null;
        for (int i = 0; i < all.size(); i++) {
            NodeClient client = all.get((first + i) % all.size()).client();
            try {
                if (client != null) {
                    NodeClient.Answer answer = client.post(path, body);
                    if (answer.status() < 502 || answer.status() > 504) {
                        return answer;
                    }
                    unavailable = answer;
                    passedOver.incrementAndGet();
                }
            } catch (IOException | RuntimeException e) {
                last = e;
                passedOver.incrementAndGet();
            }
        }
        if (unavailable != null) {
            return unavailable;
        }
        throw new IOException("no node answers", last);
    }

    /** How often {@link #post} went to the next node since this was asked last. */
    int passedOver() {
        return passedOver.getAndSet(0);
    }

    List<RealNode> nodes() {
        return List.copyOf(nodes.values());
    }

    /** Starts a node that was stopped or killed, from the same configuration and data. */
    void restart(String name) throws IOException, InterruptedException {
        RealNode node = nodes.get(name);
        node.launch();
        node.awaitPort();
        tellAddresses();
        // as behind a load balancer, nobody is sent there before it has joined
        try (NodeClient joining = new NodeClient(node.httpAddress(), credentials)) {
            awaitNodes(joining, nodes.size());
        }
        node.connect(credentials);
        awaitAll();
    }

    @Override
    public void close() throws IOException {
        // their data is thrown away with them: an orderly stop of each would only take time
        for (RealNode node : nodes.values()) {
            node.discard();
        }
    }
}
