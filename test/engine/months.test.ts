// Amounts by month of files that run or have completed, with real threads.
import {appendFileSync, renameSync, utimesSync} from 'node:fs';
import {gzipSync} from 'node:zlib';
import {expect, onTestFinished, test, vi} from 'vitest';
import {type BatchSettings, startBatch} from '../../source/engine/batch.ts';
import {createJob, type Job} from '../../source/engine/jobs/job.ts';
import {unfinishedReport} from '../../source/engine/jobs/reports.ts';
import {planFiles} from '../../source/engine/plan/plan-files.ts';
import {readOnDemandOf} from '../../source/engine/run/read-on-demand.ts';
import {ReadStates} from '../../source/engine/run/read-states.ts';
import type {Run} from '../../source/engine/run/run-options.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import {openSource} from '../../source/engine/worker/source/open-source.ts';
import type {RunEvent} from '../../source/model/events.ts';
import {askMonths, type MonthFigure, type MonthsSoFar} from '../helpers/months.ts';
import {monthsByOracle} from '../helpers/months-oracle.ts';
import {PATIENT} from '../helpers/patient.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {createTemporaryFolder, transactionsHeader, transactionsText} from '../helpers/temporary-folder.ts';

const never = new AbortController().signal;

/** Three years of amounts with up to three decimals, some of them rejected. */
const yearsText = (count: number): string =>
	transactionsHeader +
	Array.from({length: count}, (_, index) => {
		const month = String(1 + ((index * 5) % 12)).padStart(2, '0');
		const amount = index % 97 === 0 ? 'none' : `${index % 3 === 0 ? '-' : ''}${index}.${'125'.slice(0, index % 4)}`;
		return `t${index},c${index % 10},${amount},${2021 + (Math.floor(index / 12) % 3)}-${month}-15,food\n`;
	}).join('');

async function runOf(paths: readonly string[], settings: BatchSettings = {}): Promise<{run: Run; events: RunEvent[]}> {
	const events: RunEvent[] = [];
	const run = startBatch({plan: await planFiles(paths), paths, settings, onEvent: event => events.push(event)});
	onTestFinished(async () => {
		run.perform({type: 'stop'});
		await run.done;
	});
	return {run, events};
}

const untilTold = (events: readonly RunEvent[], type: RunEvent['type'], file: string): Promise<void> =>
	vi.waitFor(() => {
		expect(events.some(event => event.type === type && 'file' in event && event.file === file)).toBe(true);
	}, PATIENT);

test.each([
	{name: 'a small file', rows: 1000, isPacked: false},
	{name: 'a packed file', rows: 20_000, isPacked: true},
	{name: 'a file that is no small one', rows: 20_000, isPacked: false},
])('$name, when the run is over', async ({rows, isPacked}) => {
	const folder = createTemporaryFolder();
	const bytes = Buffer.from(yearsText(rows));
	const file = folder.write('a.csv', isPacked ? gzipSync(bytes) : bytes);
	const {run} = await runOf([file, folder.write('b.csv', transactionsText(3))], {threads: 2});
	await run.done;
	const months = await askMonths(run.onDemand, file, never);
	expect(months).toHaveLength(36);
	expect(months).toEqual(monthsByOracle(bytes));
	expect(await askMonths(run.onDemand, file, never), 'once more').toEqual(months);
});

test('a file of another analysis, where it has the columns', async () => {
	const folder = createTemporaryFolder();
	const dated = folder.write('a.csv', 'department,sales,amount,date\ntoys,9,1.50,2024-01-02\ntoys,9,2.25,2024-02-01\n');
	const undated = folder.write('b.csv', 'department,amount\ntoys,1.50\n');
	const {run, events} = await runOf([dated, undated], {threads: 1});
	await run.done;
	expect(events.at(-1)).toMatchObject({totals: {completed: 2}, analyses: {sales: {total_records: 3}}});
	expect(await askMonths(run.onDemand, dated, never)).toEqual([
		{month: '2024-01', amount: '1.50'},
		{month: '2024-02', amount: '2.25'},
	]);
	expect(await askMonths(run.onDemand, undated, never)).toBeNull();
});

test('while all threads are busy: of the file that runs, held or not, of one that has completed, and of no other', async () => {
	const folder = createTemporaryFolder();
	const [quickText, slowText] = [yearsText(100), yearsText(60_000)];
	const [quick, slow] = [folder.write('a.csv', quickText), folder.write('c.csv', slowText)];
	// Nearly the columns of transactions: a table of other ones would be profiled.
	const broken = folder.write('b.csv', 'customer_id,amount,date,categori\n');
	const waiting = folder.write('d.csv', quickText);
	const unwanted = folder.write('e.csv', quickText);
	// The slow one takes a minute.
	const settings = {concurrency: 1, threads: 1, simulateIoMs: 100};
	const {run, events} = await runOf([quick, broken, slow, waiting, unwanted], settings);
	run.perform({type: 'cancel-file', file: unwanted});
	await untilTold(events, 'file-progressed', slow);
	expect(await askMonths(run.onDemand, slow, never)).toEqual(monthsByOracle(Buffer.from(slowText)));
	run.perform({type: 'pause'});
	expect(await askMonths(run.onDemand, slow, never), 'held').toEqual(monthsByOracle(Buffer.from(slowText)));
	run.perform({type: 'resume'});
	run.perform({type: 'pause-file', file: slow});
	expect(await askMonths(run.onDemand, slow, never), 'held alone').toEqual(monthsByOracle(Buffer.from(slowText)));
	expect(await askMonths(run.onDemand, quick, never)).toEqual(monthsByOracle(Buffer.from(quickText)));
	for (const file of [broken, waiting, unwanted, 'nowhere.csv']) {
		expect(await askMonths(run.onDemand, file, never), file).toBeNull();
	}
	const isOver = ({type, ...event}: RunEvent): boolean =>
		type === 'run-completed' || (type === 'file-completed' && 'file' in event && event.file !== quick);
	expect(events.filter(isOver), 'all were served before any other file had completed').toEqual([]);
});

test('a file that is not what it was has no months', async () => {
	const folder = createTemporaryFolder();
	const [longer, touched] = [folder.write('a.csv', yearsText(100)), folder.write('b.csv', yearsText(100))];
	const {run} = await runOf([longer, touched]);
	await run.done;
	appendFileSync(longer, 't,c,1.00,2024-01-01,food\n');
	utimesSync(touched, 1, 1);
	expect(await askMonths(run.onDemand, longer, never)).toBeNull();
	expect(await askMonths(run.onDemand, touched, never)).toBeNull();
});

const settings: ReadSettings = {
	...readDefaults,
	chunkBytes: 4096,
	reader: 'kernel',
	// So that something is, on any machine.
	postsEachChunk: true,
};

const longText = yearsText(100_000);
const longMonths = monthsByOracle(Buffer.from(longText));

interface Look {
	readonly path: string;
	readonly job: Job;
	readonly told: MonthsSoFar[];
	readonly answer: Promise<readonly MonthFigure[] | null>;
}

const rules = {readSettings: settings, retries: 0, timeoutMs: 60_000};

/** Looks at a file that runs; `meanwhile` happens as soon as the first is told of it. */
function lookAt(text: string | Uint8Array, meanwhile: (job: Job, path: string) => void, signal = never): Look {
	const path = createTemporaryFolder().write('a.csv', text);
	const job = createJob({file: path}, {source: {kind: 'file', path}, bytesTotal: null}, rules);
	job.phase = 'running';
	job.attempts = 1;
	const told: MonthsSoFar[] = [];
	const answer = askMonths(
		readOnDemandOf(() => job, new ReadStates()),
		path,
		signal,
		soFar => {
			told.push(soFar);
			if (told.length === 1) meanwhile(job, path);
		},
	);
	return {path, job, told, answer};
}

function complete(job: Job, path: string): void {
	const source = openSource({kind: 'file', path});
	job.readState = source.identity;
	source.close();
	job.phase = 'ended';
	job.report = {...unfinishedReport({file: path, attempts: 1, elapsedMs: 1}, 'failed', 0, null), status: 'completed'};
}

const nothing = (): void => {};

test.each([
	{name: 'a plain file', bytes: Buffer.from(longText)},
	{name: 'a packed file', bytes: gzipSync(longText)},
])('what is told of $name meanwhile grows, and ends in the whole', async ({bytes}) => {
	const {told, answer} = lookAt(bytes, nothing);
	expect(await answer).toEqual(longMonths);
	expect(told.length).toBeGreaterThan(1);
	const places = told.map(({bytesRead}) => bytesRead);
	expect(places).toEqual(places.toSorted((left, right) => left - right));
	expect(places.at(-1)).toBeLessThanOrEqual(bytes.length);
	expect(new Set(told.map(({bytesTotal}) => bytesTotal))).toEqual(new Set([bytes.length]));
	expect(told.at(-1)?.months).toHaveLength(36);
});

test('what is told of a part is what its records come to', async () => {
	const {told, answer} = lookAt(longText, nothing);
	await answer;
	const [first] = told;
	expect(first?.months).toEqual(monthsByOracle(Buffer.from(longText).subarray(0, first?.bytesRead)));
});

test('who leaves gets no answer, and is told of nothing any more', async () => {
	const leaving = new AbortController();
	const {told, answer} = lookAt(longText, () => leaving.abort(), leaving.signal);
	expect(await answer).toBeNull();
	// What was on its way has come by now.
	await lookAt(longText, nothing).answer;
	expect(told.length).toBe(1);
	const {told: toldLater, answer: laterAnswer} = lookAt(longText, nothing, leaving.signal);
	expect(await laterAnswer).toBeNull();
	expect(toldLater).toEqual([]);
});

test('a file that is written to while it is read has no months', async () => {
	// Long enough that it is written to before the reading is over.
	const text = longText + longText.slice(transactionsHeader.length).repeat(3);
	const grown = lookAt(text, (_, path) => appendFileSync(path, 't,c,1.00,2024-01-01,food\n'));
	expect(await grown.answer).toBeNull();
	const replaced = lookAt(text, (_, path) => {
		renameSync(createTemporaryFolder().write('b.csv', yearsText(10)), path);
	});
	expect(await replaced.answer).toBeNull();
});

test('a file that completes while it is read keeps its months, unless its report is of another version', async () => {
	const same = lookAt(longText, complete);
	expect(await same.answer).toEqual(longMonths);
	expect(same.told.length).toBeGreaterThan(1);
	const other = lookAt(longText, (job, path) => {
		complete(job, path);
		job.readState = 'another one';
	});
	expect(await other.answer).toBeNull();
	expect(other.told.length).toBe(1);
});

test('an attempt that ends otherwise takes the reading with it', async () => {
	const ends: ReadonlyArray<(job: Job) => void> = [
		job => {
			job.phase = 'waiting';
		},
		job => {
			job.phase = 'ended';
			job.report = unfinishedReport({file: job.file, attempts: 1, elapsedMs: 1}, 'cancelled', 0, null);
		},
		job => {
			job.attempts++;
		},
	];
	for (const end of ends) {
		const {told, answer} = lookAt(longText, end);
		expect(await answer).toBeNull();
		expect(told.length).toBe(1);
	}
});

test('standard input is not read a second time', async () => {
	const job = createJob({file: '-'}, {source: {kind: 'standard-input'}, bytesTotal: null}, rules);
	job.phase = 'running';
	expect(
		await askMonths(
			readOnDemandOf(() => job, new ReadStates()),
			'-',
			never,
		),
	).toBeNull();
});
