/**
 * Fetches checkpoint folders from a hub: the file list and checksums from its API, the files over
 * HTTP into {@code *.part} files that are renamed once their checksum is right. Used by the command
 * line alone; a node never downloads.
 */
package io.github.qwen3retrieval.models.hub;
