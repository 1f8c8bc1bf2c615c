// DuckDB, with everything it needs told: types, delimiter, quote, header. Nothing is detected.
//
// The query is the fastest of those tried (DuckDB 1.5.5, `plain` of 1,024 MB, seconds of the query on
// 1 / 2 threads; the best of three runs and more for the first two, single runs for the others, which were far off):
//
//   one scan, grouping sets (category), (customer), distinct = number of its groups   4.5 / 2.4   this one
//   the scan as a materialised table expression, two aggregates over it              5.2 / 2.6   and 1.3 GB of memory
//   group by category with count(distinct), so only a part of the answer             5.6 / 2.9
//   one scan grouped by category and customer, rolled up                             6.2 / 3.6
//   grouping sets (category), () with count(distinct)                                6.3 / 3.4
//   a temporary table, two queries                                                   8.4 / 3.6   and 1.3 GB
//   (for scale: count(*) alone                                                       2.3 / 1.3)
//
// Estimating the distinct number with the query below is slower for 20,000 customers, so it is used only for many.
// Measured without effect: strict_mode, parallel, new_line, preserve_insertion_order, an empty quote; a larger or smaller
// buffer, too, except for small files, where the usual 32 MB cost a sixth of the time on one thread.
import {byFilePath, connect, readCsv, sqlText} from './duckdb-source.mjs';
import {printFigures, readTask} from './figures.mjs';

const {isQuoted, isEstimateFine, isByFile, decimals} = readTask();
const columns = {
	transaction_id: 'VARCHAR',
	customer_id: 'VARCHAR',
	amount: `DECIMAL(18,${decimals})`,
	date: 'DATE',
	category: 'VARCHAR',
	...(isQuoted ? {note: 'VARCHAR'} : {}),
};
const source = readCsv(columns);

const aggregates = 'count(*) AS count, sum(amount) AS amount, min(date) AS earliest, max(date) AS latest';
const query = isEstimateFine
	? `SELECT category, count, amount::VARCHAR AS amount, earliest::VARCHAR AS earliest, latest::VARCHAR AS latest, customers
		FROM (SELECT category, ${aggregates}, approx_count_distinct(customer_id) AS customers, grouping(category) AS total
			FROM ${source} GROUP BY GROUPING SETS ((category), ()))
		ORDER BY total DESC, count DESC, category LIMIT 101`
	: `WITH groups AS MATERIALIZED (
			SELECT category, ${aggregates}, grouping(category) AS of_customer
			FROM ${source} GROUP BY GROUPING SETS ((category), (customer_id)))
		SELECT NULL AS category, sum(count)::BIGINT AS count, sum(amount)::VARCHAR AS amount, min(earliest)::VARCHAR AS earliest,
			max(latest)::VARCHAR AS latest, (SELECT count(*) FROM groups WHERE of_customer = 1) AS customers
		FROM groups WHERE of_customer = 0
		UNION ALL
		(SELECT category, count, amount::VARCHAR, earliest::VARCHAR, latest::VARCHAR, NULL
		FROM groups WHERE of_customer = 0 ORDER BY count DESC, category LIMIT 100)`;

// The same for each file, and for all: as lines of JSON that DuckDB writes itself, to a file whose name is printed: to make
// 85,000 objects of JavaScript takes a fifth of the time. Of those tried (`tiny`, seconds of the query on 1 / 2 threads) this is among the fastest:
//
//   grouping sets (file, category), (file, customer)         1.42 / 0.90   this one
//   and (customer), so that nothing needs count(distinct)    1.45 / 0.96   before its rows are taken
//   categories as a list for each file                       1.43 / 0.96
//   two scans, rollup (file) with count(distinct)            1.57 / 0.96   before its rows are taken
const queryByFile = `COPY (
	WITH groups AS MATERIALIZED (
		SELECT filename, category, customer_id, ${aggregates}, grouping(category) AS of_customer
		FROM ${source} GROUP BY GROUPING SETS ((filename, category), (filename, customer_id)))
	SELECT filename AS file, category, count, amount::VARCHAR AS amount, earliest::VARCHAR AS earliest, latest::VARCHAR AS latest,
		NULL AS customers FROM groups WHERE of_customer = 0
	UNION ALL
	SELECT filename, NULL, NULL, NULL, NULL, NULL, count(*) FROM groups WHERE of_customer = 1 GROUP BY filename
	UNION ALL
	SELECT NULL, NULL, NULL, NULL, NULL, NULL, count(DISTINCT customer_id) FROM groups WHERE of_customer = 1
) TO ${sqlText(byFilePath)} (FORMAT json)`;

const started = performance.now();
const connection = await connect();
if (isByFile) {
	await connection.run(queryByFile);
	process.stdout.write(byFilePath);
	process.exit();
}
const reader = await connection.runAndReadAll(query);
const [total, ...groups] = reader.getRowObjectsJson();
printFigures({
	records: Number(total?.count),
	total: total?.amount,
	categories: groups.map(({category, count, amount}) => ({category, count: Number(count), amount})),
	earliest: total?.earliest,
	latest: total?.latest,
	customers: {value: Number(total?.customers), exact: !isEstimateFine},
	queryMs: performance.now() - started,
});
