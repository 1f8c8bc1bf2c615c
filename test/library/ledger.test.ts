// Runs that the library saves, and what it tells of them later.
import {rmSync, writeFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {LedgerError, openLedger, processBatch, type RunEvent} from '../../source/index.ts';
import {transactions, WITHOUT_AMOUNT} from '../helpers/command.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

test('a run that is saved is listed, and its report and events are those of the run', async () => {
	const folder = createTemporaryFolder();
	folder.write('data/one.csv', transactions(50));
	folder.write('data/bad.csv', WITHOUT_AMOUNT);
	const ledger = folder.at('ledger.db');
	const events: RunEvent[] = [];
	const options = {analysis: 'transactions', ledger, onEvent: (event: RunEvent) => events.push(event)};
	const report = await processBatch([folder.at('data')], options);
	const opened = openLedger(ledger);
	const [run, ...others] = opened.runs({search: 'missing_column'});
	expect(others).toEqual([]);
	expect(run).toMatchObject({paths: [folder.at('data')], status: 'completed', totals: report.totals});
	const id = run?.id ?? expect.fail();
	expect(opened.report(id)).toEqual(report);
	// Of a file that takes its time some progress is kept, and of others none.
	const typesOf = (told: Iterable<RunEvent>) =>
		Array.from(told, ({type}) => type).filter(type => type !== 'file-progressed');
	expect(typesOf(opened.events(id))).toEqual(typesOf(events));
	expect(opened.report('20200101-000000-abcdef')).toBeNull();
	opened.close();
	expect(() => opened.runs()).toThrow(LedgerError);
});

test('files of saved runs are read again, and those that have changed are told', async () => {
	const folder = createTemporaryFolder();
	const ledger = folder.at('ledger.db');
	for (const name of ['one', 'two', 'three']) folder.write(`data/${name}.csv`, transactions(20));
	await processBatch([folder.at('data')], {ledger});
	writeFileSync(folder.at('data/two.csv'), transactions(20).replace('T3,', 'T9,'));
	rmSync(folder.at('data/three.csv'));
	const opened = openLedger(ledger);
	const verdictsOf = async (paths?: readonly string[]): Promise<Record<string, string>> =>
		Object.fromEntries((await opened.verify({paths})).map(({file, verdict}) => [file.split('/').at(-1), verdict]));
	expect(await verdictsOf()).toEqual({'one.csv': 'matched', 'two.csv': 'changed', 'three.csv': 'missing'});
	expect(await verdictsOf([folder.at('data/one.csv')])).toEqual({'one.csv': 'matched'});
	await expect(opened.verify({signal: AbortSignal.abort(new Error('enough'))})).rejects.toThrow('enough');
	await expect(opened.verify({run: '20200101-000000-abcdef'})).rejects.toThrow(LedgerError);
	opened.close();
});

test('a ledger that cannot be written costs nothing but itself: the error has the report', async () => {
	const folder = createTemporaryFolder();
	folder.write('data/one.csv', transactions(50));
	folder.write('notes.md', 'dear diary\n');
	const ledger = folder.at('notes.md');
	const error = await processBatch([folder.at('data')], {ledger}).catch((reason: unknown) => reason);
	if (!(error instanceof LedgerError)) expect.fail(String(error));
	expect(error.message).toBe(`The ledger ${ledger} cannot be used: it is something else: name another file.`);
	expect(error.report).toMatchObject({status: 'completed', totals: {rows: 50}});
	expect(() => openLedger(ledger)).toThrow('it is something else');
});

test('errors of what is read on the way say which ledger, as all others do', async () => {
	const folder = createTemporaryFolder();
	folder.write('data/one.csv', transactions(5));
	const path = folder.at('ledger.db');
	await processBatch([folder.at('data')], {ledger: path});
	const opened = openLedger(path);
	const unknown = opened.files('20200101-000000-abcdef');
	expect(() => [...unknown]).toThrow('There is no run 20200101-000000-abcdef in the ledger.');
	const files = opened.files();
	opened.close();
	expect(() => [...files]).toThrow(`The ledger ${path} cannot be used: `);
});

test.each([
	'transactions',
	{allOf: ['transactions', 'profile']},
])('rejects are found by their reason: %j', async analysis => {
	const folder = createTemporaryFolder();
	folder.write('data/one.csv', `${transactions(3)}T,C,oops,2024-01-01,food\n`);
	folder.write('data/two.csv', transactions(3));
	const path = folder.at('ledger.db');
	await processBatch([folder.at('data')], {ledger: path, analysis});
	const ledger = openLedger(path);
	const count = (search: string): number => ledger.runs({search}).length;
	expect(['reason:not-a-number', 'reason:NUMBER one', '!reason:missing'].map(count)).toEqual([1, 1, 1]);
	expect(['reason:not-a-date', 'reason:number two', '!reason:not-a-number'].map(count)).toEqual([0, 0, 0]);
	ledger.close();
});
