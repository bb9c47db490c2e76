package io.flinkpeft.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.flinkpeft.safetensors.DType;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An ONNX graph with its edges both ways; weights stay in the mapped file. */
final class OnnxGraph {

    private final GraphProto graph;
    private final Map<String, TensorProto> initializers = new HashMap<>();
    private final Map<String, NodeProto> producers = new HashMap<>();

    private OnnxGraph(GraphProto graph) {
        this.graph = graph;
        graph.getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
        for (NodeProto node : graph.getNodeList()) {
            node.getOutputList().forEach(output -> producers.put(output, node));
        }
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is not an ONNX model
     */
    static OnnxGraph open(Path path) throws IOException {
        ByteBuffer mapped;
        try (FileChannel channel = FileChannel.open(path)) {
            mapped = channel.map(MapMode.READ_ONLY, 0, channel.size());
        }
        var input = UnsafeByteOperations.unsafeWrap(mapped).newCodedInput();
        input.enableAliasing(true);
        try {
            return new OnnxGraph(ModelProto.parseFrom(input).getGraph());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(
                    "File (" + path + ") must be an ONNX model: " + e.getMessage(), e);
        }
    }

    boolean hasInitializer(String name) {
        return initializers.containsKey(name);
    }

    /** A float weight. */
    TensorView initializer(String name) {
        TensorProto tensor = initializers.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("The graph must have a weight " + name + ".");
        }
        if (tensor.getDataType() != TensorProto.DataType.FLOAT_VALUE
                || tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
                || !tensor.hasRawData()) {
            throw new IllegalArgumentException(
                    "Weight " + name + " must be raw fp32 data inside the file.");
        }
        return new TensorView(
                name, DType.F32, tensor.getDimsList(), tensor.getRawData().asReadOnlyByteBuffer());
    }

    Stream<NodeProto> nodes(String type) {
        return graph.getNodeList().stream().filter(node -> node.getOpType().equals(type));
    }

    /** The node that computes a value; null if it is an input or a weight. */
    NodeProto producer(String value) {
        return producers.get(value);
    }

    /** The nodes that use a value. */
    Stream<NodeProto> consumers(String value) {
        return graph.getNodeList().stream().filter(node -> node.getInputList().contains(value));
    }

    /** The bytes of a constant, little-endian; null if the value is not constant. */
    ByteBuffer constant(String value) {
        TensorProto tensor = initializers.get(value);
        NodeProto node = producers.get(value);
        if (node != null && node.getOpType().equals("Constant")) {
            tensor = node.getAttribute(0).getT();
        }
        return tensor == null
                ? null
                : tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The integers of a shape, whether it is one constant or put together of several. */
    List<Long> shape(String value) {
        NodeProto node = producers.get(value);
        if (node != null && node.getOpType().equals("Concat")) {
            return node.getInputList().stream().flatMap(part -> shape(part).stream()).toList();
        }
        ByteBuffer bytes = constant(value);
        if (bytes == null) {
            return List.of(-1L); // one that is known at run time only
        }
        var longs = bytes.asLongBuffer();
        return Stream.generate(longs::get).limit(longs.remaining()).toList();
    }
}
