package io.github.qwen3retrieval.models.hub;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets the forbidden-APIs check pass a test that runs the JDK's own web server: the module
 * jdk.httpserver is documented and exported, though its package name begins with com.sun.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface UsesJdkHttpServer {}
