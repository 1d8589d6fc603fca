package io.github.qwen3retrieval.models.hub;

/**
 * A file as a hub lists it.
 *
 * @param name its name in the repository's top folder
 * @param size its bytes, or -1 where the hub does not say
 * @param checksum what its content must hash to, or null where the hub does not say
 */
record RemoteFile(String name, long size, Checksum checksum) {}
