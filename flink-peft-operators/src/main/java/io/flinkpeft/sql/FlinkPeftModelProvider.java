package io.flinkpeft.sql;

import io.flinkpeft.predict.Fallback;
import io.flinkpeft.predict.VersionKinds;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.config.MLPredictRuntimeConfigOptions;
import org.apache.flink.table.functions.AsyncPredictFunction;
import org.apache.flink.table.functions.PredictFunction;
import org.apache.flink.table.ml.AsyncPredictRuntimeProvider;
import org.apache.flink.table.ml.ModelProvider;
import org.apache.flink.table.ml.PredictRuntimeProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model of a plan: opens nothing, gives the functions that do.
 *
 * @param timeout how long Flink waits for a row of a query that does not say it
 */
record FlinkPeftModelProvider(
        ModelSettings settings, InputColumns input, List<OutputColumn> output, Duration timeout)
        implements PredictRuntimeProvider, AsyncPredictRuntimeProvider {

    private static final Logger LOG = LoggerFactory.getLogger(FlinkPeftModelProvider.class);

    private static final List<ConfigOption<?>> FLINKS_OWN =
            List.of(
                    MLPredictRuntimeConfigOptions.ASYNC,
                    MLPredictRuntimeConfigOptions.ASYNC_OUTPUT_MODE,
                    MLPredictRuntimeConfigOptions.ASYNC_MAX_CONCURRENT_OPERATIONS,
                    MLPredictRuntimeConfigOptions.ASYNC_TIMEOUT);

    @Override
    public PredictFunction createPredictFunction(ModelProvider.Context context) {
        return new RowPredictFunction(settings(context.runtimeConfig()), input, output);
    }

    @Override
    public AsyncPredictFunction createAsyncPredictFunction(ModelProvider.Context context) {
        ModelSettings forQuery = settings(context.runtimeConfig());
        Duration wait =
                context.runtimeConfig()
                        .getOptional(MLPredictRuntimeConfigOptions.ASYNC_TIMEOUT)
                        .orElse(timeout);
        forQuery.checkDelay(wait);
        return new BatchPredictFunction(forQuery, input, output);
    }

    @Override
    public ModelProvider copy() {
        return this; // immutable
    }

    private ModelSettings settings(ReadableConfig query) {
        var known = new TreeSet<String>();
        FlinkPeftOptions.ofQuery().forEach(option -> known.add(option.key()));
        FLINKS_OWN.forEach(option -> known.add(option.key()));
        for (String key : query.toMap().keySet()) {
            if (!known.contains(key)) {
                throw new ValidationException(
                        "Option (" + key + ") of ML_PREDICT must be one of " + known + ".");
            }
        }
        if (input.hasAdapter() && query.getOptional(FlinkPeftOptions.ADAPTER).isPresent()) {
            throw new ValidationException(
                    "adapter ("
                            + query.get(FlinkPeftOptions.ADAPTER)
                            + ") must not be set if the input has a column for the adapter.");
        }
        ModelSettings forQuery = settings.with(query);
        if (settings.serving().versions().kind().equals(VersionKinds.NONE)) {
            query.getOptional(FlinkPeftOptions.ADAPTER)
                    .ifPresent(
                            adapter ->
                                    LOG.warn(
                                            "ML_PREDICT: adapter ({}) does nothing while versions"
                                                    + " is none.",
                                            adapter));
        }
        if (!input.hasAdapter()
                && forQuery.adapter() == null
                && forQuery.fallback() != Fallback.BASE) {
            throw new ValidationException(
                    "adapter (null) must be set, as the model's input has no column for it.");
        }
        return forQuery;
    }
}
