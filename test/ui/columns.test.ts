// The columns of a table as a list: sorted by any figure, opened one at a time, of a file and of the run.
import fc from 'fast-check';
import {afterEach, expect, test} from 'vitest';
import {describeAnalyses} from '../../source/analysis/registry.ts';
import type {ResultObject} from '../../source/model/analysis-info.ts';
import type {AnalysisResults} from '../../source/model/results.ts';
import {joinColumnTables, sortColumns} from '../../source/store/column-table.ts';
import {presentResult} from '../../source/store/present.ts';
import {safe} from '../../source/text/safe.ts';
import {displayWidth} from '../../source/text/width.ts';
import {textOf} from '../../source/ui/look/line.ts';
import {createLook} from '../../source/ui/look/look.ts';
import {buildColumn, listColumns} from '../../source/ui/views/column-lines.ts';
import {anyInfo, anyResult} from '../helpers/made-up-analysis.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {KEY} from '../helpers/virtual-terminal.ts';
import {SampleRun} from './sample-run.ts';
import {leaveAll, show} from './show.ts';

afterEach(leaveAll);

const column = (name: string, nullShare: string, distinct: number, more: ResultObject = {}): ResultObject => ({
	name,
	type: 'text',
	null_share: nullShare,
	distinct: {value: distinct, exact: distinct < 1000},
	top: [{value: `${name} 1`, count: 7, exact: true}],
	...more,
});

const profileResult: ResultObject = {
	rows: 12,
	columns: [
		column('city', '0.250000', 9),
		column('amount', '0.000000', 12_345, {type: 'decimal', sum: '1234.50', quantiles: {p50: '2.50', exact: false}}),
		column('note', '1.000000', 0, {type: null, top: []}),
	],
};
const qualityResult: ResultObject = {
	rows: 12,
	score: '90.00',
	columns: [
		{name: 'city', missing: 3, blanks: 0},
		{name: 'amount', missing: 0, blanks: 2},
		{name: 'note', missing: 12, blanks: 0},
	],
};

function completedRun(): SampleRun {
	const run = new SampleRun();
	run.start(['a.csv', 'b.csv'], 100, describeAnalyses(['profile', 'quality']));
	for (const file of ['a.csv', 'b.csv']) {
		run.run(file);
		const report = {rows: 12, rejected_rows: 0, rejects: []};
		run.complete(file, {
			analysis: null,
			result: null,
			results: {profile: {...report, result: profileResult}, quality: {...report, result: qualityResult}},
		});
	}
	return run;
}

const namesIn = (screen: string): string[] =>
	Array.from(screen.matchAll(/^ [ ▸] (city|amount|note) /gm), ([, name = '']) => name);

test('the columns of a file are sorted by each figure in turn, and Enter shows all that is known of one', async () => {
	const {terminal, see} = show(completedRun(), 120, 30);
	await see('FILE ▲');
	terminal.press('g\r');
	await see('PROFILE OF COLUMNS');
	terminal.press('c');
	expect(namesIn(await see('COLUMN ▲'))).toEqual(['city', 'amount', 'note']);
	terminal.press('ss');
	expect(namesIn(await see('NULLS ▼'))).toEqual(['note', 'city', 'amount']);
	terminal.press('S');
	expect(namesIn(await see('NULLS ▲'))).toEqual(['amount', 'city', 'note']);
	terminal.press('Gkk\r');
	const screen = await see('quantiles');
	expect(screen).toMatch(/ amount\s*$/m);
	expect(screen).toMatch(/distinct +about 12,345/);
	expect(screen).toMatch(/sum +1,234\.50/);
	expect(screen).toMatch(/quantiles p50 +about 2\.50/);
	expect(screen).toMatch(/blanks +2/);
	expect(screen).toMatch(/amount 1 .* 7/);
	terminal.press(KEY.escape);
	await see('NULLS ▲');
	terminal.press(KEY.escape);
	await see('PROFILE OF COLUMNS');
});

test('the cursor stays on its column when the order changes', async () => {
	const {terminal, see} = show(completedRun(), 120, 30);
	await see('FILE ▲');
	terminal.press('g\rc');
	await see('▸ city');
	terminal.press('jss');
	await see('▸ amount');
	expect(namesIn(await see('NULLS ▼'))).toEqual(['note', 'city', 'amount']);
});

test('the columns of all files are listed from the overview', async () => {
	const run = completedRun();
	run.end({analyses: {profile: profileResult, quality: qualityResult} as unknown as AnalysisResults});
	const {terminal, see} = show(run, 120, 30);
	await see('finished in');
	terminal.press('3');
	await see('THROUGHPUT');
	terminal.press('c');
	await see('▸ city');
	terminal.press(KEY.escape);
	await see('THROUGHPUT');
});

test('where nothing is known of columns, it is said', async () => {
	const run = new SampleRun();
	run.start(['a.csv']);
	run.run('a.csv');
	run.complete('a.csv');
	const {terminal, see} = show(run, 80, 24);
	await see('FILE ▲');
	terminal.press('g\rc');
	await see('Nothing is known of columns');
	terminal.press(`js\r${KEY.escape}`);
	await see('TRANSACTIONS');
});

test('any columns are listed in every order, each once and those without the figure last, and fit the screen', () => {
	fc.assert(
		fc.property(
			fc.array(fc.tuple(anyInfo, anyResult), {maxLength: 2}),
			fc.integer({min: 40, max: 160}),
			fc.boolean(),
			(results, columns, isDescending) => {
				const tables = results.flatMap(([info, result]) => presentResult(info, result, safe).tables);
				const table = joinColumnTables(tables);
				if (table === null) return;
				const look = createLook({theme: 'mono', colorLevel: 0, ascii: false});
				for (const sortedBy of [null, ...table.values.keys()]) {
					const order = sortColumns(table, sortedBy, isDescending);
					expect(order.toSorted((one, other) => one - other)).toEqual([...order.keys()]);
					const ranks = order.map(index => (sortedBy === null ? 0 : table.rankOf(index, sortedBy)));
					expect(ranks.slice(ranks.indexOf(null)).every(rank => rank === null) || !ranks.includes(null)).toBe(true);
					const {lines} = listColumns(table, {sortedBy, isDescending}, columns, look);
					for (const line of lines) {
						expect(displayWidth(textOf(line))).toBeLessThanOrEqual(columns);
						expect(textOf(line)).not.toMatch(/\p{Cc}/u);
					}
				}
				for (const line of buildColumn(table, 0, columns, look)) expect(textOf(line)).not.toMatch(/\p{Cc}/u);
			},
		),
		{numRuns: randomCases(50)},
	);
});
