/** Every method on one real stream; {@code examples/methods} runs it. */
package io.flinkpeft.example.methods;
