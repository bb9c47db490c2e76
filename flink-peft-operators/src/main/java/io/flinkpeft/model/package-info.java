/**
 * Base models: Hugging Face directories, tokenizers, the resident registry, the ONNX importer. May
 * import {@code engine} and what it may; not Flink.
 */
package io.flinkpeft.model;
