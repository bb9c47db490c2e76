package io.flinkpeft.sql;

import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.ModelProviderFactory;
import org.apache.flink.table.ml.ModelProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes {@code CREATE MODEL ... WITH ('provider' = 'flink-peft')} predict with the current version
 * of each row's adapter.
 *
 * <pre>{@code
 * CREATE MODEL m
 * INPUT (adapter STRING, text STRING)
 * OUTPUT (label STRING, score DOUBLE, served STRING, version BIGINT)
 * WITH ('provider' = 'flink-peft', 'model' = '/models/minilm',
 *       'versions' = 'directory', 'versions.path' = '/adapters');
 *
 * SELECT * FROM ML_PREDICT(TABLE tickets, MODEL m, DESCRIPTOR(tenant, body),
 *                          MAP['async', 'true', 'max-concurrent-operations', '64']);
 * }</pre>
 *
 * <p>Options: {@link FlinkPeftOptions}. A query may set {@code adapter}, {@code fallback}, {@code
 * batch.size} and {@code batch.delay} otherwise in its own configuration. A null text gives nulls.
 *
 * <p>Planning loads nothing: EXPLAIN needs no model. {@code COMPILE PLAN} and {@code SHOW CREATE
 * MODEL} show all options of a model; secrets belong into a file that an option names.
 */
public final class FlinkPeftModelFactory implements ModelProviderFactory {

    private static final Logger LOG = LoggerFactory.getLogger(FlinkPeftModelFactory.class);

    @Override
    public String factoryIdentifier() {
        return FlinkPeftOptions.IDENTIFIER;
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return FlinkPeftOptions.required();
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return FlinkPeftOptions.optional();
    }

    @Override
    public ModelProvider createModelProvider(Context context) {
        var helper = FactoryUtil.createModelProviderFactoryHelper(this, context);
        helper.validateExcept(FlinkPeftOptions.VERSIONS_PREFIX);
        var model = context.getCatalogModel();
        var settings =
                ModelSettings.of(helper.getOptions(), model.getOptions(), context.getClassLoader());
        FlinkPeftOptions.unusedOfModel(helper.getOptions())
                .lines()
                .forEach(line -> LOG.warn("{}: {}", context.getObjectIdentifier(), line));
        var input = InputColumns.of(model.getResolvedInputSchema());
        if (input.hasAdapter() && settings.adapter() != null) {
            throw new ValidationException(
                    "adapter ("
                            + settings.adapter()
                            + ") must not be set if the input has a column for the adapter.");
        }
        return new FlinkPeftModelProvider(
                settings,
                input,
                OutputColumn.of(model.getResolvedOutputSchema(), settings.serving().task()),
                context.getConfiguration()
                        .get(ExecutionConfigOptions.TABLE_EXEC_ASYNC_ML_PREDICT_TIMEOUT));
    }
}
