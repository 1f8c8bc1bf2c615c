// DuckDB's SUMMARIZE of transactions, for our `profile`: an estimate of the different values, quantiles, mean and deviation of each column, but no
// sum, no frequent values and no histogram. As in duckdb.mjs, nothing is detected. Prints its rows.
import {connect, readCsv} from './duckdb-source.mjs';

const source = readCsv({
	transaction_id: 'VARCHAR',
	customer_id: 'VARCHAR',
	amount: 'DECIMAL(18,2)',
	date: 'DATE',
	category: 'VARCHAR',
});
const connection = await connect();
const reader = await connection.runAndReadAll(`SUMMARIZE SELECT * FROM ${source}`);
process.stdout.write(JSON.stringify(reader.getRowObjectsJson()));
process.exit();
