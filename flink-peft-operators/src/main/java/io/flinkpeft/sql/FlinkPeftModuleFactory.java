package io.flinkpeft.sql;

import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.ModuleFactory;
import org.apache.flink.table.module.Module;

/** Makes {@code LOAD MODULE `flink-peft`} give {@link FlinkPeftModule}. */
public final class FlinkPeftModuleFactory implements ModuleFactory {

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
        return new FlinkPeftModule(
                ModelSettings.of(
                        helper.getOptions(), context.getOptions(), context.getClassLoader()));
    }
}
