// What distinguishes a file, or an error, from others is visible: it is cut last.
import {afterEach, expect, test} from 'vitest';
import type {ErrorReport} from '../../source/model/report.ts';
import {describeError} from '../../source/report/summary.ts';
import {createLook} from '../../source/ui/look/look.ts';
import {buildDetails} from '../../source/ui/views/detail-lines.ts';
import {briefError} from '../../source/ui/views/file-status.ts';
import {buildHeader} from '../../source/ui/views/header-lines.ts';
import {buildOverview} from '../../source/ui/views/overview-lines.ts';
import {SampleRun, sampleReport} from './sample-run.ts';
import {leaveAll, show} from './show.ts';

afterEach(leaveAll);

const MESSAGE =
	'The columns amount, date that the transactions analysis needs are missing. Did you mean "Amt" for amount? The header on line 1 has: "id", "Amt", "when", "what", "who"';

const errorOf = (code: string, message: string, line: number | null = null): ErrorReport => ({
	code,
	message,
	line,
	byte_offset: null,
});

/** Two failed files in a folder of their own and a good one beside it. */
function failedRun(): SampleRun {
	const run = new SampleRun();
	const folder = 'clients/acme-corporation/2024';
	const errors = new Map([
		[`${folder}/january/transactions_export.csv`, errorOf('MISSING_COLUMN', MESSAGE, 1)],
		[
			`${folder}/february/transactions_export.csv`,
			errorOf(
				'UNCLOSED_QUOTE',
				'A quote opened on line 48211 (byte 2940871) is still open at the end of the file',
				48_211,
			),
		],
	]);
	const good = `${folder}/march/transactions_export.csv`;
	run.start([...errors.keys(), good]);
	run.elapsedMs = 3000;
	for (const [file, error] of errors) {
		run.run(file);
		const report = sampleReport(file, {
			status: 'failed',
			analysis: null,
			result: null,
			rejects: [],
			rows: 0,
			rejected_rows: 0,
			error,
		});
		run.emit({type: 'file-failed', file, attempt: 1, report});
	}
	run.run(good);
	run.complete(good);
	return run;
}

test('a list has the first line of an error in our own code, without its stack', () => {
	const error = errorOf('INTERNAL_ERROR', 'TypeError: x is not a function\n    at read (/opt/fileproc/worker.js:1:2)');
	expect(briefError(error)).toBe('INTERNAL_ERROR TypeError: x is not a function');
	expect(describeError(error)).toBe('INTERNAL_ERROR TypeError: x is not a function');
	expect(briefError(errorOf('EIO', 'a\nb'))).toBe('EIO a\\nb');
});

test('details have the stack of an error in our own code, a line for each call', () => {
	const run = new SampleRun();
	const errors = new Map([
		[
			'own.csv',
			errorOf('INTERNAL_ERROR', 'TypeError: x\u001b[2J\n    at read (/opt/worker.js:1:2)\n    at /opt/main.js:3:4'),
		],
		['quoting.csv', errorOf('ANY', 'It has "a\nb"')],
	]);
	run.start([...errors.keys()]);
	for (const [file, error] of errors) {
		run.run(file);
		run.emit({type: 'file-failed', file, attempt: 1, report: sampleReport(file, {status: 'failed', error})});
	}
	const state = run.store.getSnapshot();
	const look = createLook({theme: 'mono', ascii: false, colorLevel: 0});
	const nothing = {analyses: [], inspection: null, readings: []};
	const [own, quoting] = state.files.map(file =>
		buildDetails(file, 80, {nowMs: 0, isRunPaused: false, look}, nothing).map(line =>
			line.map(({text}) => text).join(''),
		),
	);
	expect(own).toEqual(
		expect.arrayContaining([
			'      TypeError: x\\x1b[2J',
			'      at read (/opt/worker.js:1:2)',
			'      at /opt/main.js:3:4',
		]),
	);
	expect(quoting).toContain('      It has "a\\nb"');
	const overview = buildOverview({state, nowMs: 0, soFar: null, drift: null}, 100, look).map(line =>
		line.map(({text}) => text).join(''),
	);
	expect(overview).toContain('     TypeError: x\\x1b[2J');
});

test('a short error begins with its code, then the names of columns or the line', () => {
	expect(briefError(errorOf('MISSING_COLUMN', MESSAGE, 1))).toMatch(
		/^MISSING_COLUMN amount, date\. Did you mean "Amt"/,
	);
	const missing = (sentence: string): string => briefError(errorOf('MISSING_COLUMN', sentence, 1));
	expect(
		missing(
			'The columns amount, date that the transactions analysis needs are missing. The header on line 1 has: "a", "b"',
		),
	).toBe('MISSING_COLUMN amount, date; has "a", "b"');
	const all = 'All columns that the transactions analysis needs are missing: customer_id, amount, date, category.';
	expect(missing(`${all} The header on line 1 has: "a", "b"`)).toBe('MISSING_COLUMN all of transactions; has "a", "b"');
	expect(missing(`${all} The header on line 1 is one field, "a:b"`)).toBe(
		'MISSING_COLUMN all of transactions; has one field, "a:b"',
	);
	expect(missing(`${all} There are NUL bytes in the header`)).toBe(
		'MISSING_COLUMN all of transactions. There are NUL bytes in the header',
	);
	expect(
		missing('The header fits no analysis: transactions needs amount; sales needs sales. The header on line 1 has: "a"'),
	).toBe('MISSING_COLUMN fits no analysis; has "a"');
	expect(briefError(errorOf('UNCLOSED_QUOTE', 'A quote is open', 7))).toBe('UNCLOSED_QUOTE line 7: A quote is open');
	expect(briefError(errorOf('UNCLOSED_QUOTE', 'A quote opened on line 7 (byte 9) is open', 7))).toBe(
		'UNCLOSED_QUOTE line 7: A quote opened (byte 9) is open',
	);
	expect(briefError(errorOf('ENOENT', 'ENOENT in open: there is no such file'))).toBe(
		'ENOENT in open: there is no such file',
	);
	expect(briefError(errorOf('E\u{1b}[2J', 'a\nb'))).not.toMatch(/[\u{1b}\n]/u);
});

test('the list at 80 x 24 shows codes, names and places, the differing parts of paths, and their common folder once above', async () => {
	const {see} = show(failedRun(), 80, 24);
	const screen = await see('q quit');
	expect(screen).toMatch(/january\/tr.* ✖ failed {5}MISSING_COLUMN amount, date/);
	expect(screen).toMatch(/february\/.* ✖ failed {5}UNCLOSED_QUOTE line 48211/);
	expect(screen).toMatch(/march\/tran.* ✔ done/);
	const [head = '', ...rest] = screen.split('\n');
	expect(head).toContain('in …rporation/2024/');
	expect(rest.join('\n')).not.toContain('2024');
});

test.each([
	[['clients'], 'clients/acme-corporation/2024/'],
	[['.'], 'clients/acme-corporation/2024/'],
	[['clients/a.csv', 'clients/b.csv'], 'clients/acme-corporation/2024/'],
	[['clients/acme-corporation/2024'], 'clients/acme-corporation/2024 '],
	[['./clients/acme-corporation/2024/'], './clients/acme-corporation/2024/ '],
	[['clients/**/*.csv'], 'clients/**/*.csv  in clients/acme-corporation/2024/'],
])('the header names the common folder of %j once', (paths, shown) => {
	const state = {...failedRun().store.getSnapshot(), paths};
	const look = createLook({theme: 'mono', ascii: false, colorLevel: 0});
	const {beforeSpinner} = buildHeader(state, 3000, {title: paths.join(' '), connection: null}, 160, look);
	const text = beforeSpinner.map(part => part.text).join('');
	expect(text).toContain(`fileproc-tui  ${shown}`);
	expect(text.match(/acme-corporation/g)).toHaveLength(1);
});

test('on the final screen at 80 x 24 failures come before the figures, and their reasons are complete', async () => {
	const run = failedRun();
	run.end();
	const {see, terminal} = show(run, 80, 24);
	const screen = await see('finished in');
	expect(screen.indexOf('FAILED   2')).toBeGreaterThan(0);
	expect(screen).toMatch(
		/MISSING_COLUMN amount, date\. Did you mean "Amt" for amount\? The header on\n +line 1 has: "id", "Amt", "when", "what", "who"/,
	);
	expect(screen.replaceAll(/\s+/g, ' ')).toContain('is still open at the end of the file');
	terminal.press('\u{1b}');
	await see('FILE ▲');
	terminal.press('G');
	terminal.press('1kk\r');
	// The whole path is in the details.
	await see(/clients\/acme-corporation\/2024\/\w+\/transactions_export\.csv/);
});
