// `fileproc-tui worker`: reads files for runs elsewhere, until it is told to end. It says what it does in plain lines.
import {randomBytes} from 'node:crypto';
import {availableParallelism, hostname} from 'node:os';
import {openWorkerQueue} from '../../cluster/bullmq-queue.ts';
import {connectToQueue} from '../../cluster/connection.ts';
import {FORMAT} from '../../cluster/messages.ts';
import {createSealer} from '../../cluster/seal.ts';
import {ClusterWorker} from '../../cluster/worker.ts';
import {addFolderKey} from '../../engine/shared/encryption.ts';
import {version} from '../../engine/version.ts';
import {formatBytes, formatInteger, formatRate, quantity} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {WorkerCommand} from '../arguments/read-worker-flags.ts';
import {listenForInterruption} from '../process/interruption.ts';
import {readSecret, withQueueErrors} from './cluster/open-run-cluster.ts';
import {exitCodes} from './exit-codes.ts';

/** Between two lines that say how it is going, while it is. */
const TOLD_EVERY_MS = 10_000;

export async function workerCommand({
	queue,
	workerName,
	rootMaps,
	graceMs,
	encryptionKeyFile,
	...flags
}: WorkerCommand): Promise<number> {
	const {address} = queue;
	const threads = flags.threads ?? availableParallelism();
	const say = (sentence: string): boolean => process.stderr.write(`fileproc-tui: ${safe(sentence)}\n`);
	const interruption = listenForInterruption();
	try {
		const secret = await readSecret(queue);
		if (encryptionKeyFile !== null) await takeKeys(encryptionKeyFile);
		if (queue.secret === null && queue.secretFile === null)
			say(
				`warning: there is no secret, so anyone who can reach the queue at ${address.shown} can have files read that the user of this worker may read: set --queue-secret-file <file>`,
			);
		const connection = await withQueueErrors(() => connectToQueue(address, say));
		for (const warning of connection.warnings) say(`warning: ${warning}`);
		const workerQueue = await openWorkerQueue({connection, format: FORMAT});
		const name = workerName ?? `${hostname()}-${randomBytes(2).toString('hex')}`;
		const worker = new ClusterWorker({
			...{queue: workerQueue, sealer: createSealer(secret), threads, name, rootMaps},
			onMessage: say,
		});
		say(`worker ${name}, version ${version}, takes files from ${address.shown}, on ${quantity(threads, 'thread')}`);
		const progress = tellProgress(worker, say);
		await untilAborted(interruption.signal);
		const open = worker.jobCount;
		if (open > 0)
			say(
				`ends when ${quantity(open, 'job')} that it has ${open === 1 ? 'is' : 'are'} done, within ${graceMs / 1000} s; a second signal ends it at once`,
			);
		await worker.drain(graceMs);
		progress.close();
		await worker.close();
		await connection.close();
		say(`worker ${name} has ended: ${describe(worker)}`);
		return interruption.exitCode() ?? exitCodes.ok;
	} finally {
		interruption.dispose();
	}
}

/** Encrypted files are recognised by their names, in whatever folder they are on this machine. */
async function takeKeys(path: string): Promise<void> {
	const {readKeyFile} = await import('../../server/encryption/key-file.ts');
	const keys = await readKeyFile(path).catch((error: unknown) => {
		throw error instanceof Error ? new EnvironmentError(error.message) : error;
	});
	addFolderKey({folder: '', keys});
}

const describe = (worker: ClusterWorker): string => {
	const {filesDone, partsDone, bytesRead, late} = worker.counts;
	const parts = partsDone === 0 ? '' : `, ${quantity(partsDone, 'part')} of large files`;
	const taken = late === 0 ? '' : `; ${quantity(late, 'result')} came too late`;
	return `${quantity(filesDone, 'file')}${parts}, ${formatBytes(bytesRead)}${taken}`;
};

const untilAborted = (signal: AbortSignal): Promise<void> =>
	new Promise(resolve => {
		if (signal.aborted) resolve();
		signal.addEventListener('abort', () => resolve(), {once: true});
	});

function tellProgress(worker: ClusterWorker, say: (sentence: string) => unknown): {readonly close: () => void} {
	let before = worker.counts;
	const timer = setInterval(() => {
		const {counts, jobCount} = worker;
		if (jobCount === 0 && counts.bytesRead === before.bytesRead) return;
		const speed = formatRate(((counts.bytesRead - before.bytesRead) * 1000) / TOLD_EVERY_MS);
		say(`${formatInteger(jobCount)} at work, ${describe(worker)}, ${speed}`);
		before = counts;
	}, TOLD_EVERY_MS);
	timer.unref();
	return {close: () => clearInterval(timer)};
}
