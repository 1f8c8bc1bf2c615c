// What the dashboard is told of past runs.
import {writeFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {createPastRuns} from '../../source/cli/outputs/past-runs.ts';
import {openLedger, processBatch, type RunEvent} from '../../source/index.ts';
import {saveRun} from '../../source/ledger/save-run.ts';
import type {PastRuns} from '../../source/model/past-runs.ts';
import {transactions, WITHOUT_AMOUNT} from '../helpers/command.ts';
import {createTemporaryFolder, workIn} from '../helpers/temporary-folder.ts';

const pastRunsOf = (ledger: string | null): PastRuns => createPastRuns({ledger, save: false}, () => null);

async function readAll(past: PastRuns, id: string, signal = new AbortController().signal): Promise<RunEvent[]> {
	const events: RunEvent[] = [];
	for await (const event of past.read(id, signal)) events.push(event);
	return events;
}

test('runs are found and read; one without an end gets it', async () => {
	const folder = createTemporaryFolder();
	const ledger = folder.at('ledger.db');
	for (const name of ['one', 'two']) folder.write(`data/${name}.csv`, transactions(20));
	const events: RunEvent[] = [];
	await processBatch([folder.at('data')], {ledger, onEvent: event => events.push(event)});
	const cut = saveRun(ledger, {}, {settingsDigest: null, isResumed: false});
	for (const event of events) if (event.type !== 'run-completed' && event.type !== 'file-completed') cut.handle(event);
	await cut.finish();
	const past = pastRunsOf(ledger);
	const {runs, hasMore} = await past.find('');
	expect(hasMore).toBe(false);
	expect(runs.map(({status}) => status)).toEqual(['running', 'completed']);
	const whole = await readAll(past, runs[1]?.id ?? '');
	expect(whole.at(-1)).toMatchObject({type: 'run-completed', status: 'completed', totals: {rows: 40}});
	expect((await readAll(past, cut.id)).slice(-3)).toMatchObject([
		{type: 'file-cancelled'},
		{type: 'file-cancelled'},
		{type: 'run-completed', status: 'cancelled', totals: {cancelled: 2}},
	]);
	await expect(readAll(past, cut.id, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
	await expect(past.find('since:x')).rejects.toThrow('After since: comes a day');
	expect(await past.drift(runs[1]?.id ?? '')).toBeNull();
	await past.close();
});

test('failed files are read again with the settings of their run, from wherever, and saved as a new run', async () => {
	const folder = createTemporaryFolder();
	const ledger = folder.at('ledger.db');
	folder.write('data/bad.csv', WITHOUT_AMOUNT);
	folder.writeBytesName(Buffer.from('data/odd \xff.csv', 'latin1'), WITHOUT_AMOUNT);
	const elsewhere = process.cwd();
	workIn(folder);
	const report = await processBatch(['data'], {ledger, analysis: 'transactions', retries: 0});
	process.chdir(elsewhere);
	const names = report.files.map(({file}) => file);
	expect(report.totals.failed).toBe(2);
	// One of them has been mended.
	writeFileSync(folder.at('data/bad.csv'), transactions(7));
	const past = pastRunsOf(ledger);
	const [run] = (await past.find('')).runs;
	const sentence = await past.readAgain(run?.id ?? '', names);
	expect(sentence).toMatch(/^Read again, as run \d{8}-\d{6}-[0-9a-f]{6}: /);
	expect(sentence.split(': ')[1]?.split(', ').sort()).toEqual(['1 completed', '1 failed (MISSING_COLUMN)']);
	const opened = openLedger(ledger);
	const [again] = opened.runs();
	expect(again).toMatchObject({status: 'completed', totals: {files: 2, completed: 1, failed: 1, rows: 7}});
	// A later run of the folder need not read it again.
	const {files} = await processBatch([folder.at('data')], {ledger, resume: true, analysis: 'transactions', retries: 0});
	expect(files.find(({status}) => status === 'completed')).toMatchObject({source: 'ledger', rows: 7});
	expect(again?.paths.toSorted()).toEqual([folder.at('data/bad.csv'), folder.at('data/odd \\xff.csv')]);
	opened.close();
	await expect(past.readAgain('unknown', names)).rejects.toThrow('removed from the ledger');
	await past.close();
});

test('without a ledger there is a sentence on what to do', async () => {
	const folder = createTemporaryFolder();
	const before = process.env.XDG_STATE_HOME;
	process.env.XDG_STATE_HOME = folder.at('state');
	try {
		await expect(pastRunsOf(null).find('')).rejects.toThrow('No ledger is at hand. Runs are kept by --save');
	} finally {
		if (before === undefined) delete process.env.XDG_STATE_HOME;
		else process.env.XDG_STATE_HOME = before;
	}
	await expect(pastRunsOf(folder.at('none.db')).find('')).rejects.toThrow('there is no such file or folder');
});
