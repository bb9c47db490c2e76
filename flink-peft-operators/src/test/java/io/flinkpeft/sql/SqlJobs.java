package io.flinkpeft.sql;

import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.util.ExceptionUtils;

/** Queries that fail on purpose: Flink's collecting sink would end its TaskManager with them. */
final class SqlJobs {

    private SqlJobs() {}

    /** Why a query of one text fails; empty if it does not. */
    static String failure(TableEnvironment sql, String query) throws InterruptedException {
        sql.executeSql(
                "CREATE TEMPORARY TABLE IF NOT EXISTS nowhere (answer STRING)"
                        + " WITH ('connector' = 'blackhole')");
        try {
            sql.executeSql("INSERT INTO nowhere " + query).await();
            return "";
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return ExceptionUtils.stringifyException(e);
        }
    }
}
