/**
 * Which modules of a model a configuration means: its targets, by PEFT's rules and defaults, and
 * the modules that it saves whole.
 *
 * <p>Start with {@link io.flinkpeft.method.targets.TargetModules}; {@link
 * io.flinkpeft.method.targets.TargetMatcher} finds them in a model. May import the JDK, Jackson,
 * RE2, {@code io.flinkpeft.method}, {@code io.flinkpeft.method.codec} and {@code
 * io.flinkpeft.adapter}.
 */
package io.flinkpeft.method.targets;
