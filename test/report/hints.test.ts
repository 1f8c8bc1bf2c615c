// What the rejected records of a file have in common is shown wherever people see the run, and in the JSON report only if
// there is something.
import {expect, test} from 'vitest';
import {processBatch} from '../../source/index.ts';
import {toJson} from '../../source/report/json.ts';
import {markdownChunks} from '../../source/report/markdown.ts';
import {createPlainPrinter} from '../../source/report/plain.ts';
import {summaryLines} from '../../source/report/summary.ts';
import {createTemporaryFolder, transactionsHeader} from '../helpers/temporary-folder.ts';
import {analyses} from './sample-report.ts';

const hint =
	'Numbers have a decimal comma, as in "12,50", and others of their column do not: write all of them in one way, or say with --decimal which ones count.';
const good = 't1,c1,10.50,2024-01-03,food\n';
const bad = 't1,c1,"12,50",2024-01-03,food\n';

async function linesOf(text: string) {
	const path = createTemporaryFolder().write('a.csv', transactionsHeader + text);
	const plain: string[] = [];
	const printer = createPlainPrinter({write: line => plain.push(line), columns: 200});
	const report = await processBatch([path], {onEvent: printer.handle});
	return {
		report,
		plain,
		json: toJson(report),
		markdown: [...markdownChunks(report, analyses)].join(''),
		summary: summaryLines(report, analyses, {columns: 200}),
	};
}

test('a file has its hint everywhere, once in each place', async () => {
	const {report, plain, json, markdown, summary} = await linesOf(good.repeat(9) + bad);
	expect(report.files[0]?.hint).toBe(hint);
	expect(JSON.parse(json).files[0].hint).toBe(hint);
	expect(markdown).toContain('a decimal comma, as in "12,50"');
	expect(summary.filter(line => line.includes(hint))).toHaveLength(1);
	// When it ends, and in the summary at the end.
	expect(plain.filter(line => line.includes(hint))).toHaveLength(2);
});

test('a file without one has no key for it', async () => {
	const {report, json} = await linesOf(`${good}t1,c1,oops,2024-01-03,food\n`);
	expect(Object.keys(report.files[0] ?? {})).not.toContain('hint');
	expect(json).not.toContain('hint');
});

test('a file that fails because of a bad record has the hint with its error', async () => {
	const path = createTemporaryFolder().write('a.csv', transactionsHeader + good + bad);
	for (const maxErrors of [1, '50%'] as const) {
		const {files} = await processBatch([path], {maxErrors});
		expect(files[0]?.error?.message).toContain(hint);
	}
});
