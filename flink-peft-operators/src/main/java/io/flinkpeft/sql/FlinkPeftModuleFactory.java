package io.flinkpeft.sql;

import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.ModuleFactory;
import org.apache.flink.table.module.Module;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes {@code LOAD MODULE `flink-peft`} give {@link FlinkPeftModule}. */
public final class FlinkPeftModuleFactory implements ModuleFactory {

    private static final Logger LOG = LoggerFactory.getLogger(FlinkPeftModuleFactory.class);

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
        return FlinkPeftOptions.optionalOfModule();
    }

    @Override
    public Module createModule(Context context) {
        var helper = FactoryUtil.createModuleFactoryHelper(this, context);
        helper.validateExcept(FlinkPeftOptions.VERSIONS_PREFIX);
        var settings =
                ModelSettings.of(
                        helper.getOptions(), context.getOptions(), context.getClassLoader());
        FlinkPeftOptions.unused(helper.getOptions())
                .lines()
                .forEach(line -> LOG.warn("Module {}: {}", factoryIdentifier(), line));
        return new FlinkPeftModule(settings);
    }
}
