// The list of past runs and a past run that is opened, in whole screens. The ledger is one in memory.
import {afterEach, expect, test} from 'vitest';
import type {RunEvent} from '../../source/model/events.ts';
import type {LedgerRun, PastRuns} from '../../source/model/past-runs.ts';
import {KEY} from '../helpers/virtual-terminal.ts';
import {SampleRun, sampleRun} from './sample-run.ts';
import {leaveAll, type Shown, show} from './show.ts';

afterEach(leaveAll);

const OLD = '20251230-080000-aaaaaa';
const FAILING = '20251231-080000-bbbbbb';
const PRESENT = '20260101-000000-cccccc';

/** Two files, of which the second one failed. */
function pastEvents(): RunEvent[] {
	const events: RunEvent[] = [];
	const run = new SampleRun(event => events.push(event));
	const files = ['old/good.csv', 'old/bad.csv'];
	run.start(files);
	for (const file of files) run.run(file);
	run.elapsedMs = 3000;
	run.complete('old/good.csv');
	run.fail('old/bad.csv', 'A quote is never closed', 4);
	run.end();
	return events;
}

const totals = {
	files: 2,
	completed: 1,
	failed: 1,
	cancelled: 0,
	skipped: 0,
	bytes: 2e8,
	rows: 1_300_000,
	rejected_rows: 2,
};

const listed = (id: string, changes: Partial<LedgerRun> = {}): LedgerRun => ({
	...{
		id,
		started_at: '2025-12-31T08:00:00.000Z',
		folder: process.cwd(),
		paths: ['./old'],
		status: 'completed',
		elapsed: 3,
	},
	totals: {...totals, processing_time: 3},
	...changes,
});

interface Ledger extends PastRuns {
	/** What was read again. */
	readonly asked: string[];
	/** Ends reading again. */
	finish: (sentence: string) => void;
}

function createLedger(): Ledger {
	const runs = [
		listed(PRESENT, {started_at: '2026-01-01T00:00:00.000Z', status: 'running', paths: ['./data']}),
		listed(FAILING),
		listed(OLD, {
			...{started_at: '2025-12-30T08:00:00.000Z', status: 'interrupted', paths: ['./old\u{1b}', '/srv/exports']},
			totals: {...totals, failed: 0, processing_time: 3},
		}),
	];
	const asked: string[] = [];
	const ledger: Ledger = {
		asked,
		finish() {},
		currentId: () => PRESENT,
		async find(search) {
			if (search.startsWith('since:x')) throw new Error('After since: comes a day');
			return {runs: runs.filter(({paths}) => paths.join(' ').includes(search)), hasMore: search === 'srv'};
		},
		async *read(id) {
			asked.push(`read ${id}`);
			yield* pastEvents();
		},
		drift: async () => null,
		readAgain(id, files) {
			asked.push(`again ${id} ${files.join(' ')}`);
			return new Promise(resolve => {
				ledger.finish = resolve;
			});
		},
		reportCommand: id => `fileproc-tui history ${id} --json > report.json`,
		close: async () => {},
	};
	return ledger;
}

async function openList(columns = 80, rows = 24, look = {}): Promise<Shown & {ledger: Ledger; run: SampleRun}> {
	const [run, ledger] = [sampleRun(), createLedger()];
	const shown = show(run, columns, rows, look, {pastRuns: ledger});
	await shown.see('q quit');
	shown.terminal.press('5');
	await shown.see('STARTED');
	return {...shown, ledger, run};
}

const body = (screen: string): string => screen.split('\n').slice(3).join('\n');

test('the list on 80 x 24 in 16 colours', async () => {
	const {see} = await openList(80, 24, {colorLevel: 1});
	expect(body(await see('this run'))).toMatchInlineSnapshot(`
		"────────────────────────────────────────────────────────────────────────────────
		   STARTED (UTC)     STATUS       FILES  FAILED   ROWS   TIME  PATHS
		 ▸ 2026-01-01 00:00  this run         2       1  1.3 M  3.0 s  ./data
		   2025-12-31 08:00  completed        2       1  1.3 M  3.0 s  ./old
		   2025-12-30 08:00  interrupted      2       0  1.3 M  3.0 s  …1b /srv/exports














		────────────────────────────────────────────────────────────────────────────────
		 ↑↓ move  ⏎ open  Esc back  / find  p pause  ? help  q quit"
	`);
});

test('the list in ASCII, and on 40 x 10, where less is told of each', async () => {
	const {see} = await openList(80, 24, {ascii: true});
	expect(await see('this run')).not.toMatch(/[^\n -~]/);
	await leaveAll();
	const narrow = await openList(40, 10);
	expect(body(await narrow.see('STARTED'))).toMatchInlineSnapshot(`
		"   STARTED (UTC)     FAILED  PATHS
		 ▸ 2026-01-01 00:00       1  ./data
		   2025-12-31 08:00       1  ./old
		   2025-12-30 08:00       0  …v/exports


		 ⏎ open  Esc back  ? help  q quit"
	`);
});

test('a run is opened in the views of any run, and Esc leads back to the list and to the present one', async () => {
	const {terminal, see, seeNo, ledger} = await openList();
	terminal.press(`${KEY.down}${KEY.enter}`);
	const summary = await see(`past ${FAILING}`);
	expect(summary).toContain('finished in 3.0 s');
	expect(summary).toMatch(/FAILED {3}1\n/);
	expect(summary).toContain('Esc past runs');
	terminal.press('1');
	expect(await see('q quit')).toContain('good.csv');
	terminal.press('3');
	await see('THROUGHPUT');
	terminal.press('4');
	await see('UNCLOSED_QUOTE');
	terminal.press('1');
	await see('good.csv');
	terminal.press(`${KEY.home}${KEY.enter}`);
	await see('CATEGORIES');
	terminal.press(KEY.escape);
	await seeNo('CATEGORIES');
	terminal.press(KEY.escape);
	await see('Esc past runs');
	terminal.press(KEY.escape);
	expect(await see('STARTED')).toMatch(/▸ 2025-12-31 08:00/);
	terminal.press(KEY.escape);
	expect(await see('▸ transactions_005.csv')).toContain('./data');
	expect(ledger.asked).toEqual([`read ${FAILING}`]);
});

test('the run on the screen is not read: Enter goes back to it', async () => {
	const {terminal, see, ledger} = await openList();
	terminal.press(KEY.enter);
	await see('▸ transactions_005.csv');
	expect(ledger.asked).toEqual([]);
});

test('what the present run does behind a past one is there when it is left; q asks about it, not about the past one', async () => {
	const {terminal, see, run} = await openList();
	terminal.press(`${KEY.down}${KEY.enter}`);
	await see(`past ${FAILING}`);
	terminal.press('q');
	await see('Stop the run and leave? (3 running, 5 waiting)');
	terminal.press('n');
	await see('Esc past runs');
	run.complete('data/transactions_005.csv');
	run.end();
	terminal.press(KEY.escape);
	await see('STARTED');
	terminal.press(KEY.escape);
	expect(await see('of 12 completed')).toContain('finished in 5.0 s');
	expect(run.requests).toEqual([]);
});

test('a search finds runs as it is typed, says what it does not understand, and Esc takes it away', async () => {
	const {terminal, see, seeNo} = await openList();
	terminal.press('/');
	terminal.press('srv');
	await see('There are older ones; a search finds them.');
	await seeNo('this run');
	terminal.press(KEY.enter);
	expect(await see('Esc all runs')).toContain('/srv');
	terminal.press(KEY.escape);
	await see('this run');
	terminal.press('/since:x');
	expect(await see('After since: comes a day')).toContain('this run');
	terminal.press(KEY.escape);
	await seeNo('After since');
	terminal.press('/nothing');
	await see('No past run fits.');
});

test('failed files of a past run are read again as a new run, and what came of it is said', async () => {
	const {terminal, see, run, ledger} = await openList();
	terminal.press(`${KEY.down}${KEY.enter}`);
	await see(`past ${FAILING}`);
	terminal.press('r');
	await see('Read 1 failed file again, as a new run?');
	terminal.press('y');
	await see('Reading 1 file again, as a new run');
	ledger.finish('Read again, as run 20260101-000100-dddddd: 1 completed');
	await see('as run 20260101-000100-dddddd: 1 completed');
	terminal.press('1');
	await see('bad.csv');
	terminal.press(`${KEY.end}r`);
	await see('Reading old/bad.csv again, as a new run');
	expect(ledger.asked.slice(1)).toEqual([`again ${FAILING} old/bad.csv`, `again ${FAILING} old/bad.csv`]);
	expect(run.requests).toEqual([]);
	terminal.press('e');
	await see(`Its report: fileproc-tui history ${FAILING} --json > report.json`);
});

test('without a ledger the view says what to do', async () => {
	const {terminal, see} = show(sampleRun(), 80, 24);
	await see('q quit');
	terminal.press('5');
	await see('runs are kept by --save or --ledger <file>');
	terminal.press(KEY.escape);
	await see('▸ transactions_005.csv');
});

test('a run that cannot be read is told, and the list stays', async () => {
	const ledger = createLedger();
	const broken: PastRuns = {
		...ledger,
		async *read(id, signal) {
			yield* ledger.read(id, signal);
			throw new Error('The ledger ledger.db cannot be used: it is damaged');
		},
	};
	const {terminal, see} = show(sampleRun(), 80, 24, {}, {pastRuns: broken});
	await see('q quit');
	terminal.press('5');
	await see('STARTED');
	terminal.press(`${KEY.down}${KEY.enter}`);
	expect(await see('it is damaged')).toContain('this run');
});
