// DuckDB, asked for sales by department; as in duckdb.mjs, nothing is detected. One scan with one aggregate. Measured without effect:
// smaller and larger types of the numbers, and GROUP BY without the total, which would then be added up here.
import {byFilePath, connect, readCsv, sqlText} from './duckdb-source.mjs';
import {printFigures, readTask} from './figures.mjs';

const {isByFile} = readTask();
const source = readCsv({
	order_id: 'VARCHAR',
	department: 'VARCHAR',
	product: 'VARCHAR',
	quantity: 'INTEGER',
	unit_price: 'DECIMAL(18,2)',
	date: 'DATE',
});
const aggregates =
	'count(*) AS count, sum(quantity * unit_price)::VARCHAR AS amount, sum(quantity)::BIGINT AS quantity';

const started = performance.now();
const connection = await connect();
if (isByFile) {
	await connection.run(`COPY (
		SELECT filename AS file, department AS category, ${aggregates} FROM ${source} GROUP BY filename, department
	) TO ${sqlText(byFilePath)} (FORMAT json)`);
	process.stdout.write(byFilePath);
	process.exit();
}
const reader = await connection.runAndReadAll(
	`SELECT department AS category, grouping(department) AS is_total, ${aggregates}
	FROM ${source} GROUP BY ROLLUP (department) ORDER BY is_total DESC, count DESC, category LIMIT 101`,
);
const [total, ...groups] = reader.getRowObjectsJson();
printFigures({
	records: Number(total?.count),
	total: total?.amount,
	quantity: String(total?.quantity),
	categories: groups.map(({category, count, amount, quantity}) => ({
		category,
		count: Number(count),
		amount,
		quantity: String(quantity),
	})),
	queryMs: performance.now() - started,
});
