// Accounts for what a server has, by its ledger and its folders alone: nothing of the product is asked.
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import type {KillsOutcome} from './served-kills.ts';

type Row = Readonly<Record<string, unknown>>;

/** What is not as clients were told. */
export function faultsOfServer(dataFolder: string, {jobs, events, notices}: KillsOutcome): readonly string[] {
	const database = new DatabaseSync(join(dataFolder, 'ledger.db'), {readOnly: true});
	const all = (sql: string): readonly Row[] => database.prepare(sql).all();
	const faults: string[] = [];
	const integrity = all('PRAGMA integrity_check').map(row => Object.values(row)[0]);
	if (integrity.join() !== 'ok') faults.push(`The ledger is damaged: ${integrity.join()}`);

	const files = all(`SELECT id, lower(hex(sha256)) AS sha256 FROM datasets WHERE state = 'stored'`);
	const stored = new Set(readdirSync(join(dataFolder, 'files')));
	for (const {id, sha256} of files) {
		const name = String(id);
		if (!stored.delete(name)) faults.push(`${name} has no file`);
		else if (hashOf(readFileSync(join(dataFolder, 'files', name))) !== sha256) faults.push(`${name} has other bytes`);
	}
	for (const name of stored) faults.push(`Nobody knows the file ${name}`);
	const open = new Set(all('SELECT id FROM uploads WHERE dataset IS NULL').map(({id}) => id));
	for (const name of readdirSync(join(dataFolder, 'incoming')))
		if (!open.has(name)) faults.push(`Nobody sends ${name} any more`);

	const tasks = all(
		'SELECT tasks.id, datasets.id AS file, tasks.state, attempts FROM tasks JOIN datasets ON datasets.number = dataset',
	);
	for (const {name, file, task, sha256, sends} of jobs) {
		const copies = files.filter(each => each.sha256 === sha256);
		if (!copies.some(({id}) => id === file)) faults.push(`${name} was stored as ${file}, which is not there`);
		if (copies.length > Math.max(1, sends))
			faults.push(`${name} is there ${copies.length} times, and was sent ${sends} times`);
		const own = tasks.filter(each => each.file === file);
		if (own.length !== 1 || own[0]?.id !== task || own[0]?.state !== 'COMPLETED')
			faults.push(`${name}: expected one task ${task}, completed, but found ${JSON.stringify(own)}`);
	}
	for (const {id} of tasks) {
		const count = notices.get(String(id))?.size ?? 0;
		if (count !== 1) faults.push(`${id} gave ${count} notices`);
	}
	if (notices.size !== tasks.length)
		faults.push(`Notices came of ${notices.size} tasks, and there are ${tasks.length}`);
	if (tasks.length !== jobs.length) faults.push(`There are ${tasks.length} tasks, and ${jobs.length} were asked for`);
	if (all('SELECT 1 FROM task_checkpoints').length > 0) faults.push('Checkpoints are left of tasks that have ended');

	const lines = all('SELECT number, task, line FROM server_events ORDER BY number');
	const numbers = lines.map(({number}) => Number(number));
	if (numbers.join() !== events.join()) faults.push(`${numbers.length} events happened, and ${events.length} were had`);
	for (const {id, attempts} of tasks) {
		const types = lines
			.filter(({task}) => task === id)
			.map(({line}) => (JSON.parse(String(line)) as {type: string}).type);
		const count = (type: string): number => types.filter(each => each === type).length;
		const isRight = types[0] === 'task-queued' && types.at(-1) === 'run-completed' && count('run-completed') === 1;
		if (!isRight || count('run-started') !== attempts || count('file-completed') !== 1)
			faults.push(`${id} with ${attempts} attempts: ${types.join()}`);
	}
	database.close();
	return faults;
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
