// The dashboard presents an analysis that the program does not have by what the run tells of it.
import fc from 'fast-check';
import {afterEach, expect, test} from 'vitest';
import type {AnalysisInfo} from '../../source/model/analysis-info.ts';
import {presentResult} from '../../source/store/present.ts';
import {displayWidth} from '../../source/text/width.ts';
import {cutLine, type Line} from '../../source/ui/look/line.ts';
import {createLook} from '../../source/ui/look/look.ts';
import {buildFiguresLine} from '../../source/ui/views/figures-line.ts';
import {buildResult} from '../../source/ui/views/result-lines.ts';
import {anyInfo, anyResult, visits, visitsResult} from '../helpers/made-up-analysis.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {ACTING} from '../report/sample-report.ts';
import {MEGABYTE, SampleRun} from './sample-run.ts';
import {leaveAll, show} from './show.ts';

afterEach(leaveAll);

function visitsRun(): SampleRun {
	const run = new SampleRun();
	const files = ['january.csv', 'march.csv'];
	run.start(files, 100 * MEGABYTE, [visits]);
	for (const file of files) {
		run.run(file);
		run.elapsedMs += 1000;
		run.complete(file, {analysis: 'visits', result: visitsResult, rejects: [], rejected_rows: 0});
	}
	const inspectRun = async () => ({visits: visitsResult});
	Object.assign(run.control, {inspectRun});
	return run;
}

const RESULT = ` VISITS BY PAGE
   visits            12,345
   seconds           98,765.50
   from search       25.6 %
   visitors          about 4,321
   first page        (none)
   days              2024-01-01 to 2024-03-31
   longest           –

 PAGES                                                  SECONDS    SHARE   LAST SEEN
   /home         ███████████████████████████████████  90,000.25   91.1 %       today
   /evil\\x1b[2J  ███▍                                  8,765.25    8.9 %           –
   –                                                          –        –      (none)

 VISITS BY MONTH   highest 10,000 in 2024-01`;

const withoutEnds = (screen: string): string => screen.replaceAll(/ +$/gm, '');

test('in the details of a file', async () => {
	const {terminal, see} = show(visitsRun(), 100, 40);
	await see('FILE ▲');
	terminal.press('g\r');
	expect(withoutEnds(await see('VISITS BY MONTH'))).toContain('\n VISITS BY PAGE\n');
});

test('in the overview, and in the line under the list', async () => {
	const run = visitsRun();
	const {terminal, see} = show(run, 160, 50);
	expect(await see('/home')).toMatch(
		/ \/home █{12} 90\.0 k {4}\/evil\\x1b\[2J █\S* 8\.8 k .* 2024-01-01 to 2024-03-31/,
	);
	terminal.press('3');
	expect(await see('VISITS BY MONTH')).toContain(' VISITS BY PAGE   so far');
});

test('in the summary', async () => {
	const run = visitsRun();
	run.end({analyses: {visits: visitsResult}});
	const {see} = show(run, 84, 60);
	expect(withoutEnds(await see('VISITS BY MONTH'))).toContain(RESULT);
});

test('any views of any result fit the screen, figures are whole, and nothing acts on the terminal', () => {
	fc.assert(
		fc.property(
			anyInfo,
			anyResult,
			fc.integer({min: 40, max: 200}),
			fc.constantFrom('default', 'mono'),
			fc.boolean(),
			(info, result, columns, theme, ascii) => {
				const look = createLook({theme, ascii, colorLevel: 3});
				const lines = buildResult(info, result, columns, look);
				for (const line of [...lines, buildFiguresLine([info], {any: result}, columns, look)]) {
					expect(textOf(line)).not.toMatch(ACTING);
					expect(displayWidth(textOf(cutLine(line, columns, ascii)))).toBeLessThanOrEqual(columns);
				}
				// What is painted: a figure that is cut would be another one.
				const painted = lines.map(line => textOf(cutLine(line, columns, ascii))).join('');
				const digits = painted.replaceAll(/[ ,]/g, '');
				for (const figure of figuresOf(info, result)) expect(digits).toContain(figure.replaceAll(',', ''));
			},
		),
		{numRuns: randomCases(60)},
	);
});

const textOf = (line: Line): string => line.map(({text}) => text).join('');

/** The decimals of single figures and of the first rows of tables that are no charts. */
function figuresOf(info: Parameters<typeof presentResult>[0], result: object): string[] {
	const {figures, tables} = presentResult(info, result, text => text);
	const rows = tables
		.filter(({show, rowCount}) => show !== 'series' || rowCount === 1)
		.flatMap(({rowCount, valuesOf, values}) =>
			Array.from({length: rowCount}, (_, index) => valuesOf(index)).flatMap(row =>
				row.map((text, place) => ({format: values[place]?.format, text})),
			),
		);
	// Not the reason why there is none.
	return [...figures, ...rows]
		.filter(({format}) => format === 'decimal' || format === 'integer')
		.flatMap(({text}) => (text !== null && /^-?[\d,.]+$/.test(text) ? [text] : []));
}

test('bars and charts say that a table is cut, and a row has two names', () => {
	const cut: AnalysisInfo = {
		...visits,
		views: visits.views.map(view => {
			if (view.show === 'figures') return view;
			return view.show === 'series' ? {...view, limit: 2} : {...view, limit: 3, name: ['page_name', 'share']};
		}),
	};
	const textsOf = (ascii: boolean): string[] =>
		buildResult(cut, {...visitsResult}, 100, createLook({theme: 'mono', ascii, colorLevel: 0})).map(textOf);
	expect(textsOf(false).filter(text => text.endsWith('there may be more'))).toEqual([
		'     first 3, there may be more',
		'     first 2, there may be more',
	]);
	expect(textsOf(false).join('\n')).toContain('   /home · 0.911250');
	expect(textsOf(true).join('\n')).toContain('   /home . 0.911250');
});

test('a table of very many rows is as long as a screen needs, and moments that are very far apart stand side by side', () => {
	const look = createLook({theme: 'mono', ascii: false, colorLevel: 0});
	const pages = Array.from({length: 100_000}, (_, index) => ({page_name: String(index), seconds: '1'}));
	// Ten thousand years of days.
	const months = ['0001-01-01', '9999-12-31'].map(month => ({month, visits: 1}));
	const lines = buildResult(visits, {pages, months}, 100, look);
	expect(lines.length).toBeLessThan(1100);
	expect(lines.map(textOf)).toContain('     + at least 99,000 more');
	expect(lines.map(textOf).at(-2)).toBe(`   ${'█'.repeat(16)}`);
});
