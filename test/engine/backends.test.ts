// The backends that there are, held against the contract: threads, and the fake that the tests of runs use instead.
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll} from 'vitest';
import type {JobBackend, WorkerTask} from '../../source/engine/backend/job-backend.ts';
import {createWorkerPool} from '../../source/engine/pool/worker-pool.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import {FakeGroupPool} from '../helpers/fake-group-pool.ts';
import {FakePool, type ScriptedTask} from '../helpers/fake-pool.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {transactionsText} from '../helpers/temporary-folder.ts';
import {type FileKind, type OpenedBackend, testConformance} from './backend-conformance.ts';

const settings: ReadSettings = readDefaults;

const rowsOf = {quick: 10, brief: 600, slow: 60_000, long: 200_000} as const;

const folder = mkdtempSync(join(tmpdir(), 'fileproc-backends-'));
const pool = createWorkerPool({threads: 2, onLog() {}});
afterAll(async () => {
	await pool.close();
	rmSync(folder, {recursive: true});
});

/** Runs of the same threads: whatever became of those of an earlier run. */
function openThreads(): OpenedBackend {
	const backend = pool.client({filesInFlight: 2});
	const taskOf = (kind: FileKind): WorkerTask => {
		const path = join(folder, `${kind}.csv`);
		if (kind !== 'missing' && !existsSync(path)) writeFileSync(path, transactionsText(rowsOf[kind]));
		const simulateIoMs = kind === 'brief' ? 30 : kind === 'slow' ? 100 : 0;
		return {source: {kind: 'file', path}, settings: {...settings, simulateIoMs}};
	};
	return {
		backend,
		other: pool.client({filesInFlight: 2}),
		taskOf,
		async startWaiting(signal) {
			const never = new AbortController().signal;
			for (let count = 0; count < 2; count++) void backend.start(taskOf('slow'), never);
			return {started: backend.start(taskOf('quick'), signal)};
		},
	};
}

const scripts: {readonly [Kind in FileKind]: ScriptedTask} = {
	quick: {threadAfterMs: 0, script: {type: 'completes', afterMs: 0}},
	brief: {threadAfterMs: 0, script: {type: 'completes', afterMs: 100}},
	slow: {threadAfterMs: 0, script: {type: 'hangs'}},
	missing: {threadAfterMs: 0, script: {type: 'fails', code: 'ENOENT', afterMs: 0}},
	long: {threadAfterMs: 0, script: {type: 'completes', afterMs: 20}},
};
const late: ScriptedTask = {threadAfterMs: 60_000, script: {type: 'completes', afterMs: 0}};

function openFake(create: (scriptOf: (file: string) => ScriptedTask) => JobBackend): OpenedBackend {
	const scriptOf = (file: string): ScriptedTask =>
		file.startsWith('late') ? late : scripts[file.replace(/\d*\.csv$/, '') as FileKind];
	const backend = create(scriptOf);
	const taskOf = (kind: FileKind | 'late'): WorkerTask => ({source: {kind: 'file', path: `${kind}.csv`}, settings});
	return {
		backend,
		other: create(scriptOf),
		taskOf,
		startWaiting: async signal => ({started: backend.start(taskOf('late'), signal)}),
	};
}

testConformance('threads of a pool that runs share', {open: openThreads, hasGroups: true, numRuns: randomCases(8)});
testConformance('scripted tasks', {
	open: () => openFake(scriptOf => new FakePool(scriptOf)),
	hasGroups: false,
	numRuns: randomCases(100),
});
testConformance('scripted tasks and groups', {
	open: () => openFake(scriptOf => new FakeGroupPool(scriptOf)),
	hasGroups: true,
	numRuns: randomCases(100),
});
