/**
 * Where the native libraries lie and how DJL is told so. The folders come from the plugin's own
 * installation or from the command line's launcher; the settings go to DJL as system properties.
 */
package io.github.qwen3retrieval.models.natives;
