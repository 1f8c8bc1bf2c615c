// What `fileproc-tui help analyses` says; `topic-lines.ts` explains how it is written.
export const ANALYSES = `
The columns of a file decide which analysis it is for; the most specific one that fits wins, and --analysis <name> decides it for all files.
Columns may stand in any order, beside any others. Any other table gets a profile, any other text its lines: so a folder of unknown exports
says what is in it, and the summary ends with what to look at first.

| transactions | customer_id, 'amount', 'date', 'category'; Customer ID and CustomerId are names for customer_id, too; result: number, exact total, mean, categories with counts and exact amounts (the top one is the most frequent), dates, distinct customers
| sales | 'department', and 'sales' (or 'revenue', 'amount' ...) or 'quantity' and unit_price; names in five languages; result: records, exact sales, mean and quantity, in all and for each department, with its share
| activity | a user (user_id, 'email' ...) and, if there is one, a 'timestamp'; or access logs, and lines with user= or what --user-pattern says; result: lines, records, different users, records of each with the first and the last time, hours, weekdays, the busiest hour
| profile | any table; result: for each column: type, missing cells, distinct values, min, max, exact sum, mean, standard deviation, quantiles, lengths, most frequent values, histogram
| quality | any table; only where it is asked for; result: missing, malformed and doubtful cells, blanks, variants of case, outliers, duplicate keys and records, each with count, share and first places, and a score with its formula
| lines | none: logs and other text; result: lines, blank lines, words, bytes, log levels, the longest line, the most frequent lines with # for numbers
| your own | what you declare, see below; result: exact counts, sums, means, shares, dates, distinct values and tables

--analysis transactions,quality makes several analyses of each file in one pass, which costs less than one run each; the JSON report has
version 2 then, with the results of each. --export <dir> writes each table of each analysis, complete, as sales.departments.csv.

Columns are counted exactly up to 16,384 different values, or 1 MiB of them. Beyond that, sums, means, deviations, extremes and lengths stay
exact; distinct values (standard error 0.8 %), quantiles (0.8 % of the value) and frequent values (shares of a sample of 4,096 records) are
estimates, which say so, and are the same for any threads and order.

A number is 12, -3.50, 1,234.50, 1.234,50, 1 234,50, (3.50), 3.50-, 12,50 with the sign of a currency, or 12%, with up to 38 digits. A date is a day of the calendar:
2024-02-29, 20240229, 29/02/2024, 29.2.24, 02/29/2024 or 3 Jan 2024, alone or with a time behind it. All cells of a column decide in which
form it is, and it is read in that one: of 1.500 and 2.250,00 the sum is 3750. What cannot be known is not guessed: a column of nothing but
1.500, or 01/02/2024, fails with both readings (--decimal and --date-format say which one counts). A record with anything else there is
rejected, for example 1e3; the other records of the file count, and where other forms are the likely reason, the report says so. A number
that an analysis can do without ('quantity') may be empty or wrong: the record counts, the cell does not.

Folders are walked for .csv .tsv .txt .log .parquet, the texts also packed as .gz .zst .br, and for archives of them: .zip .tar .tgz
.tar.zst and so on, whose members are files of their own (data.zip!may/a.csv). Hidden files are left out, files of other names are counted
("Left out: 3 other files: .jsonl .xlsx"), and FIFOs, devices, links to folders and reports or logs of the program's own are listed as
skipped.

--report report.html writes the report as one page with charts, which loads nothing and runs no script: to open, send or print.

# Your own analyses

An analysis is a declaration: columns, measures, views. fileproc-tui ./exports --analysis ./monthly.ts runs this one:

	import {count, defineAnalysis, groupBy, month, sum} from 'fileproc-tui';
	
	export default defineAnalysis({
	  name: 'monthly', version: 1, title: 'Amount by month and category',
	  columns: {amount: {is: 'number'}, date: {is: 'date'}, category: {is: 'text'}},
	  measures: {
	    total: sum('amount'),
	    months: groupBy([month('date'), 'category'], {records: count(), total: sum('amount')}, {orderBy: 'key'}),
	  },
	  views: [{show: 'figures', figures: [{label: 'total', key: 'total', format: 'decimal'}]}],
	});

The result has the measures by their names, exact as those of built-in analyses, in reports, --export, the dashboard and replays. The file
may lie anywhere. With "analyses": ["./monthly.ts"] in your own configuration file, detection tries it for every file; a configuration file
beside the data cannot name modules. A complete example: fixtures/analyses/monthly-categories.ts.

An analysis may also have functions of a record: derive: {fee: {is: 'number', decimals: 2, js: ({amount}) => amount * 0.014}}, 'where',
which says whether a record is one of the analysis at all, and 'accept', which rejects it with a reason. They run in the threads, on columns
of the records; two numbers at some four fifths of the speed of declared columns, texts at half of it or less.
fixtures/analyses/fees-by-weekday.ts has both, with its result beside it.
`;
