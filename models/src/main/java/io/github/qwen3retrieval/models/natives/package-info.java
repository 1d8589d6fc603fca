/**
 * Where the native libraries lie and how DJL is told so. The folders come from the plugin's own
 * installation or from the command line's launcher; the settings go to DJL as system properties.
 * Beside them what the C library is asked for: a thread's niceness, and freed memory back.
 */
package io.github.qwen3retrieval.models.natives;
