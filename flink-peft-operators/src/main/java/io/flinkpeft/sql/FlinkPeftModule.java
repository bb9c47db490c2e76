package io.flinkpeft.sql;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.module.Module;

/**
 * Scalar functions over one model, which the module's options name as those of a model do:
 *
 * <pre>{@code
 * LOAD MODULE `flink-peft` WITH ('model' = '/models/minilm',
 *                                'versions' = 'directory', 'versions.path' = '/adapters');
 * SELECT peft_classify(tenant, body) FROM tickets;
 * }</pre>
 *
 * @see ClassifyFunction
 * @see EmbedFunction
 * @see GenerateFunction
 */
public final class FlinkPeftModule implements Module {

    private final ModelSettings settings;

    FlinkPeftModule(ModelSettings settings) {
        this.settings = settings;
    }

    @Override
    public Set<String> listFunctions() {
        return Set.of(ClassifyFunction.NAME, EmbedFunction.NAME, GenerateFunction.NAME);
    }

    @Override
    public Optional<FunctionDefinition> getFunctionDefinition(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case ClassifyFunction.NAME -> Optional.of(new ClassifyFunction(settings));
            case EmbedFunction.NAME -> Optional.of(new EmbedFunction(settings));
            case GenerateFunction.NAME -> Optional.of(new GenerateFunction(settings));
            default -> Optional.empty();
        };
    }
}
