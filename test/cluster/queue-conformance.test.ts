// Workers on a queue, held against the contract of a backend, as threads of this process are.
import {existsSync, mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe} from 'vitest';
import {ClusterBackend} from '../../source/cluster/cluster-backend.ts';
import type {WorkerTask} from '../../source/engine/backend/job-backend.ts';
import {type FileKind, type OpenedBackend, testConformance} from '../engine/backend-conformance.ts';
import {FakePool} from '../helpers/fake-pool.ts';
import {hasPostgres, hasRedis, type QueueServer, startPostgres, startRedis} from '../helpers/queue-servers.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {transactionsText} from '../helpers/temporary-folder.ts';
import {type OpenedCoordinator, type OpenedWorker, openCoordinator, openWorker} from '../helpers/test-cluster.ts';

const rowsOf = {quick: 10, brief: 600, slow: 60_000, long: 200_000} as const;

const folder = mkdtempSync(join(tmpdir(), 'fileproc-cluster-'));
afterAll(() => rmSync(folder, {recursive: true}));

/** @param isCut - Whether it is read in parts. */
function taskOf(kind: FileKind, isCut: boolean): WorkerTask {
	const path = join(folder, `${kind}.csv`);
	if (kind !== 'missing' && !existsSync(path)) writeFileSync(path, transactionsText(rowsOf[kind]));
	const simulateIoMs = kind === 'brief' ? 100 : kind === 'slow' ? 100 : 0;
	const task: WorkerTask = {source: {kind: 'file', path}, settings: {...readDefaults, simulateIoMs}};
	if (!isCut) return task;
	const bytesTotal = kind === 'missing' ? 1000 : statSync(path).size;
	const rangeBytes = Math.ceil(bytesTotal / 24);
	return {...task, bytesTotal, settings: {...task.settings, splitBytes: 1, rangeBytes}};
}

function conformanceOn(name: string, isThere: boolean, startServer: () => Promise<QueueServer>): void {
	describe.skipIf(!isThere)(name, () => {
		let server: QueueServer;
		let coordinators: readonly OpenedCoordinator[];
		let worker: OpenedWorker;
		beforeAll(async () => {
			server = await startServer();
			coordinators = await Promise.all([openCoordinator(server.url), openCoordinator(server.url)]);
			worker = await openWorker(server.url);
		});
		afterAll(async () => {
			await worker?.close();
			await Promise.all(coordinators?.map(({close}) => close()) ?? []);
			await server?.close();
		});
		const open = (isCut: boolean) => (): OpenedBackend => {
			const kindOf = (kind: FileKind): WorkerTask => taskOf(kind, isCut);
			const [backend, other] = coordinators.map(
				({coordinator}) =>
					new ClusterBackend(coordinator, new FakePool(() => ({threadAfterMs: 0, script: {type: 'hangs'}}))),
			);
			if (backend === undefined || other === undefined) throw new Error('Expected two backends');
			return {
				...{backend, other, taskOf: kindOf},
				async startWaiting(signal) {
					const never = new AbortController().signal;
					for (let count = 0; count < 2; count++) void backend.start(kindOf('slow'), never);
					return {started: backend.start(kindOf('quick'), signal)};
				},
			};
		};
		testConformance('workers', {open: open(false), hasGroups: true, numRuns: randomCases(4)});
		testConformance('workers with parts of files', {open: open(true), hasGroups: false, numRuns: randomCases(4)});
	});
}

conformanceOn('a queue on Redis', hasRedis, startRedis);
conformanceOn('a queue on Postgres', hasPostgres, startPostgres);
